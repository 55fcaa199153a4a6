/**
 * The bridge's key on disk (TEL2): one file with the seed, made once, readable by the bridge alone; one that others may
 * read is refused. The seed is in no message and no log.
 */
import { closeSync, fchmodSync, fstatSync, openSync, readFileSync, writeFileSync } from 'node:fs'
import { decodeBase64url, encodeBase64url } from '@huisclos/crypto/bytes'
import { BRIDGE_SEED_BYTES, newBridgeSeed } from '@huisclos/crypto/seal'

export type BridgeKeyFileCode = 'key-exists' | 'key-unreadable' | 'key-open-to-others' | 'key-damaged'

const WORDS: Readonly<Record<BridgeKeyFileCode, string>> = {
  'key-exists': 'there is one already, and it is left as it is',
  'key-unreadable': 'the file cannot be opened; `npm run phone -- keygen` makes one',
  'key-open-to-others': 'others can read it: `chmod 600`, or make a new key if somebody may have',
  'key-damaged': 'the file is no key of a bridge, or a part of it is missing',
}

/** Its message is for whoever runs the bridge. */
export class BridgeKeyFileError extends Error {
  readonly code: BridgeKeyFileCode
  constructor(code: BridgeKeyFileCode, path: string, cause?: unknown) {
    super(`The bridge's key ${path}: ${WORDS[code]}.`, { cause })
    this.name = 'BridgeKeyFileError'
    this.code = code
  }
}

const HEAD = 'huisclos-phone-key-1 '
const OTHERS = 0o077

/** @throws BridgeKeyFileError key-exists, key-unreadable (it cannot be written) */
export function makeKeyFile(path: string): void {
  let file: number
  try {
    file = openSync(path, 'wx', 0o600)
  } catch (error) {
    const exists = error instanceof Error && 'code' in error && error.code === 'EEXIST'
    throw new BridgeKeyFileError(exists ? 'key-exists' : 'key-unreadable', path, error)
  }
  try {
    fchmodSync(file, 0o600)
    writeFileSync(file, `${HEAD}${encodeBase64url(newBridgeSeed())}\n`)
  } finally {
    closeSync(file)
  }
}

/** @throws BridgeKeyFileError */
export function readKeyFile(path: string): Uint8Array {
  let text: string
  let mode: number
  try {
    const file = openSync(path, 'r')
    try {
      mode = fstatSync(file).mode
      text = readFileSync(file, 'utf8')
    } finally {
      closeSync(file)
    }
  } catch (error) {
    throw new BridgeKeyFileError('key-unreadable', path, error)
  }
  if ((mode & OTHERS) !== 0) throw new BridgeKeyFileError('key-open-to-others', path)
  const seed = text.startsWith(HEAD) ? decodeBase64url(text.slice(HEAD.length).trim()) : undefined
  if (seed?.length !== BRIDGE_SEED_BYTES) throw new BridgeKeyFileError('key-damaged', path)
  return seed
}
