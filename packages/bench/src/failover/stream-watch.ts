/**
 * Watches one person's camera as another person's engine shows it, over every change of its track, by the stamps in its
 * frames.
 */

import type { EncodedTrack } from '@huisclos/node-media'
import { systemClock } from '@huisclos/node-media'
import { readStamp } from '@huisclos/node-media/synthetic-source'
import type { Meeting } from '@huisclos/participant'

export class StreamWatch {
  /** Frames opened so far. */
  frames = 0
  readonly #meeting: Meeting<EncodedTrack>
  readonly #name: string
  #track: EncodedTrack | null = null
  /** What `backAfter` waits for: a frame that was made after this time. */
  #madeAfter = Number.POSITIVE_INFINITY
  #back: (arrivedAt: number) => void = () => undefined

  constructor(meeting: Meeting<EncodedTrack>, name: string) {
    this.#meeting = meeting
    this.#name = name
    meeting.subscribe(() => this.#look())
    this.#look()
  }

  /**
   * How long after `at` (the clock's time in ms) the first frame arrives that was made after it, in ms; null when none
   * has come by then.
   */
  backAfter(at: number, timeoutMs: number): Promise<number | null> {
    return new Promise((resolve) => {
      const done = (ms: number | null): void => {
        clearTimeout(timer)
        this.#madeAfter = Number.POSITIVE_INFINITY
        resolve(ms)
      }
      const timer = setTimeout(() => done(null), timeoutMs)
      this.#madeAfter = at
      this.#back = (arrivedAt) => done(arrivedAt - at)
    })
  }

  #look(): void {
    const person = this.#meeting.view.people.find(({ name }) => name === this.#name)
    const track = person?.streams.find(({ source }) => source === 'camera')?.track ?? null
    if (!track || track === this.#track) return
    this.#track = track
    track.subscribe(({ data }) => this.#handle(track, data))
  }

  #handle(track: EncodedTrack, data: Uint8Array): void {
    this.frames += 1
    const stamp = readStamp(track.codec, data)
    if (stamp && stamp.sentAt > this.#madeAfter) this.#back(systemClock.now())
  }
}
