/**
 * Looks for known texts and secrets in bytes that the server saw, in every coding in which they might be there (SEE1):
 * UTF-8, UTF-16, hexadecimal, base64 in its three alignments, percent and JSON escapes.
 */

export interface Needle {
  /** What it is, for the report; never the text itself where that is a secret. */
  readonly what: string
  readonly bytes: Uint8Array
}

export const textNeedle = (what: string, text: string): Needle => ({
  what,
  bytes: new TextEncoder().encode(text),
})

/** Shorter ones occur by chance. */
const MIN_BYTES = 4

interface Coded {
  readonly what: string
  readonly as: string
  readonly pattern: Buffer
}

/** What of a base64 text stays the same wherever the bytes begin: without the characters that neighbours share. */
function base64Cores(bytes: Uint8Array): string[] {
  return [0, 1, 2].map((shift) => {
    const text = Buffer.concat([Buffer.alloc(shift), bytes])
      .toString('base64')
      .replace(/=+$/, '')
    const from = shift === 0 ? 0 : shift + 1
    const spare = (shift + bytes.length) % 3
    return text.slice(from, spare === 0 ? text.length : -1)
  })
}

const isText = (bytes: Uint8Array): boolean => Buffer.from(bytes).toString('utf8').length <= bytes.length

function codings({ what, bytes }: Needle): Coded[] {
  const raw = Buffer.from(bytes)
  const coded = (as: string, pattern: Buffer | string): Coded => ({
    what,
    as,
    pattern: Buffer.from(pattern as string),
  })
  const text = raw.toString('utf8')
  const wide = Buffer.from(text, 'utf16le')
  const escaped = JSON.stringify(text)
    .slice(1, -1)
    .replace(/[^\x20-\x7e]/g, (c) => `\\u${hex4(c)}`)
  const texts = isText(bytes)
    ? [
        coded('UTF-16LE', wide as never),
        coded('UTF-16BE', Buffer.from(wide).swap16() as never),
        coded('percent', encodeURIComponent(text)),
        coded('JSON', escaped),
      ]
    : []
  return [
    coded('bytes', raw as never),
    coded('hex', raw.toString('hex')),
    coded('HEX', raw.toString('hex').toUpperCase()),
    ...base64Cores(bytes).flatMap((core) => [
      coded('base64', core),
      coded('base64url', core.replaceAll('+', '-').replaceAll('/', '_')),
    ]),
    ...texts,
  ]
}

const hex4 = (character: string): string => character.charCodeAt(0).toString(16).padStart(4, '0')

export class NeedleSearch {
  readonly #coded: readonly Coded[]

  /** @throws Error for a needle that would be found by chance. */
  constructor(needles: readonly Needle[]) {
    for (const { what, bytes } of needles) if (bytes.length < MIN_BYTES) throw new Error(`too short: ${what}`)
    this.#coded = needles.flatMap(codings).filter(({ pattern }) => pattern.length >= MIN_BYTES)
  }

  /** What is in there, as "title in base64". */
  find(haystack: Uint8Array): string[] {
    const buffer = Buffer.from(haystack.buffer, haystack.byteOffset, haystack.byteLength)
    return this.#coded
      .filter(({ pattern }) => buffer.includes(pattern))
      .map(({ what, as }) => `${what} in ${as}`)
  }
}
