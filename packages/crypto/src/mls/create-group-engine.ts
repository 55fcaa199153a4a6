/** The only way to an engine for other packages: every rule in force, the meeting's suite. */
import type { GroupEngine, GroupEngineDeps } from './group-engine.ts'
import { MlsEngine } from './mls-engine.ts'

/** An engine without a group. It takes some milliseconds to load its suite, which the first call waits for. */
export function createGroupEngine(deps: GroupEngineDeps = {}): GroupEngine {
  return new MlsEngine(deps, {})
}
