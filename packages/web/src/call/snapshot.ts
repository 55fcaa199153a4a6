/** A value that screens watch: immutable snapshots, a new object on each change (fits `useSyncExternalStore`). */

export class Snapshot<View> {
  #view: View
  readonly #watchers = new Set<() => void>()

  constructor(first: View) {
    this.#view = first
  }

  get view(): View {
    return this.#view
  }

  /** Calls `changed` after each change of `view`; the result ends it. */
  subscribe = (changed: () => void): (() => void) => {
    // A fresh function, so that one callback may watch twice.
    const watcher = () => changed()
    this.#watchers.add(watcher)
    return () => this.#watchers.delete(watcher)
  }

  /** Replaces the view; nothing happens when it is the very same. */
  set(view: View): void {
    if (Object.is(view, this.#view)) return
    this.#view = view
    for (const watcher of [...this.#watchers]) watcher()
  }

  /** Replaces some fields of an object view. */
  patch(part: Partial<View>): void {
    const changes = Object.entries(part).some(
      ([key, value]) => !Object.is(this.#view[key as keyof View], value),
    )
    if (changes) this.set({ ...this.#view, ...part })
  }
}
