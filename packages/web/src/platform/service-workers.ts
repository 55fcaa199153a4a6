/**
 * Starts the page's two service workers, in this order: the link keeper, whose scope holds every meeting's address and
 * which answers no request, then the one with the offline page, whose scope is the rest. The browser gives a request
 * to the longest scope alone, so the second is never handed a meeting's address, fragment included (LINK1).
 */
import keeperUrl from './link-keeper.worker.ts?worker&url'
import { trustedScriptUrl } from './trusted-urls.ts'

const MEETINGS = '/m/'
const ALL_ELSE = '/'

/** The running keeper; null where the browser has or allows none. */
export async function startKeeper(): Promise<ServiceWorker | null> {
  return start(keeperUrl, MEETINGS)
}

/** Where no keeper stands before meetings, there is no offline page either. */
export async function startOfflinePage(keeper: Promise<ServiceWorker | null>, url: string): Promise<void> {
  if ((await keeper) !== null) await start(url, ALL_ELSE)
}

async function start(url: string, scope: string): Promise<ServiceWorker | null> {
  try {
    const registration = await navigator.serviceWorker.register(trustedScriptUrl(url), { scope })
    return registration.active ?? (await becomesActive(registration))
  } catch {
    return null
  }
}

function becomesActive(registration: ServiceWorkerRegistration): Promise<ServiceWorker | null> {
  const coming = registration.installing ?? registration.waiting
  return new Promise((resolve) => {
    if (!coming) return resolve(null)
    coming.addEventListener('statechange', () => {
      if (coming.state === 'activated') resolve(coming)
      if (coming.state === 'redundant') resolve(null)
    })
  })
}
