/** Why the server cannot start as configured. `message` is for the operator's eyes and says what to do. */

export type ConfigErrorCode =
  | 'bad-flag'
  | 'bad-value'
  | 'file-unreadable'
  | 'certificate-missing'
  | 'certificate-unreadable'
  | 'name-unresolved'

export class ConfigError extends Error {
  readonly code: ConfigErrorCode
  constructor(code: ConfigErrorCode, message: string, cause?: unknown) {
    super(message, { cause })
    this.name = 'ConfigError'
    this.code = code
  }
}
