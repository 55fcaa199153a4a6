/** Why a request to the server came to nothing. */
import type { ErrorCode } from '@huisclos/protocol'

/** `session-lost`: the session ended before the answer came, whether it was carried out is unknown. */
export type SignallingCode = ErrorCode | 'session-lost' | 'closed'

export class SignallingError extends Error {
  readonly code: SignallingCode
  constructor(code: SignallingCode, cause?: unknown) {
    super(code, { cause })
    this.name = 'SignallingError'
    this.code = code
  }
}

/** The code of a failed request; `server-fault` for anything that is not a `SignallingError`. */
export function codeOf(error: unknown): SignallingCode {
  return error instanceof SignallingError ? error.code : 'server-fault'
}
