/**
 * What a bench is: it runs, and answers with figures, what it checked, and its doubts. A bench that doubts gives no
 * figures: the run is refused. Names, labels and notes are read by people who have never seen the code.
 */

export type Unit = 'ms' | 'µs' | '×' | 'packets/s' | '%' | 'MiB' | 'calls' | 'kbit/s'

export interface Figure {
  /** Stays the same over versions, as later runs are compared by it: `sealed.median`. */
  id: string
  label: string
  value: number
  unit: Unit
  better: 'lower' | 'higher'
  /** What the project asks of itself; a figure on the wrong side of it is bad, and said first. */
  aim?: number
  /** What stands beside it in the same run. */
  note?: string
}

/** One measured value of a plot. `group` is a panel, `series` what is compared within it. */
export interface Point {
  group: string
  series: string
  value: number
  /** Where it stands across a `curve`. */
  x?: number
}

export interface Plot {
  title: string
  /**
   * `runs` shows each value and the median, `medians` one bar for all values of a series, `curve` each value against its
   * `x`.
   */
  kind: 'runs' | 'medians' | 'curve'
  unit: Unit
  /** What `x` is. */
  across?: string
  points: Point[]
}

export interface Measured {
  figures: Figure[]
  /** What was checked so that the figures are about the server and the client, not about the load. */
  checks: string[]
  /** Why these figures must not be believed; empty in a good run. */
  doubts: string[]
  /** Figures that are left out, and why: of these alone the load generator was the limit. */
  omitted?: string[]
  plots: Plot[]
}

export interface BenchRun {
  /** Does it again when others on the machine disturbed it (quiet-runs.ts). */
  quietly<T>(once: () => Promise<T>): Promise<T>
  /** A short run that shows whether the bench works; its figures are worth nothing. */
  trial: boolean
  /** Says how far it is. */
  progress(text: string): void
}

export interface Bench {
  name: string
  title: string
  run(run: BenchRun): Promise<Measured>
}
