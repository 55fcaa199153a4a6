/** Reads a port's snapshots into React; draws again only when the part that was picked has changed. */
import { useCallback, useSyncExternalStore } from 'react'
import type { Store } from './ports.ts'

/** The current snapshot of a store. */
export function useStore<View>(store: Store<View>): View {
  const subscribe = useCallback((changed: () => void) => store.subscribe(changed), [store])
  const read = () => store.view
  return useSyncExternalStore(subscribe, read, read)
}
