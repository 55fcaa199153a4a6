/**
 * ROS4: each member numbers its messages; whoever reads them notices a repeat and a gap. Keyed by pseudonym, since
 * leaves are used again. The first number heard from somebody starts the count: newcomers get no past.
 */
export type Arrival = { fresh: false } | { fresh: true; missing: number }

export class SequenceTracker {
  readonly #last = new Map<string, number>()

  observe(pseudonym: string, n: number): Arrival {
    const last = this.#last.get(pseudonym)
    if (last !== undefined && n <= last) return { fresh: false }
    this.#last.set(pseudonym, n)
    return { fresh: true, missing: last === undefined ? 0 : n - last - 1 }
  }

  /** The last number heard; 0 for none. */
  last(pseudonym: string): number {
    return this.#last.get(pseudonym) ?? 0
  }

  /** Forgets who is no longer a member. */
  retain(pseudonyms: ReadonlySet<string>): void {
    for (const key of [...this.#last.keys()]) if (!pseudonyms.has(key)) this.#last.delete(key)
  }
}
