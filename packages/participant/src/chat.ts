/**
 * Chat as it is shown (ROS4, WEB1): lines in the order of arrival, with the state of one's own. Text is text. Late
 * joiners get none; nothing is stored.
 */

import { cleanText } from './messages/clean-text.ts'
import { CHAT_MAX_CHARS } from './messages/group-message.ts'
import type { Ms } from './ports.ts'

const KEPT_LINES = 2_000

export interface StoredLine {
  readonly id: string
  readonly leaf: number
  /** The writer's pseudonym: names are looked up when shown, and kept when it leaves. */
  readonly pseudonym: string
  readonly self: boolean
  readonly text: string
  readonly at: Ms
  readonly state: 'sending' | 'sent' | 'failed'
}

/** A line as it is written or received; `id` comes from its writer. */
export type Writing = Omit<StoredLine, 'self' | 'state'>

export class Chat {
  #lines: readonly StoredLine[] = []

  get lines(): readonly StoredLine[] {
    return this.#lines
  }

  /** A line of one's own, still to be sent; null when nothing is left of the text. */
  write(line: Writing): StoredLine | null {
    return this.#add({ ...line, self: true, state: 'sending' })
  }

  /** A line that was here already, sent again after its writer's session ended, is not shown twice. */
  receive(line: Writing): StoredLine | null {
    return this.#lines.some(({ id }) => id === line.id)
      ? null
      : this.#add({ ...line, self: false, state: 'sent' })
  }

  settle(id: string, state: 'sent' | 'failed'): void {
    this.#lines = this.#lines.map((line) => (line.id === id ? { ...line, state } : line))
  }

  #add(line: StoredLine): StoredLine | null {
    const text = cleanText(line.text).slice(0, CHAT_MAX_CHARS).toWellFormed()
    if (text === '') return null
    const stored = { ...line, text }
    this.#lines = [...this.#lines, stored].slice(-KEPT_LINES)
    return stored
  }
}
