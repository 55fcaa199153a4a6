/** Why a call of the screen's came to nothing. */
export type MeetingErrorCode =
  | 'not-in-meeting'
  | 'not-host'
  | 'unknown-member'
  | 'closed'
  /** The room's descriptor or the server does not allow it. */
  | 'recording-off'
  | 'recording-exists'
  /** Disk full, or the server's store does not answer. */
  | 'recording-unavailable'
  /** No telephone bridge may join this room. */
  | 'phones-off'
  /** The bridge cannot be reached. */
  | 'bridge-away'
  /** It does not take the invitation. */
  | 'bridge-refused'
  /** Not a public key that recordings can be sealed to. */
  | 'bad-recording-key'

export class MeetingError extends Error {
  readonly code: MeetingErrorCode
  constructor(code: MeetingErrorCode) {
    super(code)
    this.name = 'MeetingError'
    this.code = code
  }
}
