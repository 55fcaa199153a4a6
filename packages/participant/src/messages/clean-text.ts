/** WEB1: what members wrote, as it may be shown: no control or bidi characters. Cleaned by whoever reads it. */

const NAME_MAX_CHARS = 64

const CONTROL = /[\p{Cc}\p{Zl}\p{Zp}\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/gu

/** WEB1: no control or bidi characters, no runs of blanks, at most 64 characters. */
export const cleanName = (text: string): string =>
  [...cleanLine(text)].slice(0, NAME_MAX_CHARS).join('').trim()

/** WEB1 for what stays on one line, however long. */
export const cleanLine = (text: string): string =>
  text.toWellFormed().replace(CONTROL, ' ').replace(/\s+/g, ' ').trim()

/** WEB1 for longer texts: line breaks stay. */
export function cleanText(text: string): string {
  const lines = text.toWellFormed().split(/\r\n|[\r\n]/)
  return lines
    .map((line) => line.replace(CONTROL, (c) => (c === '\t' ? c : '')))
    .join('\n')
    .trim()
}
