/**
 * When the frames of one run were taken, on the recording's own time line (LREC4): the RTP clock says how far apart
 * they are to the sample, the earliest arrivals say where that clock stands. Delay only ever adds to an arrival, so the
 * least one of each ten seconds is taken; two clocks that drift apart are followed.
 */

const WINDOW_MS = 10_000

export class RunClock {
  readonly #ticksPerMs: number
  readonly #lagMs: number
  /** The least (arrival − RTP time) of each window. */
  readonly #least = new Map<number, number>()
  #points: { at: number; offset: number }[] | null = null
  #lastRtp: number | null = null
  #mediaMs = 0

  /** `lagMs`: how long after the moment that its RTP time names a frame can leave at the earliest. */
  constructor(ticksPerMs: number, lagMs: number) {
    this.#ticksPerMs = ticksPerMs
    this.#lagMs = lagMs
  }

  /** A frame came at `at`. Returns its place on the run's own clock, in ms since the run's first frame. */
  note(rtp: number, at: number): number {
    // Wraps every 13 hours (video) or 25 (audio); frames of a run follow each other closely.
    if (this.#lastRtp !== null) this.#mediaMs += ((rtp - this.#lastRtp) | 0) / this.#ticksPerMs
    this.#lastRtp = rtp
    const window = Math.floor(this.#mediaMs / WINDOW_MS)
    const offset = at - this.#lagMs - this.#mediaMs
    this.#least.set(window, Math.min(offset, this.#least.get(window) ?? Number.POSITIVE_INFINITY))
    this.#points = null
    return this.#mediaMs
  }

  /** Where on the time line a frame belongs whose place `note` returned, in ms. To be asked once all were noted. */
  timeOf(mediaMs: number): number {
    this.#points ??= smooth(this.#least)
    return mediaMs + between(this.#points, mediaMs)
  }
}

/** A window in which every frame was late stands out from its neighbours: the middle one of three is taken. */
function smooth(least: ReadonlyMap<number, number>): { at: number; offset: number }[] {
  const windows = [...least].sort(([a], [b]) => a - b)
  return windows.map(([window, offset], i) => {
    const around = [windows[i - 1]?.[1] ?? offset, offset, windows[i + 1]?.[1] ?? offset]
    return { at: (window + 0.5) * WINDOW_MS, offset: around.sort((a, b) => a - b)[1] ?? offset }
  })
}

function between(points: readonly { at: number; offset: number }[], mediaMs: number): number {
  let low = 0
  let high = points.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((points[middle]?.at ?? 0) < mediaMs) low = middle + 1
    else high = middle
  }
  const [a, b] = [points[low - 1], points[low]]
  if (!a || !b) return (a ?? b)?.offset ?? 0
  return a.offset + ((b.offset - a.offset) * (mediaMs - a.at)) / (b.at - a.at)
}
