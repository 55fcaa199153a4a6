/** MLS for one meeting [GRP1]–[GRP10]: the engine's port, its errors and its makers. */

export { createGroupEngine } from './create-group-engine.ts'
export type {
  CommitInput,
  CommitOutput,
  ContextChange,
  EpochChange,
  EpochView,
  Expectation,
  GroupEngine,
  GroupEngineDeps,
  HostEntry,
  MeetingContext,
  MeetingPolicy,
  MemberView,
  Processed,
  RemovalReason,
  Warrant,
} from './group-engine.ts'
export { hashHostKey } from './meeting-context.ts'
export type { MlsCode } from './mls-error.ts'
export { MLS_CODES, MlsError } from './mls-error.ts'
export { goneData, leaveData, signedBytes } from './signed-bytes.ts'
export type { EnginePort } from './worker-host.ts'
export { connectGroupEngine, serveGroupEngine } from './worker-host.ts'
