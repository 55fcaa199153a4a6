/**
 * Snapshots of plain data that keep the identity of whatever did not change, so that screens redraw little. Tracks and
 * other objects with a class of their own are compared by identity.
 */
const isPlain = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype

/** `next`, with every part of it that equals `before`'s replaced by that. */
export function reuse<T>(before: unknown, next: T): T {
  if (Object.is(before, next)) return next
  if (Array.isArray(next)) {
    const former: unknown[] = Array.isArray(before) ? before : []
    const merged: unknown[] = next.map((item, i) => reuse(former[i], item))
    const same = former.length === merged.length && merged.every((item, i) => item === former[i])
    return (same ? former : merged) as T
  }
  if (!isPlain(next)) return next
  const former = isPlain(before) ? before : {}
  const merged = Object.fromEntries(
    Object.entries(next).map(([key, value]) => [key, reuse(former[key], value)]),
  )
  const keys = Object.keys(merged)
  const same = keys.length === Object.keys(former).length && keys.every((key) => merged[key] === former[key])
  return (same && isPlain(before) ? before : merged) as T
}
