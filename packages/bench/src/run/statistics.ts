/** Order statistics of measured values. Never a mean: one slow run would hide in it. */

function ascending(values: readonly number[]): number[] {
  if (values.length === 0) throw new Error('no values')
  return [...values].sort((a, b) => a - b)
}

/** The middle value, or half-way between the two middle ones. @throws Error for no values */
export function median(values: readonly number[]): number {
  const sorted = ascending(values)
  const upper = sorted.length >> 1
  const high = sorted[upper] as number
  return sorted.length % 2 === 1 ? high : ((sorted[upper - 1] as number) + high) / 2
}

/**
 * The smallest value that at least this share of all values does not exceed (nearest rank): a value that was measured.
 * @param share above 0, at most 1
 * @throws Error for no values
 */
export function percentile(values: readonly number[], share: number): number {
  const sorted = ascending(values)
  const rank = Math.ceil(share * sorted.length - 1e-9)
  return sorted[Math.min(sorted.length, Math.max(1, rank)) - 1] as number
}

/** The median of `a[i] / b[i]`: what is compared was measured side by side. @throws Error for lists that do not pair */
export function medianRatio(a: readonly number[], b: readonly number[]): number {
  if (a.length !== b.length) throw new Error('ratios need pairs')
  return median(a.map((value, i) => value / (b[i] as number)))
}

/** How much `y` rises for one more of `x`: least squares. @throws Error for fewer than two different `x` */
export function slope(points: readonly (readonly [x: number, y: number])[]): number {
  const count = points.length
  const middleX = points.reduce((sum, [x]) => sum + x, 0) / count
  const middleY = points.reduce((sum, [, y]) => sum + y, 0) / count
  const spread = points.reduce((sum, [x]) => sum + (x - middleX) ** 2, 0)
  if (!(spread > 0)) throw new Error('a slope needs two points')
  return points.reduce((sum, [x, y]) => sum + (x - middleX) * (y - middleY), 0) / spread
}
