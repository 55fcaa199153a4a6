/**
 * The media of one room: its place on the Sfu, made when first needed and made again elsewhere after a worker's death
 * (SIG12). Media belongs to seated peers only; whoever asks here must have checked that, also after waiting.
 */
import type { PeerId, RtpCapabilities } from '@huisclos/protocol'
import type { Sfu, SfuPeer, SfuPeerEvent, SfuRoom } from '../media/sfu.ts'
import type { TapSink } from '../media/sfu-tap.ts'
import { RoomTap } from './room-tap.ts'

export interface RoomMediaOptions {
  sfu: Sfu
  onEvent: (peer: PeerId, event: SfuPeerEvent) => void
  /** The worker died under these peers. */
  onLost: (peers: readonly PeerId[]) => void
}

export class RoomMedia {
  readonly #options: RoomMediaOptions
  readonly #peers = new Map<PeerId, SfuPeer>()
  /** Taps of recordings, made again wherever the room is placed. */
  readonly #taps = new Set<RoomTap>()
  #room: Promise<SfuRoom> | null = null
  #closed = false

  constructor(options: RoomMediaOptions) {
    this.#options = options
  }

  /** What clients may send and receive. @throws SfuError `media-unavailable` */
  async capabilities(): Promise<RtpCapabilities> {
    return (await this.#place()).rtpCapabilities
  }

  /** The peer's media as far as there is any. */
  find(peer: PeerId): SfuPeer | undefined {
    return this.#peers.get(peer)
  }

  /**
   * The peer's media, made when there is none. `mayHave` is asked after waiting for a place.
   * @returns null when it may not have any by then.
   * @throws SfuError `media-unavailable`
   */
  async obtain(peer: PeerId, mayHave: () => boolean): Promise<SfuPeer | null> {
    const room = await this.#place()
    if (this.#closed || !mayHave()) return null
    const present = this.#peers.get(peer)
    if (present !== undefined) return present
    const made = room.addPeer({ peer, onEvent: (event) => this.#options.onEvent(peer, event) })
    this.#peers.set(peer, made)
    return made
  }

  /** A tap on whatever place the room has, now or later (REC12). */
  openTap(sink: TapSink): RoomTap {
    const tap = new RoomTap(sink, () => this.#taps.delete(tap))
    this.#taps.add(tap)
    void this.#room?.then((room) => this.#tapped(room, tap)).catch(() => undefined)
    return tap
  }

  /** Stops forwarding from and to that peer at once (KEY4). */
  end(peer: PeerId): void {
    this.#peers.get(peer)?.close()
    this.#peers.delete(peer)
  }

  close(): void {
    this.#closed = true
    for (const tap of [...this.#taps]) tap.close()
    this.#peers.clear()
    this.#room?.then((room) => room.close()).catch(() => undefined)
    this.#room = null
  }

  #place(): Promise<SfuRoom> {
    if (this.#room !== null) return this.#room
    const placing = this.#options.sfu.createRoom({ onLost: () => this.#lost(placing) })
    this.#room = placing
    const tapIt = (room: SfuRoom) => {
      for (const tap of this.#taps) this.#tapped(room, tap)
    }
    placing.then(tapIt, () => undefined)
    // A failed placement must not be kept: the next request tries again.
    placing.catch(() => this.#forget(placing))
    return placing
  }

  #forget(placing: Promise<SfuRoom>): void {
    if (this.#room === placing) this.#room = null
  }

  #lost(placing: Promise<SfuRoom>): void {
    if (this.#room !== placing) return
    this.#room = null
    const peers = [...this.#peers.keys()]
    this.#peers.clear()
    for (const tap of this.#taps) tap.lose()
    this.#options.onLost(peers)
  }

  #tapped(room: SfuRoom, tap: RoomTap): void {
    if (!this.#closed && !room.closed) tap.place((sink) => room.tap(sink))
  }
}
