/**
 * What goes wrong through a mistake of the caller's, as opposed to malformed or hostile input, which is
 * answered by a value. Messages are the code alone: no key, nonce or frame may reach a log this way.
 */

/**
 * - `unknown-suite`: a cipher suite that is not in the table
 * - `out-of-range`: a number that the wire format cannot carry
 * - `kid-out-of-range`: leaf or stream beyond 1,024 [KEY2]
 * - `counter-exhausted`: a stream has sealed as many frames as one counter allows
 * - `streams-exhausted`: the page has had 1,024 streams on this leaf
 * - `bad-base-key`: fewer than 16 bytes, which no exporter of ours gives
 * - `epoch-stale`: keys of an epoch that is not newer than the one in use
 */
export type SframeErrorCode =
  | 'unknown-suite'
  | 'out-of-range'
  | 'kid-out-of-range'
  | 'counter-exhausted'
  | 'streams-exhausted'
  | 'bad-base-key'
  | 'epoch-stale'

export class SframeError extends Error {
  override readonly name = 'SframeError'
  readonly code: SframeErrorCode

  constructor(code: SframeErrorCode) {
    super(code)
    this.code = code
  }
}
