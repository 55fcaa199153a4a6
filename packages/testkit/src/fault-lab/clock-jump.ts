/**
 * A wall clock that is put forward or back for everything in this process that asks `Date`; timers and
 * `performance.now` go on, as on a real machine. The machine's own clock is never touched.
 */

/** Jumps once; on disposal the wall clock is right again. */
export function jumpWallClock(ms: number): Disposable {
  const Real = globalThis.Date
  const shifted = new Proxy(Real, {
    construct: (target, given: unknown[]) =>
      given.length === 0 ? new target(target.now() + ms) : Reflect.construct(target, given),
    get: (target, key) => (key === 'now' ? () => target.now() + ms : Reflect.get(target, key)),
  })
  globalThis.Date = shifted
  return {
    [Symbol.dispose]: () => {
      globalThis.Date = Real
    },
  }
}
