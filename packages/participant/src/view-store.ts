/**
 * The latest snapshot and who wants to know of it: built when asked for after a change, told once per turn however many
 * changes there were, and not at all when nothing differs.
 */
import { reuse } from './view-reuse.ts'

export class ViewStore<V> {
  readonly #build: () => V
  readonly #listeners = new Set<() => void>()
  #view: V | null = null
  #stale = true
  #telling = false

  constructor(build: () => V) {
    this.#build = build
  }

  get view(): V {
    if (this.#stale || this.#view === null) {
      this.#stale = false
      this.#view = reuse(this.#view, this.#build())
    }
    return this.#view
  }

  subscribe(changed: () => void): () => void {
    this.#listeners.add(changed)
    return () => {
      this.#listeners.delete(changed)
    }
  }

  changed(): void {
    const before = this.#view
    this.#stale = true
    if (this.#telling) return
    this.#telling = true
    queueMicrotask(() => {
      this.#telling = false
      if (this.view !== before) for (const listener of [...this.#listeners]) listener()
    })
  }
}
