/**
 * The code that people compare to know that they are in one group with nobody between them [ROS3]. Slow on
 * purpose: a server that wants two groups to show one code must try this many rounds per attempt. Same code,
 * same epoch, same group; nothing here says that anyone compared it.
 */
import type { Bytes } from '../bytes.ts'
import { concat, toBytes, utf8 } from '../bytes.ts'
import type { CodeLanguage } from './word-lists.ts'
import { wordAt } from './word-lists.ts'

export const CODE_ROUNDS = 2 ** 18
export const CODE_WORDS = 6
export const CODE_DIGITS = 30

const LABEL = utf8('huisclos/1 code')
const OUT_BYTES = 32
/** Six words of 11 bits take the first 66 bits; the digits are the next 160 bits modulo 10^30. */
const WORD_BITS = 11
const DIGITS_AT = 9
const DIGITS_BYTES = 20

/** `words`: six in each language, at the same places of their lists. `digits`: 30, without spaces. */
export type ComparisonCode = { words: Record<CodeLanguage, string[]>; digits: string }

/**
 * PBKDF2-HMAC-SHA-512 over the MLS epoch authenticator, salt "huisclos/1 code" ‖ group id, 2^18 rounds: some
 * tenths of a second.
 */
export async function comparisonCode(
  authenticator: Uint8Array,
  groupId: Uint8Array,
): Promise<ComparisonCode> {
  return codeOf(await stretch(authenticator, groupId))
}

/** Digits in groups of five, as they are read aloud. */
export function groupDigits(digits: string): string[] {
  return digits.match(/.{1,5}/g) ?? []
}

async function stretch(authenticator: Uint8Array, groupId: Uint8Array): Promise<Bytes> {
  const key = await crypto.subtle.importKey('raw', toBytes(authenticator), 'PBKDF2', false, ['deriveBits'])
  const parameters = {
    name: 'PBKDF2',
    hash: 'SHA-512',
    salt: concat(LABEL, groupId),
    iterations: CODE_ROUNDS,
  }
  return new Uint8Array(await crypto.subtle.deriveBits(parameters, key, 8 * OUT_BYTES))
}

function codeOf(stretched: Bytes): ComparisonCode {
  const bits = toInteger(stretched)
  const places = Array.from({ length: CODE_WORDS }, (_, i) => {
    return Number((bits >> BigInt(8 * OUT_BYTES - WORD_BITS * (i + 1))) & 0x7ffn)
  })
  const digits =
    toInteger(stretched.subarray(DIGITS_AT, DIGITS_AT + DIGITS_BYTES)) % 10n ** BigInt(CODE_DIGITS)
  return {
    words: {
      en: places.map((place) => wordAt('en', place)),
      fr: places.map((place) => wordAt('fr', place)),
    },
    digits: digits.toString().padStart(CODE_DIGITS, '0'),
  }
}

function toInteger(bytes: Uint8Array): bigint {
  return bytes.reduce((value, byte) => (value << 8n) | BigInt(byte), 0n)
}
