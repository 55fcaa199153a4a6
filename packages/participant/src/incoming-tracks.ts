/**
 * What this participant receives: each consumer is shut until a member's signed profile announces its producer, then
 * opens under that leaf and stream alone (FRM5). Media that nobody announced is told as a stranger's (ROS1).
 */
import type { ConsumerId, EventOf, ProducerId } from '@huisclos/protocol'
import type { AnnouncedSender, AskServer, MediaAdapter, Source } from './media-adapter.ts'
import { kindOfSource } from './media-adapter.ts'
import type { AnnouncedStream } from './messages/profile.ts'
import type { Clock, Ms } from './ports.ts'

export type WantedSize = 'none' | 'small' | 'medium' | 'large'

/** A member's stream as its profile announces it. */
export interface Announcement extends AnnouncedStream {
  leaf: number
  pseudonym: string
}

export interface ReceivedStream<Track> {
  readonly leaf: number
  readonly source: Source
  readonly track: Track | null
  readonly waitingForKeys: boolean
  /** See `StreamView`. */
  readonly held?: 'ours' | 'theirs'
}

interface Consumer<Track> {
  readonly offer: EventOf<'media.consumer'>
  readonly since: Ms
  track: Track | null
  bound: Announcement | null
  waiting: boolean
  flow: EventOf<'media.consumer-flow'>['flow']
  /** HOST3: bound to its sender, and neither opened nor asked for. */
  shut: boolean
  askedKeyAt: Ms
}

export interface IncomingDeps<Track> {
  media: Pick<MediaAdapter<Track>, 'consume' | 'announce' | 'drop'>
  ask: AskServer
  clock: Clock
  /** The leaf that the server says this peer sits on: a hint, where two members announce one producer. */
  leafOf(peer: string): number | null
  /** HOST3, HOST4: whether a host's word keeps this stream from being opened. */
  shuts(announced: Announcement): boolean
  changed(): void
}

const TRIES = 3
const RETRY_MS = 1_000
const KEY_FRAME_MS = 1_000
const STRANGER_MS = 10_000
const LAYER = { small: 0, medium: 1, large: 2 } as const

export class IncomingTracks<Track> {
  readonly #deps: IncomingDeps<Track>
  readonly #consumers = new Map<ConsumerId, Consumer<Track>>()
  readonly #sizes = new Map<string, WantedSize>()
  #open = false
  #announced: readonly Announcement[] = []

  constructor(deps: IncomingDeps<Track>) {
    this.#deps = deps
  }

  /** Offers may come while the adapter is still being opened: they wait for that. */
  async offered(offer: EventOf<'media.consumer'>): Promise<void> {
    const consumer: Consumer<Track> = {
      offer,
      since: this.#deps.clock.now(),
      track: null,
      bound: null,
      waiting: false,
      flow: 'flows',
      shut: false,
      askedKeyAt: 0,
    }
    this.#consumers.set(offer.consumer, consumer)
    if (this.#open) await this.#consume(consumer, TRIES)
  }

  /** The adapter is open. */
  async opened(): Promise<void> {
    this.#open = true
    await Promise.all([...this.#consumers.values()].map((consumer) => this.#consume(consumer, TRIES)))
  }

  ended(id: ConsumerId): void {
    if (!this.#consumers.delete(id)) return
    this.#deps.media.drop(id)
    this.#deps.changed()
  }

  /** All streams that the members' profiles announce now. */
  announcements(all: readonly Announcement[]): void {
    this.#announced = all
    this.review()
  }

  /** What a host's word shuts may have changed. */
  review(): void {
    for (const consumer of this.#consumers.values()) if (consumer.track !== null) this.#bind(consumer)
  }

  want(leaf: number, source: Source, size: WantedSize): void {
    const key = `${leaf} ${source}`
    if (this.#sizes.get(key) === size) return
    this.#sizes.set(key, size)
    for (const consumer of this.#consumers.values()) {
      if (consumer.bound?.leaf === leaf && consumer.bound.source === source)
        this.#request(consumer, consumer.bound)
    }
  }

  /** FRM2. With keys there again a picture needs a key frame: the one at its start could not be read. */
  waiting(id: ConsumerId, waiting: boolean): void {
    const consumer = this.#consumers.get(id)
    if (!consumer || consumer.waiting === waiting) return
    consumer.waiting = waiting
    if (!waiting && consumer.bound && consumer.offer.kind === 'video') this.#askKeyFrame(consumer)
    this.#deps.changed()
  }

  /** The server's word on why a picture does not come; it can only mislead about that. */
  flow(id: ConsumerId, flow: Consumer<Track>['flow']): void {
    const consumer = this.#consumers.get(id)
    if (!consumer || consumer.flow === flow) return
    consumer.flow = flow
    this.#deps.changed()
  }

  boundLeaf(id: ConsumerId): number | null {
    return this.#consumers.get(id)?.bound?.leaf ?? null
  }

  streams(): ReceivedStream<Track>[] {
    return [...this.#consumers.values()].flatMap(({ bound, track, waiting, shut, flow }) =>
      bound && !shut
        ? [{ leaf: bound.leaf, source: bound.source, track, waitingForKeys: waiting, ...heldBy(flow) }]
        : [],
    )
  }

  /** ROS1: media of a producer that no member has announced within 10 s. */
  strangers(now: Ms): boolean {
    return [...this.#consumers.values()].some((c) => c.bound === null && now - c.since > STRANGER_MS)
  }

  /** The adapter was closed: all consumers are gone with it. */
  closed(): void {
    this.#open = false
    this.#consumers.clear()
    this.#deps.changed()
  }

  /** Another group: leaves mean somebody else. */
  forgetSizes(): void {
    this.#sizes.clear()
  }

  async #consume(consumer: Consumer<Track>, tries: number): Promise<void> {
    const { media, clock } = this.#deps
    const { offer } = consumer
    const stands = (): boolean => this.#open && this.#consumers.get(offer.consumer) === consumer
    try {
      const track = await media.consume(offer)
      if (!stands()) return
      consumer.track = track
      this.#bind(consumer)
    } catch {
      if (!stands() || tries <= 1) return
      clock.setTimer(RETRY_MS, () => {
        if (stands()) void this.#consume(consumer, tries - 1)
      })
    }
  }

  #bind(consumer: Consumer<Track>): void {
    const found = this.#announcer(consumer.offer.producer, consumer.offer.peer, consumer.offer.kind)
    const before = consumer.bound
    const wasShut = consumer.shut
    consumer.bound = found
    consumer.shut = found !== null && this.#deps.shuts(found)
    if (
      consumer.shut === wasShut &&
      found?.leaf === before?.leaf &&
      found?.stream === before?.stream &&
      (found === null) === (before === null)
    ) {
      return
    }
    const { media } = this.#deps
    const opened = consumer.shut ? null : found
    media.announce(consumer.offer.consumer, opened && senderOf(opened))
    if (found) this.#request(consumer, found)
    this.#deps.changed()
  }

  #announcer(producer: ProducerId, peer: string, kind: 'audio' | 'video'): Announcement | null {
    const all = this.#announced.filter((a) => a.producer === producer && kindOfSource(a.source) === kind)
    return all.find(({ leaf }) => leaf === this.#deps.leafOf(peer)) ?? all[0] ?? null
  }

  #request({ offer, shut }: Consumer<Track>, { leaf, source }: Announcement): void {
    const size = this.#sizes.get(`${leaf} ${source}`)
    const spatial = offer.kind === 'video' && size && size !== 'none' ? { spatial: LAYER[size] } : {}
    const paused = shut || size === 'none'
    const body = { t: 'media.want', consumer: offer.consumer, paused, ...spatial } as const
    // A consumer that ended meanwhile is not an error; one that did not start is asked for again with the next change.
    this.#deps.ask(body).catch(() => {})
  }

  #askKeyFrame(consumer: Consumer<Track>): void {
    const now = this.#deps.clock.now()
    if (now - consumer.askedKeyAt < KEY_FRAME_MS) return
    consumer.askedKeyAt = now
    this.#deps.ask({ t: 'media.key-frame', consumer: consumer.offer.consumer }).catch(() => {})
  }
}

function senderOf({ leaf, stream, source, pseudonym }: Announcement): AnnouncedSender {
  return { leaf, stream, source, member: pseudonym }
}

function heldBy(flow: EventOf<'media.consumer-flow'>['flow']): { held?: 'ours' | 'theirs' } {
  return flow === 'flows' ? {} : { held: flow === 'narrow' ? 'ours' : 'theirs' }
}
