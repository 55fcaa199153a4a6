/**
 * Tells packets of one run apart by the end of their payload, which no forwarder changes, and keeps how long each took
 * to each receiver. Sequence numbers and SSRCs would not do: the media engine rewrites them.
 */
const MARK_BYTES = 6
/** What may be under way at a time; older ones are forgotten. */
const MOST_UNDER_WAY = 20_000

export class PacketMeter {
  sent = 0
  received = 0
  /** In ms, one for each packet that reached a receiver. */
  delaysMs: number[] = []
  #sentAt = new Map<number, number>()

  /** Forgets everything, for the next run. */
  reset(): void {
    this.sent = 0
    this.received = 0
    this.delaysMs = []
    this.#sentAt.clear()
  }

  noteSent(packet: Uint8Array): void {
    this.sent += 1
    this.#sentAt.set(markOf(packet), performance.now())
    if (this.#sentAt.size <= MOST_UNDER_WAY) return
    const [oldest] = this.#sentAt.keys()
    if (oldest !== undefined) this.#sentAt.delete(oldest)
  }

  /** Packets of another run, or that nobody sent, do not count. */
  noteReceived(packet: Uint8Array): void {
    const sentAt = this.#sentAt.get(markOf(packet))
    if (sentAt === undefined) return
    this.received += 1
    this.delaysMs.push(performance.now() - sentAt)
  }
}

function markOf(packet: Uint8Array): number {
  let mark = 0
  for (let i = packet.length - MARK_BYTES; i < packet.length; i++) mark = mark * 256 + (packet[i] ?? 0)
  return mark
}
