/**
 * One recording's tap, which outlives the media worker: opened on each place that the room gets, following the same
 * peers. A place that is lost closes its streams for the sink, so that the gap shows.
 */
import type { PeerId, ProducerId } from '@huisclos/protocol'
import type { SfuTap, TapSink } from '../media/sfu-tap.ts'

export class RoomTap implements SfuTap {
  readonly #sink: TapSink
  readonly #onClose: () => void
  readonly #open = new Set<ProducerId>()
  #peers: ReadonlySet<PeerId> = new Set()
  #tap: SfuTap | null = null
  #closed = false

  constructor(sink: TapSink, onClose: () => void) {
    this.#onClose = onClose
    this.#sink = {
      opened: (stream) => {
        this.#open.add(stream.producer)
        sink.opened(stream)
      },
      rtp: (producer, packet) => sink.rtp(producer, packet),
      rtcp: (producer, packet) => sink.rtcp(producer, packet),
      dropped: (packets) => sink.dropped(packets),
      closed: (producer) => {
        this.#open.delete(producer)
        sink.closed(producer)
      },
    }
  }

  /** The room has a place: taps it. Twice on one place is a bug. */
  place(tapIt: (sink: TapSink) => SfuTap): void {
    if (this.#closed || this.#tap !== null) return
    this.#tap = tapIt(this.#sink)
    this.#tap.follow(this.#peers)
  }

  /** The place is gone with all its streams. */
  lose(): void {
    this.#tap = null
    for (const producer of [...this.#open]) this.#sink.closed(producer)
  }

  follow(peers: ReadonlySet<PeerId>): void {
    this.#peers = peers
    this.#tap?.follow(peers)
  }

  requestKeyFrame(producer: ProducerId): void {
    this.#tap?.requestKeyFrame(producer)
  }

  close(): void {
    if (this.#closed) return
    this.#closed = true
    this.#tap?.close()
    this.#onClose()
  }
}
