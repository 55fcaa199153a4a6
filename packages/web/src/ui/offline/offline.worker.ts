/**
 * A service worker that shows a page of our own where the server cannot be reached: when the home page or the
 * connection test is opened, and for nothing else. It opens no cache and no storage; what it shows is part of its own
 * script. Meetings' addresses lie in the link keeper's scope, so the browser never hands it a link's fragment
 * (LINK1; docs/decisions/0008-offline-page.md).
 */
import { pickLanguage } from '../i18n/language.ts'
import styles from './offline.css?inline'
import { OFFLINE_HEADERS, offlinePage, offlineScript, SCRIPT_PATH, STYLE_PATH } from './offline-page.ts'

const scope = self as unknown as ServiceWorkerGlobalScope
const PAGES: readonly string[] = ['/', '/check']
/** What a proxy answers for a server that is down. */
const NOBODY_BEHIND: readonly number[] = [502, 504]

scope.addEventListener('install', () => void scope.skipWaiting())

scope.addEventListener('fetch', (event) => {
  const { request } = event
  const path = new URL(request.url).pathname
  if (path === STYLE_PATH) event.respondWith(made(styles, 'text/css'))
  else if (path === SCRIPT_PATH) event.respondWith(made(offlineScript(), 'text/javascript'))
  else if (request.mode === 'navigate' && PAGES.includes(path)) event.respondWith(pageOrOffline(request))
})

async function pageOrOffline(request: Request): Promise<Response> {
  const answer = await fetch(request).catch(() => null)
  if (answer !== null && !NOBODY_BEHIND.includes(answer.status)) return answer
  return made(offlinePage(pickLanguage(null, scope.navigator.languages)), 'text/html')
}

const made = (body: string, type: string): Response =>
  new Response(body, { headers: { ...OFFLINE_HEADERS, 'content-type': `${type}; charset=utf-8` } })
