/**
 * The closed list of codes that the server answers with. Each one is explained in docs/errors.md; a check in
 * `npm run verify` compares the two lists.
 */
import * as z from 'zod/mini'

export const ERROR_CODES = [
  'bad-message',
  'too-large',
  'too-many',
  'version-unsupported',
  'room-unknown',
  'room-full',
  'access-refused',
  'session-unknown',
  'not-ready',
  'not-seated',
  'group-exists',
  'group-unknown',
  'epoch-taken',
  'epoch-stale',
  'log-missing',
  'unknown-target',
  'media-refused',
  'media-unavailable',
  'probe-busy',
  'probe-over',
  'bridge-away',
  'bridge-refused',
  'bridge-replaced',
  'recording-exists',
  'recording-unknown',
  'recording-unavailable',
  'removed',
  'create-refused',
  'owner-refused',
  'slow-reader',
  'shutting-down',
  'server-fault',
] as const

export const ErrorCode = z.enum(ERROR_CODES)
export type ErrorCode = z.infer<typeof ErrorCode>
