/** For tests: waits for a condition, and says which one did not come. */

const LOOK_EVERY_MS = 20

export async function until(what: string, holds: () => boolean, withinMs = 15_000): Promise<void> {
  const begun = performance.now()
  while (!holds()) {
    if (performance.now() - begun > withinMs) throw new Error(`not within ${withinMs} ms: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS))
  }
}
