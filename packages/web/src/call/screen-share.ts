/**
 * Sharing a screen, window or tab, with its sound where the browser gives it (PIC7): sharp for reading or smooth for
 * films, as the sharer says, also in the middle. Ends when the browser's bar ends it.
 */

import type { MeetingControls } from '@huisclos/participant'
import type { ScreenShareView, ShareContent } from '../ui/ports.ts'
import { Snapshot } from './snapshot.ts'

type Sink = Pick<MeetingControls<MediaStreamTrack>, 'publish' | 'unpublish'>
/** `navigator.mediaDevices.getDisplayMedia`, or null where there is none (phones). */
export type GetDisplay = ((options: DisplayMediaStreamOptions) => Promise<MediaStream>) | null

interface ContentSettings {
  /** `text` and `detail` keep every pixel and give up frames, `motion` the other way round. */
  readonly contentHint: 'text' | 'motion'
  readonly video: MediaTrackConstraints
}

/** Up to 4K across for reading; films are watched, not read, and cost four times as much to encode. */
const CONTENT: Readonly<Record<ShareContent, ContentSettings>> = {
  still: {
    contentHint: 'text',
    video: { frameRate: { ideal: 5, max: 5 }, width: { max: 3840 }, height: { max: 2160 } },
  },
  text: {
    contentHint: 'text',
    video: { frameRate: { ideal: 15, max: 15 }, width: { max: 3840 }, height: { max: 2160 } },
  },
  motion: {
    contentHint: 'motion',
    video: { frameRate: { ideal: 30, max: 30 }, width: { max: 1920 }, height: { max: 1080 } },
  },
}

/** Options that not all browsers know are ignored by them. */
const optionsFor = (content: ShareContent) =>
  ({
    video: CONTENT[content].video,
    // The sound as it is: what makes voices clear spoils music and films.
    audio: { echoCancellation: false, noiseSuppression: false, autoGainControl: false },
    selfBrowserSurface: 'exclude',
    surfaceSwitching: 'include',
    systemAudio: 'include',
  }) as DisplayMediaStreamOptions

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
  start = async (content: ShareContent): Promise<void> => {
    if (!this.#getDisplay || this.view.at !== 'off') return
    this.set({ at: 'starting' })
    const stream = await this.#getDisplay(optionsFor(content)).catch(() => null)
    const picture = stream?.getVideoTracks()[0]
    if (!stream || !picture) return this.set({ at: 'off' })
    this.#tracks = stream.getTracks()
    picture.contentHint = CONTENT[content].contentHint
    picture.addEventListener('ended', this.stop)
    const sound = stream.getAudioTracks()[0]
    this.set({ at: 'on' })
    await Promise.allSettled([
      this.#sink.publish('screen', picture),
      sound ? this.#sink.publish('screen-audio', sound) : Promise.resolve(),
    ])
  }

  /** What is being shared is something else now: takes effect at once, without asking again. Nothing when not sharing. */
  setContent = async (content: ShareContent): Promise<void> => {
    const picture = this.#tracks.find(({ kind }) => kind === 'video')
    if (!picture) return
    picture.contentHint = CONTENT[content].contentHint
    // A browser that cannot change a running capture keeps the one it has.
    await picture.applyConstraints(CONTENT[content].video).catch(() => undefined)
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
