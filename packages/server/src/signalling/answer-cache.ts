/**
 * Idempotence (SIG5): the answers a session gave, by request number. A request asked again gets the first answer again
 * and is not carried out twice, also while its first answer is still on the way.
 */

const CAPACITY = 256
const MOST_PENDING = 128

export type Seen = { at: 'new' } | { at: 'pending' } | { at: 'answered'; text: string } | { at: 'overloaded' }

export class AnswerCache {
  readonly #answered = new Map<number, string>()
  readonly #pending = new Set<number>()

  /** Notes that request `id` has come. Only for 'new' is it to be carried out. */
  begin(id: number): Seen {
    const text = this.#answered.get(id)
    if (text !== undefined) return { at: 'answered', text }
    if (this.#pending.has(id)) return { at: 'pending' }
    if (this.#pending.size >= MOST_PENDING) return { at: 'overloaded' }
    this.#pending.add(id)
    return { at: 'new' }
  }

  finish(id: number, text: string): void {
    this.#pending.delete(id)
    this.#answered.set(id, text)
    if (this.#answered.size <= CAPACITY) return
    for (const oldest of this.#answered.keys()) {
      this.#answered.delete(oldest)
      return
    }
  }
}
