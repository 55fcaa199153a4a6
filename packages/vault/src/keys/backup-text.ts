/**
 * A key or a share as text to print, read out and type in again [REC6]: rows of four groups of four base32 letters with
 * two check letters each, so that a slip is found in its row, and a checksum over the whole.
 *
 *   version (1: 1) ‖ kind (1 whole key, 2 share) ‖ needed ‖ of ‖ fingerprint (16) ‖ seed (32) or share (33) ‖ checksum (4)
 */
import type { Bytes } from '@huisclos/crypto/bytes'
import { concat, decodeBase32, encodeBase32, equal, toBytes, utf8 } from '@huisclos/crypto/bytes'
import { sha512 } from '@noble/hashes/sha2.js'
import { VaultError } from '../vault-error.ts'

const VERSION = 1
const HEAD_BYTES = 20
const CHECKSUM_BYTES = 4
const ROW_CHARS = 16
const CHECK_CHARS = 2
const SECRET_BYTES = { key: 32, share: 33 } as const
const KINDS = { 1: 'key', 2: 'share' } as const

/** `needed` and `of` are 1 for a whole key. `fingerprint`: of the public key, 16 bytes. */
export type Backup = {
  kind: 'key' | 'share'
  needed: number
  of: number
  fingerprint: Bytes
  secret: Bytes
}

export function encodeBackup({ kind, needed, of, fingerprint, secret }: Backup): string {
  const head = Uint8Array.of(VERSION, kind === 'key' ? 1 : 2, needed, of)
  const body = concat(head, fingerprint, secret)
  const letters = encodeBase32(concat(body, checksum(body))).toUpperCase()
  const rows = letters.match(/.{1,16}/g) ?? []
  return rows.map((row, i) => `${grouped(row)}  ${checkLetters(row, i)}`).join('\n')
}

/**
 * Letters in either case, 0, 1 and 8 taken for O, I and B, spaces and dashes anywhere. Throws `share-damaged` with the
 * number of the row where the slip is, and `key-version-unknown`.
 */
export function decodeBackup(text: string): Backup {
  const clean = text.toUpperCase().replaceAll('0', 'O').replaceAll('1', 'I').replaceAll('8', 'B')
  const letters = clean.replace(/[\s\-–·.]/g, '')
  if (letters.length > 256) throw new VaultError('share-damaged')
  const rows = letters.match(new RegExp(`.{1,${ROW_CHARS + CHECK_CHARS}}`, 'g')) ?? []
  const plain = rows.map((row, i) => {
    const [content, check] = [row.slice(0, -CHECK_CHARS), row.slice(-CHECK_CHARS)]
    if (content === '' || checkLetters(content, i) !== check)
      throw new VaultError('share-damaged', String(i + 1))
    return content
  })
  const bytes = decodeBase32(plain.join('').toLowerCase())
  if (!bytes || bytes.length < HEAD_BYTES + CHECKSUM_BYTES) throw new VaultError('share-damaged')
  const body = bytes.subarray(0, bytes.length - CHECKSUM_BYTES)
  if (!equal(checksum(body), bytes.subarray(body.length))) throw new VaultError('share-damaged')
  return readBody(body)
}

function readBody(body: Bytes): Backup {
  const [version, code, needed = 0, of = 0] = body
  if (version !== VERSION) throw new VaultError('key-version-unknown')
  const kind = code === 1 || code === 2 ? KINDS[code] : undefined
  if (!kind || body.length !== HEAD_BYTES + SECRET_BYTES[kind] || needed < 1 || of < needed)
    throw new VaultError('share-damaged')
  return { kind, needed, of, fingerprint: body.slice(4, HEAD_BYTES), secret: body.slice(HEAD_BYTES) }
}

function grouped(row: string): string {
  return (row.match(/.{1,4}/g) ?? []).join(' ')
}

/** Ten bits over the row and its number, so that two rows in each other's place are found as well. */
function checkLetters(row: string, index: number): string {
  return encodeBase32(toBytes(sha512(utf8(`${index} ${row}`))))
    .slice(0, CHECK_CHARS)
    .toUpperCase()
}

function checksum(body: Uint8Array): Bytes {
  return toBytes(sha512(concat(utf8('huisclos/1 backup'), body))).slice(0, CHECKSUM_BYTES)
}
