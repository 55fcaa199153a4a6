/**
 * A word of warning before the page goes during a call: closing a tab by mistake ends it. The words are the browser's;
 * it asks only people who have touched the page.
 */

/** Asks before leaving until the result is called. */
export function guardLeaving(
  page: Pick<Window, 'addEventListener' | 'removeEventListener'> = window,
): () => void {
  const ask = (event: BeforeUnloadEvent) => event.preventDefault()
  page.addEventListener('beforeunload', ask)
  return () => page.removeEventListener('beforeunload', ask)
}
