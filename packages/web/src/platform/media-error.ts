/** What goes wrong with media in the browser, by code. Carries no address, key or device name. */

/**
 * - `unsupported-browser`: no access to encoded frames, so nothing can be encrypted and nothing is sent
 * - `not-open`: called before `open` or after `close`
 * - `codec-missing`: the server offers none of the codecs that this build encrypts
 * - `not-published`: no such source is being sent
 */
export type MediaErrorCode = 'unsupported-browser' | 'not-open' | 'codec-missing' | 'not-published'

export class MediaError extends Error {
  override readonly name = 'MediaError'
  readonly code: MediaErrorCode

  constructor(code: MediaErrorCode, cause?: unknown) {
    super(code, { cause })
    this.code = code
  }
}
