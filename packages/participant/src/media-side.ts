/**
 * All of a participant's media: the adapter's life, the keys it holds, what is sent and what is received. Sends nothing
 * until it is allowed to (GRP5, ROS2) and nothing after that is taken back.
 */
import type { EpochView } from '@huisclos/crypto/mls'
import type { RtpCapabilities } from '@huisclos/protocol'
import type { HeardStream } from './counter-check.ts'
import { EpochKeys } from './epoch-keys.ts'
import type { Announcement } from './incoming-tracks.ts'
import { IncomingTracks } from './incoming-tracks.ts'
import type { AskServer, MediaAdapter } from './media-adapter.ts'
import { MediaSession } from './media-session.ts'
import { OutgoingTracks } from './outgoing-tracks.ts'
import type { Clock } from './ports.ts'

export interface MediaSideDeps<Track> {
  media: MediaAdapter<Track>
  ask: AskServer
  clock: Clock
  tcpOnly: boolean
  /** The leaf that the server says this peer sits on. */
  leafOf(peer: string): number | null
  changed(): void
  /** Own streams differ from what was announced. */
  ownChanged(): void
  /** No stream number is left on this leaf. */
  exhausted(): void
  /** A frame under another name than announced (FRM5); the leaf that it was announced for. */
  forged(leaf: number | null): void
  /** HOST3, HOST4. */
  shuts(announced: Announcement): boolean
}

export class MediaSide<Track> {
  readonly keys: EpochKeys
  readonly outgoing: OutgoingTracks<Track>
  readonly incoming: IncomingTracks<Track>
  readonly #session: MediaSession<Track>
  readonly #adapter: MediaAdapter<Track>
  #open = false
  #admitted = false

  constructor(deps: MediaSideDeps<Track>) {
    const { media, ask, clock, changed, leafOf, tcpOnly } = deps
    this.#adapter = media
    this.keys = new EpochKeys(media, clock)
    this.outgoing = new OutgoingTracks<Track>({
      media,
      clock,
      changed: deps.ownChanged,
      exhausted: deps.exhausted,
    })
    this.incoming = new IncomingTracks<Track>({ media, ask, clock, changed, leafOf, shuts: deps.shuts })
    this.#session = new MediaSession<Track>({
      media,
      ask,
      clock,
      changed,
      tcpOnly,
      opened: () => this.#opened(),
      closed: () => this.#closed(),
    })
    media.on = {
      transport: (state) => this.#session.transport(state),
      waiting: (consumer, waiting) => this.incoming.waiting(consumer, waiting),
      forged: (consumer) => deps.forged(this.incoming.boundLeaf(consumer)),
    }
  }

  get state() {
    return this.#session.state
  }
  get tcpOnly(): boolean {
    return this.#session.tcpOnly
  }

  /** A stay has begun, on a leaf of its own. */
  begin(routerRtp: RtpCapabilities): void {
    this.outgoing.restartNumbers()
    this.incoming.forgetSizes()
    this.#session.start(routerRtp)
  }

  /** GRP5 is fulfilled: what the person wants sent is published from now on. */
  admit(): void {
    this.#admitted = true
    if (this.#open) this.outgoing.opened()
  }

  epoch(view: EpochView, how: { first: boolean; struck: boolean }): void {
    if (how.struck) this.keys.strike(view.epoch + 1, view)
    else this.keys.install(view, { switchNow: how.first })
  }

  /** The server lost its media, or ended ours. */
  reopen(): void {
    this.#session.reopen()
  }

  /** The socket to the server is gone. */
  lost(): void {
    this.#session.lost()
  }

  /** It is back, in the same session. */
  resumed(): void {
    this.#session.resumed()
  }

  end(): void {
    this.#admitted = false
    this.keys.allow(false)
    this.keys.reset()
    this.#session.stop()
  }

  async heardCounters(): Promise<HeardStream[]> {
    return this.#open ? this.#adapter.heardCounters() : []
  }

  async counters(): Promise<{ stream: number; counter: string }[]> {
    return this.#open ? this.#adapter.counters() : []
  }

  #opened(): void {
    this.#open = true
    this.keys.opened()
    void this.incoming.opened()
    if (this.#admitted) this.outgoing.opened()
  }

  #closed(): void {
    this.#open = false
    this.keys.closed()
    this.outgoing.closed()
    this.incoming.closed()
  }
}
