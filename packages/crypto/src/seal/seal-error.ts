/**
 * Mistakes of the caller's around recording keys and envelopes; what arrives from others is answered by a value
 * instead. Messages are the code alone, so that no key reaches a log this way.
 */

/**
 * - `bad-input`: an id, key or text of the wrong shape
 * - `bad-recording-key`: a public key that nothing can be sealed to
 * - `too-large`: more than one envelope holds; `sealEnvelopes` splits
 */
export type SealErrorCode = 'bad-input' | 'bad-recording-key' | 'too-large'

export class SealError extends Error {
  override readonly name = 'SealError'
  readonly code: SealErrorCode

  constructor(code: SealErrorCode) {
    super(code)
    this.code = code
  }
}
