/** The panels beside the stage; one is open at a time. */
export type PanelName = 'chat' | 'people' | 'shield' | 'settings' | 'view' | 'quality' | 'captions'
