/**
 * What one end heard, packet by packet with the moment at which each came, as one line of samples: lost packets are
 * silence in it. Says how late a chirp was, which packets are missing, and which came too late for a phone that waits
 * 20 ms. Times are milliseconds of the machine's monotonic clock, the same for all processes.
 */
import { median } from '../run/statistics.ts'
import type { ChirpKind } from './chirp.ts'
import { findChirp } from './chirp.ts'

export const FRAME_MS = 20

export interface HeardPacket {
  atMs: number
  /** In frames of 20 ms, without end. */
  number: number
  samples: Int16Array
}

/** What is less like a chirp than this was lost or cut to pieces. */
const LEAST_LIKENESS = 0.4
/** Later than that is not heard as one conversation any more. */
export const LATEST_MS = 390
const LATE_MS = 20

export interface Flow {
  expected: number
  lost: number
  late: number
}

export class HeardSound {
  readonly #rate: number
  readonly #frame: number
  readonly #sound: Int16Array
  /** Of each frame; of a lost one that of the next. */
  readonly #at: number[] = []
  readonly flow: Flow

  /** @param packets in order of their numbers, each number once, each with a whole frame of samples */
  constructor(rate: number, packets: readonly HeardPacket[]) {
    this.#rate = rate
    this.#frame = (rate * FRAME_MS) / 1000
    const first = packets[0]?.number ?? 0
    const count = packets.length === 0 ? 0 : (packets.at(-1)?.number ?? 0) - first + 1
    this.#sound = new Int16Array(count * this.#frame)
    for (const { atMs, number, samples } of packets) {
      while (this.#at.length <= number - first) this.#at.push(atMs)
      this.#sound.set(samples.subarray(0, this.#frame), (number - first) * this.#frame)
    }
    this.flow = { expected: count, lost: count - packets.length, late: lateOf(packets) }
  }

  /** Milliseconds from `sentMs`, when the chirp's first sample left, until it was there; null: it was not heard. */
  delayOf(kind: ChirpKind, sentMs: number): number | null {
    const begin = this.#at.findIndex((at) => at > sentMs - FRAME_MS)
    const end = this.#at.findIndex((at) => at > sentMs + LATEST_MS)
    if (begin < 0 || end < 0) return null
    const [from, to] = [begin * this.#frame, end * this.#frame]
    const found = findChirp(this.#sound, { kind, rate: this.#rate, from, to })
    if (!found || found.likeness < LEAST_LIKENESS) return null
    return this.#heardAt(found.at) - sentMs
  }

  /** A sample is there when its packet is, and its turn in it has come. */
  #heardAt(sample: number): number {
    const within = ((sample % this.#frame) * 1000) / this.#rate
    return (this.#at[Math.floor(sample / this.#frame)] as number) + within
  }
}

/** Packets that came more than 20 ms after their turn, by the pace of them all. */
function lateOf(packets: readonly HeardPacket[]): number {
  if (packets.length === 0) return 0
  const offsets = packets.map(({ atMs, number }) => atMs - number * FRAME_MS)
  const usual = median(offsets)
  return offsets.filter((offset) => offset - usual > LATE_MS).length
}
