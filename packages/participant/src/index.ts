/** The headless engine that joins a meeting. Knows no DOM, no Node and no media library; see `Ports`. */
export type { CaptionWords } from './caption-outlet.ts'
export type { WantedSize } from './incoming-tracks.ts'
export * from './media-adapter.ts'
export { Meeting } from './meeting.ts'
export * from './meeting-controls.ts'
export * from './meeting-error.ts'
export * from './meeting-view.ts'
export * from './ports.ts'
