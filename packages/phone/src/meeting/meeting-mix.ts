/**
 * What is heard in one meeting, 20 ms at a time: every participant's sound and that of every caller who speaks, once a
 * pulse, so that each caller hears all but itself (TEL5). The noise of a hundred lines is not added up; callers who do not
 * speak hear one and the same frame.
 */
import type { EncodedTrack } from '@huisclos/node-media'
import { Mix } from '../audio/mix.ts'
import { loudness } from '../audio/samples.ts'
import { VoiceIn } from './voice-in.ts'

/** What is louder is speech: 50 dB below full scale, after all were brought to one level. */
const SPEECH = 32_768 * 10 ** (-50 / 20)
/** Frames after speech that still belong to it. */
const TAIL = 15

export class MeetingMix {
  readonly #voices = new Map<EncodedTrack, VoiceIn>()
  readonly #spoken = new Map<number, Int16Array>()
  /** Frames that are still of speech, by caller. */
  readonly #tails = new Map<number, number>()
  /** What each caller added to the present mix. */
  #heard = new Map<number, Int16Array>()
  #mix = new Mix()

  /** The tracks that are received now. */
  tracks(now: ReadonlySet<EncodedTrack>): void {
    for (const [track, voice] of this.#voices) {
      if (now.has(track)) continue
      voice.close()
      this.#voices.delete(track)
    }
    for (const track of now) if (!this.#voices.has(track)) this.#voices.set(track, new VoiceIn(track))
  }

  /** What this caller says in this pulse; callers hear it in the next one. */
  speak(caller: number, frame: Int16Array): void {
    const tail = loudness(frame) > SPEECH ? TAIL : (this.#tails.get(caller) ?? 0) - 1
    this.#tails.set(caller, tail)
    if (tail > 0) this.#spoken.set(caller, frame)
    else this.#spoken.delete(caller)
  }

  silence(caller: number): void {
    this.#spoken.delete(caller)
    this.#tails.delete(caller)
  }

  pulse(): void {
    this.#mix = new Mix()
    for (const voice of this.#voices.values()) this.#mix.add(voice.frame())
    for (const frame of this.#spoken.values()) this.#mix.add(frame)
    this.#heard = new Map(this.#spoken)
  }

  heardBy(caller: number): Int16Array {
    return this.#mix.without(this.#heard.get(caller) ?? null)
  }

  close(): void {
    this.tracks(new Set())
    this.#spoken.clear()
    this.#tails.clear()
  }
}
