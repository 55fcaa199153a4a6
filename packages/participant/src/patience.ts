/** Waiting for work that may never be done. */
import type { Clock, Ms } from './ports.ts'

/** Resolves when the work is done, or after `ms` all the same. Never rejects. */
export async function within(clock: Clock, ms: Ms, work: Promise<unknown>): Promise<void> {
  let cancel = (): void => {}
  const patience = new Promise<void>((resolve) => {
    cancel = clock.setTimer(ms, resolve)
  })
  await Promise.race([work.catch(() => {}), patience])
  cancel()
}
