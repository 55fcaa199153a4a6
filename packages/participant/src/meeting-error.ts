/** Why a call of the screen's came to nothing. */
export type MeetingErrorCode = 'not-in-meeting' | 'not-host' | 'unknown-member' | 'closed'

export class MeetingError extends Error {
  readonly code: MeetingErrorCode
  constructor(code: MeetingErrorCode) {
    super(code)
    this.name = 'MeetingError'
    this.code = code
  }
}
