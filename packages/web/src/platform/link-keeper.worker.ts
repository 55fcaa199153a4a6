/**
 * A service worker that does one thing: hold a link's fragment, in its memory alone, between a page that is being
 * reloaded and the page that follows it in the same tab (LINK1; docs/decisions/0003-link-across-reload.md). It serves
 * no request, opens no storage, sends nothing anywhere, hands each fragment out once and forgets it after a minute. By
 * its scope it also keeps every meeting's address from the worker of the offline page: it must never listen to `fetch`.
 */
import type { AskKeeper, KeeperAnswer } from './fragment-shelf.ts'
import { FragmentShelf, KEEP_MS } from './fragment-shelf.ts'

const scope = self as unknown as ServiceWorkerGlobalScope
const shelf = new FragmentShelf()

scope.addEventListener('install', () => void scope.skipWaiting())
scope.addEventListener('activate', (event) => event.waitUntil(scope.clients.claim()))

scope.addEventListener('message', (event) => {
  const ask = event.data as AskKeeper
  const now = Date.now()
  if (ask.t === 'keep') {
    shelf.keep(ask, now)
    // An idle worker may be stopped, which would forget too early; this keeps it until it should.
    event.waitUntil(new Promise((over) => setTimeout(over, KEEP_MS)).then(() => shelf.expire(Date.now())))
  }
  if (ask.t === 'take') event.ports[0]?.postMessage(shelf.take(ask, now) satisfies KeeperAnswer)
  if (ask.t === 'forget') shelf.forget(ask)
})
