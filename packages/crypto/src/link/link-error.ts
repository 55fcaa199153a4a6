/**
 * Mistakes of the caller's around links, host keys and descriptors; what arrives from others is answered by
 * a value instead. Messages are the code alone, so that no secret reaches a log this way.
 */

/**
 * - `bad-input`: a room id, secret, key or hash of the wrong shape
 * - `bad-descriptor`: a title of more than 120 characters, or a version or policy that cannot be written
 */
export type LinkErrorCode = 'bad-input' | 'bad-descriptor'

export class LinkError extends Error {
  override readonly name = 'LinkError'
  readonly code: LinkErrorCode

  constructor(code: LinkErrorCode) {
    super(code)
    this.code = code
  }
}
