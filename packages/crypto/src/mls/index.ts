/** MLS for one meeting [GRP1]–[GRP10]: the engine's port, its errors and its makers. */
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
export type { MlsCode } from './mls-error.ts'
export { MLS_CODES, MlsError } from './mls-error.ts'
