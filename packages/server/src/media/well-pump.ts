/**
 * When a packet well is emptied: as seldom as its buffer allows, since each time costs a wake-up, and often where a burst
 * is on its way. Says what the kernel had to drop. Must never leave the well for longer than `LONGEST_MS`: what lies in it
 * is lost with the process (REC4).
 */
import type { GateClock } from './key-frame-gate.ts'
import type { PacketWell } from './packet-well.ts'

export interface PumpOptions {
  well: Pick<PacketWell, 'bufferBytes' | 'drain' | 'dropped' | 'close'>
  clock: GateClock
  /** The bytes are good for the call alone. Must not throw. */
  take: (packet: Buffer) => void
  onDropped: (packets: number) => void
  /** The well cannot be read any more. */
  onFault: (error: unknown) => void
}

export const LONGEST_MS = 200
const SHORTEST_MS = 20
/** Key frames that were asked for have come by then. */
const HURRY_MS = 1_000
/** Looking whether the kernel dropped something costs as much as reading a dozen packets. */
const LOOK_EVERY_MS = 2_000

/** At least what the kernel counts for a packet: its bytes, rounded up, and its own. */
const heldBytes = (length: number): number => 2 * length + 1_024

/**
 * So long that at the pace of the last time a quarter of the buffer fills: four times the pace is lost to nobody. Never
 * twice the same, so that no stream always arrives at the same moment of it: a reader takes the quickest packets (REC5).
 */
export function pauseAfter(
  filledBytes: number,
  elapsedMs: number,
  bufferBytes: number,
  turn: number,
): number {
  const pace = filledBytes / Math.max(1, elapsedMs)
  const allowed = Math.min(LONGEST_MS, bufferBytes / 4 / Math.max(1e-3, pace))
  return Math.max(SHORTEST_MS, allowed * (1 - ((turn * 7) % 16) / 64))
}

export class WellPump {
  readonly #options: PumpOptions
  #callOff: () => void = () => undefined
  #drainedAt: number
  #lookedAt: number
  #hurryUntil: number
  #turn = 0
  #closed = false

  constructor(options: PumpOptions) {
    this.#options = options
    const now = options.clock.now()
    this.#drainedAt = now
    this.#lookedAt = now
    this.#hurryUntil = now + HURRY_MS
    this.#callOff = options.clock.schedule(() => this.drain(), SHORTEST_MS)
  }

  /** A burst is expected: pictures begin. */
  hurry(): void {
    if (this.#closed) return
    const { clock } = this.#options
    const isSlow = clock.now() >= this.#hurryUntil
    this.#hurryUntil = clock.now() + HURRY_MS
    if (isSlow) this.#after(SHORTEST_MS)
  }

  /** Hands over everything that has come. */
  drain(): void {
    if (this.#closed) return
    const { well, clock, take, onFault } = this.#options
    const now = clock.now()
    const elapsedMs = now - this.#drainedAt
    this.#drainedAt = now
    this.#turn += 1
    let filled = 0
    try {
      well.drain((packet) => {
        filled += heldBytes(packet.length)
        take(packet)
      })
      this.#look(now)
    } catch (error) {
      this.close()
      onFault(error)
      return
    }
    const pauseMs = pauseAfter(filled, elapsedMs, well.bufferBytes, this.#turn)
    this.#after(now < this.#hurryUntil ? Math.min(pauseMs, SHORTEST_MS) : pauseMs)
  }

  close(): void {
    if (this.#closed) return
    this.#closed = true
    this.#callOff()
    this.#options.well.close()
  }

  #after(ms: number): void {
    this.#callOff()
    this.#callOff = this.#options.clock.schedule(() => this.drain(), ms)
  }

  #look(now: number): void {
    if (now - this.#lookedAt < LOOK_EVERY_MS) return
    this.#lookedAt = now
    const dropped = this.#options.well.dropped()
    if (dropped > 0) this.#options.onDropped(dropped)
  }
}
