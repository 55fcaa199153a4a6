/**
 * Engines for the attack tests of whole meetings: the quick suite, and rules waived one by one, so that a test can
 * show what an attack does where its defence is missing. Tests alone may import this, which the boundary check sees
 * to; the index must never export it.
 */
import type { GroupEngine, GroupEngineDeps } from './group-engine.ts'
import { MlsEngine } from './mls-engine.ts'
import type { MlsCode } from './mls-error.ts'
import { quickSuite } from './suite.ts'

export { type RogueKnowledge, RogueMember } from './rogue-member.ts'

/** An engine of the quick suite; every rule holds but those in `waived`. */
export function createTestEngine(deps: GroupEngineDeps = {}, waived: readonly MlsCode[] = []): GroupEngine {
  return new MlsEngine(deps, { suite: quickSuite, waived: new Set(waived) })
}
