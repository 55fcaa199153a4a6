/** Where the frames of one track lie in a journal and when they were taken: flat arrays, 29 bytes a frame. */

interface ListedFrame {
  offset: number
  sizeBytes: number
  key: boolean
  /** Ms on the recording's time line once settled; until then the place on the run's own clock. */
  time: number
  /** Layers of one picture share it. */
  rtp: number
}

interface Columns {
  offset: Float64Array
  size: Uint32Array
  time: Float64Array
  key: Uint8Array
  rtp: Uint32Array
}

const columns = (count: number): Columns => ({
  offset: new Float64Array(count),
  size: new Uint32Array(count),
  time: new Float64Array(count),
  key: new Uint8Array(count),
  rtp: new Uint32Array(count),
})
const NAMES = Object.keys(columns(0)) as (keyof Columns)[]

export class FrameList {
  #count = 0
  #columns = columns(1024)

  get count(): number {
    return this.#count
  }

  /**
   * Packets overtake each other on the way: the frame takes its place by time among those from index `from` on. Of
   * equal ones the earlier stays first.
   */
  insert({ offset, sizeBytes, key, time, rtp }: ListedFrame, from: number): void {
    if (this.#count === this.#columns.size.length) this.#grow()
    let at = this.#count++
    for (; at > from && this.timeOf(at - 1) > time; at--) this.move(at - 1, at)
    const { offset: offsets, size, time: times, key: keys, rtp: rtps } = this.#columns
    offsets[at] = offset
    size[at] = sizeBytes
    times[at] = time
    keys[at] = key ? 1 : 0
    rtps[at] = rtp
  }

  offsetOf(i: number): number {
    return this.#columns.offset[i] ?? 0
  }
  sizeOf(i: number): number {
    return this.#columns.size[i] ?? 0
  }
  timeOf(i: number): number {
    return this.#columns.time[i] ?? 0
  }
  isKey(i: number): boolean {
    return this.#columns.key[i] === 1
  }
  samePicture(i: number, j: number): boolean {
    return this.#columns.rtp[i] === this.#columns.rtp[j]
  }

  setTime(i: number, time: number): void {
    this.#columns.time[i] = time
  }

  /** Overwrites frame `to`. */
  move(from: number, to: number): void {
    for (const name of NAMES) this.#columns[name][to] = this.#columns[name][from] ?? 0
  }

  /** Keeps the first `count` frames. */
  truncate(count: number): void {
    this.#count = count
  }

  #grow(): void {
    const grown = columns(this.#columns.size.length * 2)
    for (const name of NAMES) grown[name].set(this.#columns[name])
    this.#columns = grown
  }
}
