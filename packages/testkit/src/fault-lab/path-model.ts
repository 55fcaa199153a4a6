/**
 * One direction of a bad network path as a pure function of a seed: which packets are lost, when the others leave, in
 * which order and how often. Time is an argument and nothing here is a socket, so that the same packets at the same
 * times meet the same fate, run after run.
 */
import { seeded } from '../fake-clock.ts'

export interface PathFaults {
  /** Chance of a packet to be lost, 0 to 1, outside bursts. */
  loss?: number
  /** Gilbert-Elliott: the chance at each packet to fall into the bad state and to leave it, and the loss in it. */
  burst?: { enter: number; leave: number; loss: number }
  delayMs?: number
  /** Added to the delay, even between 0 and this. Order is kept unless `reorder` says otherwise. */
  jitterMs?: number
  /** Chance of a packet to overtake: it leaves without its delay and without keeping to the order. */
  reorder?: number
  /** Chance of a packet to come twice. */
  duplicate?: number
  /** A bottleneck with a queue of so many bytes: what does not fit is lost. */
  rate?: { bitsPerSecond: number; queueBytes: number }
  /** Everything is lost. */
  blackout?: boolean
}

export interface PathCounts {
  offered: number
  lost: number
  /** Of the lost ones, those for which the bottleneck's queue was full. */
  overflowed: number
  duplicated: number
}

export class PathModel {
  readonly #random: () => number
  #faults: PathFaults
  #bad = false
  /** When the bottleneck has sent all that it has taken, and when the last packet in order leaves. */
  #freeAt = 0
  #lastAt = 0
  readonly counts: PathCounts = { offered: 0, lost: 0, overflowed: 0, duplicated: 0 }

  constructor(seed: number, faults: PathFaults = {}) {
    this.#random = seeded(seed)
    this.#faults = faults
  }

  /** From the next packet on. */
  set(faults: PathFaults): void {
    this.#faults = faults
  }

  /** When each copy of a packet of `bytes` that comes at `nowMs` leaves: none when lost. `nowMs` must not decrease. */
  offer(nowMs: number, bytes: number): number[] {
    this.counts.offered++
    const { loss = 0, reorder = 0, duplicate = 0, delayMs = 0, jitterMs = 0, blackout } = this.#faults
    // All drawn for each packet, so that one fault changed leaves the fate by the others alone.
    const [lossDraw, burstDraw, stateDraw, reorderDraw, jitterDraw, duplicateDraw] = this.#draws()
    if (blackout || lossDraw < loss || this.#lostInBurst(stateDraw, burstDraw)) return this.#lose()
    const throughAt = this.#throughBottleneck(nowMs, bytes)
    if (throughAt === null) {
      this.counts.overflowed++
      return this.#lose()
    }
    if (reorderDraw < reorder) return [throughAt]
    this.#lastAt = Math.max(this.#lastAt, throughAt + delayMs + jitterDraw * jitterMs)
    if (duplicateDraw >= duplicate) return [this.#lastAt]
    this.counts.duplicated++
    return [this.#lastAt, this.#lastAt]
  }

  #draws(): [number, number, number, number, number, number] {
    const next = this.#random
    return [next(), next(), next(), next(), next(), next()]
  }

  #lose(): number[] {
    this.counts.lost++
    return []
  }

  #lostInBurst(stateDraw: number, lossDraw: number): boolean {
    const { burst } = this.#faults
    if (burst === undefined) return false
    this.#bad = this.#bad ? stateDraw >= burst.leave : stateDraw < burst.enter
    return this.#bad && lossDraw < burst.loss
  }

  #throughBottleneck(nowMs: number, bytes: number): number | null {
    const { rate } = this.#faults
    if (rate === undefined) return nowMs
    const bytesPerMs = rate.bitsPerSecond / 8_000
    const from = Math.max(nowMs, this.#freeAt)
    if ((from - nowMs) * bytesPerMs + bytes > rate.queueBytes) return null
    this.#freeAt = from + bytes / bytesPerMs
    return this.#freeAt
  }
}
