/**
 * Why the vault refuses or stops. Codes are the names that docs/vault.md explains to people; messages are the code
 * alone, so that neither passphrase nor key reaches a terminal or a log this way.
 */
export const VAULT_CODES = [
  'key-file-damaged',
  'key-version-unknown',
  'passphrase-wrong',
  'passphrase-weak',
  'share-damaged',
  'shares-too-few',
  'shares-mixed',
  'shares-invalid',
  'key-mismatch',
  'recording-not-found',
  'recording-empty',
  'nothing-opens',
  'server-refused',
  'file-exists',
  'file-unreadable',
  'ffmpeg-missing',
  'ffmpeg-failed',
  'usage',
] as const
export type VaultCode = (typeof VAULT_CODES)[number]

export class VaultError extends Error {
  override readonly name = 'VaultError'
  readonly code: VaultCode
  /** What it is about: a file's or a row's name. Never a secret. */
  readonly about: string

  constructor(code: VaultCode, about = '', cause?: unknown) {
    super(code, { cause })
    this.code = code
    this.about = about
  }
}
