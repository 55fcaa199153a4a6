/** The headless engine that joins a meeting. Knows no DOM, no Node and no media library; see `Ports`. */
export * from './media-adapter.ts'
export * from './meeting.ts'
export * from './meeting-view.ts'
export * from './ports.ts'
