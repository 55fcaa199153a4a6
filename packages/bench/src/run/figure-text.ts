/** Figures as text: rounded to what a measurement can say, changed against a former run, bad ones first. */
import type { Figure, Unit } from './bench.ts'

/** A change that a second run on the same machine may show without anything having changed. */
const NOISE = 0.1

const digits = (value: number): number => {
  const size = Math.abs(value)
  if (size >= 100) return 0
  return size >= 10 ? 1 : 2
}

/** `1,234 ms`, `55.3 µs`, `1.07 ×`. */
export function formatValue(value: number, unit: Unit): string {
  const places = digits(value)
  const text = value.toLocaleString('en-GB', { minimumFractionDigits: places, maximumFractionDigits: places })
  return unit === '%' ? `${text} %` : `${text} ${unit}`
}

/** `+12 %`, `−3 %`, `±0 %`; null where there is nothing to compare with. */
export function formatChange(value: number, before: number | undefined): string | null {
  if (before === undefined || before === 0) return null
  const percent = Math.round((value / before - 1) * 100)
  if (percent === 0) return '±0 %'
  return percent > 0 ? `+${percent} %` : `−${-percent} %`
}

export type Verdict = 'misses-aim' | 'worse' | 'fine'

/** @param before the same figure of a former run on the same machine */
export function judge(figure: Figure, before?: number): Verdict {
  const { value, better, aim } = figure
  const isWorse = (than: number) => (better === 'lower' ? value > than : value < than)
  if (aim !== undefined && isWorse(aim)) return 'misses-aim'
  if (before !== undefined && isWorse(before * (better === 'lower' ? 1 + NOISE : 1 - NOISE))) return 'worse'
  return 'fine'
}

const ORDER: readonly Verdict[] = ['misses-aim', 'worse', 'fine']

/** The same figures, bad ones first; within a verdict as the bench gave them. */
export function badFirst<F extends { verdict: Verdict }>(figures: readonly F[]): F[] {
  return figures.toSorted((a, b) => ORDER.indexOf(a.verdict) - ORDER.indexOf(b.verdict))
}

/** What stands behind a figure's value: `✗ aim: at most 1.50 ×`, `✗ worse than before`. */
export function formatVerdict(figure: Figure, verdict: Verdict): string | null {
  if (verdict === 'worse') return 'worse than before'
  if (figure.aim === undefined) return null
  const side = figure.better === 'lower' ? 'at most' : 'at least'
  const aim = `${side} ${formatValue(figure.aim, figure.unit)}`
  return verdict === 'misses-aim' ? `misses its aim: ${aim}` : `aim: ${aim}`
}
