/**
 * One state of one line of captions, as it travels (CAP1, CAP3): what its sender's device heard or its sender typed.
 * Every caption is as long as every other, whatever is said in it. Text is cleaned by whoever reads it, whatever the
 * writer did.
 */
import { utf8 } from '@huisclos/crypto/bytes'
import * as z from 'zod/mini'
import { cleanLine } from './clean-text.ts'

export const CAPTION_MAX_CHARS = 280
/** Room for the longest text in its longest encoding (three bytes a UTF-16 unit) and for all the rest. */
const CAPTION_BYTES = 1_024

export const Caption = z.strictObject({
  k: z.literal('caption'),
  /** Counts up at its sender; a line is said again, longer or mended, until it is final. */
  line: z.int().check(z.gte(1), z.lte(1_000_000_000)),
  final: z.boolean(),
  /** BCP 47, as `fr` or `fr-FR`. */
  lang: z.string().check(z.regex(/^[a-z]{2,3}(-[A-Z]{2})?$/)),
  how: z.enum(['speech', 'typed']),
  /** Empty takes the line back. */
  text: z.string().check(z.maxLength(CAPTION_MAX_CHARS)),
  pad: z.string().check(z.maxLength(CAPTION_BYTES), z.regex(/^ *$/)),
})
export type Caption = z.infer<typeof Caption>

export const makeCaption = (said: Omit<Caption, 'k' | 'pad'>): Caption => ({
  k: 'caption',
  ...said,
  text: cleanCaption(said.text),
  pad: '',
})

/** CAP3: with its number `n` beside it, as long as every other. */
export function padCaption(caption: Caption, n: number): Caption {
  const missing = CAPTION_BYTES - utf8(JSON.stringify({ ...caption, pad: '' })).length - String(n).length
  return { ...caption, pad: ' '.repeat(Math.max(0, missing)) }
}

/** WEB1, on one line, and never cut in the middle of a character. */
export function cleanCaption(text: string): string {
  const cut = cleanLine(text).slice(0, CAPTION_MAX_CHARS)
  return cut.isWellFormed() ? cut : cut.slice(0, -1)
}
