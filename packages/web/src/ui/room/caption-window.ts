/**
 * Which captions stand over the pictures now: the latest line of each speaker, for as long as it takes to read, the
 * last three of all. Pure: lines and time in, lines out.
 */
import type { CaptionLine } from '@huisclos/participant'

const MOST = 3
const SHOWN_MS = 5_000
const PER_CHARACTER_MS = 60
/** A line grows at its end: that end is what must be read. */
const TAIL_CHARS = 140

export class CaptionWindow {
  readonly #seen = new Map<number, { text: string; at: number }>()
  #started = false

  /** `untilMs`: when something leaves by itself; null when nothing will. */
  show(
    lines: readonly CaptionLine[],
    nowMs: number,
  ): { shown: readonly CaptionLine[]; untilMs: number | null } {
    this.#note(lines, nowMs)
    const ends = (line: CaptionLine): number =>
      (this.#seen.get(line.id)?.at ?? nowMs) +
      SHOWN_MS +
      Math.min(line.text.length, TAIL_CHARS) * PER_CHARACTER_MS
    const latest = new Map(lines.map((line) => [`${line.leaf} ${line.how}`, line]))
    const shown = lines
      .filter((line) => latest.get(`${line.leaf} ${line.how}`) === line && ends(line) > nowMs)
      .slice(-MOST)
    return { shown, untilMs: shown.length === 0 ? null : Math.min(...shown.map(ends)) }
  }

  /** What was there at the first look is the past: turning captions on does not bring it back. */
  #note(lines: readonly CaptionLine[], nowMs: number): void {
    const first = !this.#started
    this.#started = true
    const present = new Set(lines.map(({ id }) => id))
    for (const id of this.#seen.keys()) if (!present.has(id)) this.#seen.delete(id)
    for (const { id, text } of lines) {
      if (this.#seen.get(id)?.text === text) continue
      this.#seen.set(id, { text, at: first ? Number.NEGATIVE_INFINITY : nowMs })
    }
  }
}

/** The end of a long line, from the beginning of a word. */
export function tailOf(text: string): string {
  if (text.length <= TAIL_CHARS) return text
  const end = text.slice(-TAIL_CHARS)
  const space = end.indexOf(' ')
  return `…${space === -1 ? [...end].slice(1).join('') : end.slice(space)}`
}

/** The whole log as a text to copy. */
export const captionLog = (lines: readonly CaptionLine[], head: (line: CaptionLine) => string): string =>
  lines.map((line) => `${head(line)}: ${line.text}`).join('\n')
