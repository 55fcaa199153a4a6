/**
 * What this participant sends: brings what is wanted and what the media adapter does into line, one source at a time,
 * and hands out stream numbers that are never used twice (KEY2). Sends nothing before it is allowed to (GRP5).
 */
import type { ProducerId } from '@huisclos/protocol'
import type { MediaAdapter, Source } from './media-adapter.ts'
import { SOURCES } from './media-adapter.ts'
import type { AnnouncedStream } from './messages/profile.ts'
import type { Clock } from './ports.ts'

const STREAMS = 1_024
const RETRY_MS = 2_000

interface Wanted<Track> {
  track: Track
  muted: boolean
}
interface Sent<Track> extends Wanted<Track> {
  producer: ProducerId
  stream: number
  codec?: NonNullable<AnnouncedStream['codec']>
}

export interface OutgoingDeps<Track> {
  media: Pick<MediaAdapter<Track>, 'publish' | 'unpublish' | 'replaceTrack' | 'setPaused'>
  clock: Clock
  /** What is wanted or what is announced changed. */
  changed(): void
  /** All 1,024 numbers of this leaf are used up: join again on a new one. */
  exhausted(): void
}

export class OutgoingTracks<Track> {
  readonly #deps: OutgoingDeps<Track>
  readonly #wanted = new Map<Source, Wanted<Track>>()
  readonly #sent = new Map<Source, Sent<Track>>()
  readonly #busy = new Map<Source, Promise<void>>()
  #nextStream = 0
  #open = false
  /** Rises when the adapter is closed: results of calls before that are void. */
  #turn = 0

  constructor(deps: OutgoingDeps<Track>) {
    this.#deps = deps
  }

  /** What is shown of oneself. */
  get wanted(): ReadonlyMap<Source, Wanted<Track>> {
    return this.#wanted
  }

  /** For the profile (FRM5). */
  announced(): AnnouncedStream[] {
    return SOURCES.flatMap((source) => {
      const sent = this.#sent.get(source)
      if (!sent) return []
      const { producer, stream, muted, codec } = sent
      return [{ producer, stream, source, muted, ...(codec ? { codec } : {}) }]
    })
  }

  publish(source: Source, track: Track): Promise<void> {
    this.#wanted.set(source, { track, muted: this.#wanted.get(source)?.muted ?? false })
    return this.#touch(source)
  }

  unpublish(source: Source): Promise<void> {
    this.#wanted.delete(source)
    return this.#touch(source)
  }

  setMuted(source: Source, muted: boolean): Promise<void> {
    const wanted = this.#wanted.get(source)
    if (!wanted || wanted.muted === muted) return Promise.resolve()
    this.#wanted.set(source, { ...wanted, muted })
    return this.#touch(source)
  }

  /** The adapter is open and we may send. */
  opened(): void {
    if (this.#open) return
    this.#open = true
    for (const source of SOURCES) void this.#reconcile(source)
  }

  closed(): void {
    this.#open = false
    this.#turn++
    this.#sent.clear()
  }

  /** Another leaf: every number is fresh again. To be called while closed. */
  restartNumbers(): void {
    this.#nextStream = 0
  }

  #touch(source: Source): Promise<void> {
    this.#deps.changed()
    return this.#reconcile(source)
  }

  /** One at a time for each source; a call while one runs waits for it and looks again. */
  #reconcile(source: Source): Promise<void> {
    const before = this.#busy.get(source) ?? Promise.resolve()
    const run = before.then(() => this.#settle(source))
    this.#busy.set(source, run)
    return run
  }

  async #settle(source: Source): Promise<void> {
    for (const turn = this.#turn; this.#open && turn === this.#turn; ) {
      try {
        if (!(await this.#oneStep(source, turn))) return
      } catch {
        if (turn === this.#turn) this.#deps.clock.setTimer(RETRY_MS, () => void this.#reconcile(source))
        return
      }
    }
  }

  /** Does the first thing that differs; false when nothing does. */
  async #oneStep(source: Source, turn: number): Promise<boolean> {
    const wanted = this.#wanted.get(source)
    const sent = this.#sent.get(source)
    if (wanted && !sent) return this.#begin(source, wanted, turn)
    if (!sent) return false
    if (!wanted) await this.#deps.media.unpublish(source)
    else if (wanted.track !== sent.track) await this.#deps.media.replaceTrack(source, wanted.track)
    else if (wanted.muted !== sent.muted) await this.#deps.media.setPaused(source, wanted.muted)
    else return false
    if (turn !== this.#turn) return false
    if (!wanted) this.#sent.delete(source)
    else if (wanted.track !== sent.track) this.#sent.set(source, { ...sent, track: wanted.track })
    else this.#sent.set(source, { ...sent, muted: wanted.muted })
    this.#deps.changed()
    return true
  }

  async #begin(source: Source, { track, muted }: Wanted<Track>, turn: number): Promise<boolean> {
    if (this.#nextStream >= STREAMS) {
      this.#deps.exhausted()
      return false
    }
    const stream = this.#nextStream++
    const { producer, codec } = await this.#deps.media.publish({ source, track, stream, paused: muted })
    if (turn !== this.#turn) return false
    this.#sent.set(source, { track, muted, stream, producer, ...(codec ? { codec } : {}) })
    this.#deps.changed()
    return true
  }
}
