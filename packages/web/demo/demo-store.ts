/** A snapshot that fixtures can change, as the ports want it. */
import type { Store } from '../src/ui/ports.ts'

export interface DemoStore<View> extends Store<View> {
  change(part: Partial<View>): void
}

export function demoStore<View extends object>(first: View): DemoStore<View> {
  let view = first
  const listeners = new Set<() => void>()
  return {
    get view() {
      return view
    },
    subscribe(changed) {
      listeners.add(changed)
      return () => listeners.delete(changed)
    },
    change(part) {
      view = { ...view, ...part }
      for (const listener of listeners) listener()
    },
  }
}
