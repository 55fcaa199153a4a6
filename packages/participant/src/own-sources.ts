/**
 * What we may send ourselves (HOST3): a source that the rules forbid us is not begun, and what was on when they came is
 * muted or ended. It does not come back by itself when it is allowed again.
 */
import type { Source } from './media-adapter.ts'
import { isVoice } from './media-adapter.ts'
import type { OutgoingTracks } from './outgoing-tracks.ts'

type Outgoing<Track> = Pick<OutgoingTracks<Track>, 'publish' | 'unpublish' | 'setMuted' | 'wanted'>

export class OwnSources<Track> {
  readonly #outgoing: Outgoing<Track>
  readonly #allows: (source: Source) => boolean

  constructor(outgoing: Outgoing<Track>, allows: (source: Source) => boolean) {
    this.#outgoing = outgoing
    this.#allows = allows
  }

  publish(source: Source, track: Track): Promise<void> {
    const allowed = this.#allows(source)
    if (!allowed && !isVoice(source)) return Promise.resolve()
    const begun = this.#outgoing.publish(source, track)
    return allowed ? begun : this.#outgoing.setMuted(source, true)
  }

  unpublish(source: Source): Promise<void> {
    return this.#outgoing.unpublish(source)
  }

  setMuted(source: Source, muted: boolean): Promise<void> {
    return muted || this.#allows(source) ? this.#outgoing.setMuted(source, muted) : Promise.resolve()
  }

  /** Ends what may not go on; whether anything had to be. */
  async obey(): Promise<boolean> {
    const barred = [...this.#outgoing.wanted].filter(([source, { muted }]) => !muted && !this.#allows(source))
    await Promise.all(barred.map(([source]) => this.stop(source)))
    return barred.length > 0
  }

  stop(source: Source): Promise<void> {
    return isVoice(source) ? this.#outgoing.setMuted(source, true) : this.#outgoing.unpublish(source)
  }

  /** Every voice that leaves from here: one's own, or a bridge's callers'. */
  async muteVoices(): Promise<void> {
    const voices = [...this.#outgoing.wanted.keys()].filter(isVoice)
    await Promise.all(voices.map((source) => this.stop(source)))
  }
}
