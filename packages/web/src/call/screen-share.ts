/** Sharing a screen, window or tab, with its sound where the browser gives it. Ends when the browser's bar ends it. */

import type { MeetingControls } from '@huisclos/participant'
import type { ScreenShareView } from '../ui/ports.ts'
import { Snapshot } from './snapshot.ts'

type Sink = Pick<MeetingControls<MediaStreamTrack>, 'publish' | 'unpublish'>
/** `navigator.mediaDevices.getDisplayMedia`, or null where there is none (phones). */
export type GetDisplay = ((options: DisplayMediaStreamOptions) => Promise<MediaStream>) | null

/** Options that not all browsers know are ignored by them. */
const OPTIONS = {
  video: { frameRate: { ideal: 15, max: 30 } },
  audio: true,
  selfBrowserSurface: 'exclude',
  surfaceSwitching: 'include',
  systemAudio: 'include',
} as DisplayMediaStreamOptions

export const pageDisplay = (): GetDisplay => {
  const devices: MediaDevices | undefined = globalThis.isSecureContext ? navigator.mediaDevices : undefined
  return devices && 'getDisplayMedia' in devices ? (options) => devices.getDisplayMedia(options) : null
}

export class ScreenShare extends Snapshot<ScreenShareView> {
  readonly #sink: Sink
  readonly #getDisplay: GetDisplay
  #tracks: MediaStreamTrack[] = []

  constructor(sink: Sink, getDisplay: GetDisplay) {
    super({ at: 'off' })
    this.#sink = sink
    this.#getDisplay = getDisplay
  }

  get isPossible(): boolean {
    return this.#getDisplay !== null
  }

  /** Resolves when the screen is being shared, or the person thought better of it. Never rejects. */
  start = async (): Promise<void> => {
    if (!this.#getDisplay || this.view.at !== 'off') return
    this.set({ at: 'starting' })
    const stream = await this.#getDisplay(OPTIONS).catch(() => null)
    const picture = stream?.getVideoTracks()[0]
    if (!stream || !picture) return this.set({ at: 'off' })
    this.#tracks = stream.getTracks()
    picture.addEventListener('ended', this.stop)
    const sound = stream.getAudioTracks()[0]
    this.set({ at: 'on' })
    await Promise.allSettled([
      this.#sink.publish('screen', picture),
      sound ? this.#sink.publish('screen-audio', sound) : Promise.resolve(),
    ])
  }

  stop = (): void => {
    if (this.#tracks.length === 0) return
    const hadSound = this.#tracks.some(({ kind }) => kind === 'audio')
    for (const track of this.#tracks) track.stop()
    this.#tracks = []
    this.set({ at: 'off' })
    void this.#sink.unpublish('screen').catch(() => undefined)
    if (hadSound) void this.#sink.unpublish('screen-audio').catch(() => undefined)
  }
}
