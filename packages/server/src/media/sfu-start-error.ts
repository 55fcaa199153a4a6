/** Why the media engine could not be started: said to the operator at start-up, never to a client. */

/**
 * - `port-in-use`: another program holds media port `port`.
 * - `address-unavailable`: this machine has no such address to listen on.
 * - `worker-missing`: there is no runnable worker binary at the path configured.
 * - `worker-failed`: the worker ended, or refused its set-up, for another reason (see `cause`).
 */
export type SfuStartErrorCode = 'port-in-use' | 'address-unavailable' | 'worker-missing' | 'worker-failed'

export class SfuStartError extends Error {
  readonly code: SfuStartErrorCode
  readonly port: number | null
  constructor(code: SfuStartErrorCode, port: number | null, cause?: unknown) {
    super(port === null ? code : `${code}: ${port}`, { cause })
    this.name = 'SfuStartError'
    this.code = code
    this.port = port
  }
}

/** Reads what went wrong out of a worker's refusal to listen on `port`. */
export function listenFailure(error: unknown, port: number): SfuStartError {
  const text = error instanceof Error ? error.message : ''
  if (/in use/i.test(text)) return new SfuStartError('port-in-use', port, error)
  if (/not available|cannot assign|family not supported|EAFNOSUPPORT|EADDRNOTAVAIL/i.test(text)) {
    return new SfuStartError('address-unavailable', port, error)
  }
  return new SfuStartError('worker-failed', port, error)
}
