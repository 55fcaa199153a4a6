/** SHA-256 by Node. */
import { hash } from 'node:crypto'

export const nativeSha256 = (bytes: Uint8Array): Uint8Array => hash('sha256', bytes, 'buffer')
