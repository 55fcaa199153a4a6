/**
 * The page for when there is no server to fetch a page from: made whole inside its service worker (offline.worker.ts),
 * from the catalogues' own texts, in both languages; offline-script.ts shows one of them. Holds nothing of a meeting.
 */
import { app as appEn, offline as offlineEn } from '../i18n/en.json'
import { app as appFr, offline as offlineFr } from '../i18n/fr.json'
import type { Language } from '../i18n/language.ts'
import { runOfflinePage } from './offline-script.ts'

export const STYLE_PATH = '/offline/page.css'
export const SCRIPT_PATH = '/offline/page.js'

type Catalogue = { 'app.title': string; 'app.retry': string } & {
  [Key in keyof typeof offlineEn as `offline.${Key}`]: string
}

const catalogueOf = (app: typeof appEn, offline: typeof offlineEn): Catalogue => ({
  'app.title': app.title,
  'app.retry': app.retry,
  'offline.page': offline.page,
  'offline.alone': offline.alone,
  'offline.silent': offline.silent,
  'offline.open': offline.open,
  'offline.trying': offline.trying,
  'offline.still': offline.still,
})

const CATALOGUES: Readonly<Record<Language, Catalogue>> = {
  en: catalogueOf(appEn, offlineEn),
  fr: catalogueOf(appFr, offlineFr),
}

/** The open door: see Mark.tsx. */
const MARK =
  '<svg class="mark" width="92" height="92" viewBox="0 0 32 32" fill="currentColor" aria-hidden="true"><path d="M3 30V14C3 9 6.2 5 11 3.6V26.5Z"/><path d="M29 30V14C29 9 25.8 5 21 3.6V26.5Z"/></svg>'

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
const escapeHtml = (text: string): string => text.replaceAll(/[&<>"]/g, (sign) => ESCAPES[sign] ?? sign)

function part(language: Language, shown: boolean): string {
  const t = (key: keyof Catalogue): string => escapeHtml(CATALOGUES[language][key])
  const title = t('app.title').replace('{{page}}', t('offline.page'))
  return `<main lang="${language}"${shown ? '' : ' hidden'} data-title="${title}" data-trying="${t('offline.trying')}" data-still="${t('offline.still')}">
<div class="status status-wrong">
<div class="status-door">${MARK}</div>
<h1>${t('offline.page')}</h1>
<p data-part="alone" hidden>${t('offline.alone')}</p>
<p data-part="silent">${t('offline.silent')}</p>
<p>${t('offline.open')}</p>
<div class="row status-actions"><button type="button" class="button button-primary" data-part="retry">${t('app.retry')}</button></div>
<p class="small" role="status" data-part="status"></p>
</div>
</main>`
}

/** The whole page; `language` is the one shown until its script knows better. */
export function offlinePage(language: Language): string {
  const title = CATALOGUES[language]['app.title'].replace('{{page}}', CATALOGUES[language]['offline.page'])
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(title)}</title>
<link rel="stylesheet" href="${STYLE_PATH}">
</head>
<body class="page">
${part('en', language === 'en')}
${part('fr', language === 'fr')}
<script src="${SCRIPT_PATH}"></script>
</body>
</html>
`
}

export const offlineScript = (): string => `(${String(runOfflinePage)})(window)`

/** As the server's (WEB1), and narrower: this page shows no picture and starts no worker. */
export const OFFLINE_HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'cache-control': 'no-store',
}
