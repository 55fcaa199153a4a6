/**
 * From RTP timestamps to microseconds of the recording [REC5]. By sender reports (RFC 3550 §6.4.1) where there are
 * enough, since they tie sound and picture of one sender together; else by arrival, taking the quickest packet of each
 * span, which waited least. Between such points the line is straight, so that clocks that drift apart are followed.
 */
interface Point {
  /** Unwrapped RTP timestamp. */
  at: number
  /** Time of the recording minus `at`, in microseconds. */
  offsetUs: number
}

const SPAN_US = 5_000_000
const WRAP = 2 ** 32
/** Reports and packets are put on one line by the nearest one before: a median of this many reports. */
const MEDIAN_OF = 5

export class MediaClock {
  readonly #rate: number
  readonly #arrivals: (Point & { span: number })[] = []
  readonly #reports: Point[] = []
  #unwrap: Unwrapper | null = null
  #points: Point[] | null = null
  /** Taken off what reports say; see `reportedAhead`. */
  shiftUs = 0

  constructor(clockRate: number) {
    this.#rate = clockRate
  }

  arrival(timestamp: number, timeUs: number): void {
    this.#unwrap ??= new Unwrapper(timestamp)
    const at = this.#unwrap.extend(timestamp)
    const point = { at, offsetUs: timeUs - this.#us(at), span: Math.floor(timeUs / SPAN_US) }
    const last = this.#arrivals.at(-1)
    if (last?.span !== point.span) this.#arrivals.push(point)
    else if (point.offsetUs < last.offsetUs) Object.assign(last, point)
  }

  /** Before the first packet a report cannot be placed and is left out. */
  report(timestamp: number, timeUs: number): void {
    if (!this.#unwrap) return
    const at = this.#unwrap.peek(timestamp)
    this.#reports.push({ at, offsetUs: timeUs - this.#us(at) })
  }

  /** How far the reports' clock runs ahead of the recording's; null without reports, 0 where it is the same clock. */
  get reportedAhead(): number | null {
    if (this.#reports.length < 2) return null
    const differences = this.#reports.map((report) => report.offsetUs - lineAt(this.#arrivals, report.at))
    const ahead = median(differences)
    return Math.abs(ahead) < 100_000 ? 0 : ahead
  }

  /** Reads timestamps in their order of arrival, nearly. */
  reader(): (timestamp: number) => number {
    const unwrap = new Unwrapper(this.#arrivals[0]?.at ?? 0)
    return (timestamp) => {
      const at = unwrap.extend(timestamp)
      return Math.round(this.#us(at) + lineAt(this.#line(), at))
    }
  }

  #line(): Point[] {
    this.#points ??=
      this.#reports.length < 2
        ? this.#arrivals
        : this.#reports.map(({ at }, i) => {
            const near = this.#reports.slice(Math.max(0, i - (MEDIAN_OF >> 1)), i + (MEDIAN_OF >> 1) + 1)
            return { at, offsetUs: median(near.map(({ offsetUs }) => offsetUs)) - this.shiftUs }
          })
    return this.#points
  }

  #us(at: number): number {
    return (at / this.#rate) * 1_000_000
  }
}

/** Timestamps of 32 bits that go round, as numbers that do not. */
class Unwrapper {
  #last: number

  constructor(first: number) {
    this.#last = first
  }

  peek(timestamp: number): number {
    const low = ((this.#last % WRAP) + WRAP) % WRAP
    return this.#last + ((timestamp - low + WRAP * 1.5) % WRAP) - WRAP / 2
  }

  extend(timestamp: number): number {
    this.#last = this.peek(timestamp)
    return this.#last
  }
}

function lineAt(points: readonly Point[], at: number): number {
  const [first] = points
  if (!first) return 0
  let low = 0
  let high = points.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if ((points[middle] as Point).at <= at) low = middle
    else high = middle - 1
  }
  const before = points[low] as Point
  const after = points[low + 1]
  if (!after || at <= before.at) return before.offsetUs
  const part = (at - before.at) / (after.at - before.at)
  return before.offsetUs + part * (after.offsetUs - before.offsetUs)
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0
}
