/** What of the vault needs Node: files, ffmpeg, a server's recordings over HTTP. */
export { mediaFile } from './media-file.ts'
export {
  type ListedRecording,
  listRecordings,
  openFrom,
  verifyFrom,
  withRecording,
} from './recording-folders.ts'
export { runFfmpeg } from './run-ffmpeg.ts'
