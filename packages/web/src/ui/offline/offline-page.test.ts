// The offline page as its worker makes it, and what its script does, on a window made of fixtures.
import { describe, expect, test } from 'vitest'
import { OFFLINE_HEADERS, offlinePage, offlineScript, SCRIPT_PATH, STYLE_PATH } from './offline-page.ts'
import type { OfflineWindow } from './offline-script.ts'
import { runOfflinePage } from './offline-script.ts'

describe('the page', () => {
  test('[EVE2] holds both languages, and shows the one that is asked for', () => {
    expect(offlinePage('en')).toMatch(
      /<html lang="en">[\s\S]*<main lang="en" data[\s\S]*<main lang="fr" hidden/,
    )
    expect(offlinePage('fr')).toMatch(
      /<html lang="fr">[\s\S]*<main lang="en" hidden[\s\S]*<main lang="fr" data/,
    )
    expect(offlinePage('fr')).toContain('<title>Pas de liaison avec le serveur · Huis clos</title>')
  })

  test('[WEB1] has no inline script, style or handler, and asks for nothing but its own two files', () => {
    const html = offlinePage('en')
    expect(html).not.toMatch(/<script(?![^>]*\bsrc=)/)
    expect(html).not.toMatch(/<style|\son\w+=|\sstyle=/)
    const asked = [...html.matchAll(/\b(?:src|href)="([^"]*)"/g)].map(([, address]) => address)
    expect(asked).toEqual([STYLE_PATH, SCRIPT_PATH])
    expect(OFFLINE_HEADERS['content-security-policy']).toMatch(/^default-src 'none'; /)
    expect(OFFLINE_HEADERS['content-security-policy']).toContain("require-trusted-types-for 'script'")
  })
})

interface FakePart {
  hidden: boolean
  textContent: string
  lang: string
  dataset: Record<string, string>
  querySelector: (selector: string) => FakePart | null
  addEventListener: (type: 'click', handler: () => void) => void
  focus: () => void
  click: () => void
}

function fakePart(lang: string, inside: Record<string, FakePart> = {}): FakePart {
  let pressed = () => {}
  return {
    hidden: false,
    textContent: '',
    lang,
    dataset: { title: `title ${lang}`, trying: `trying ${lang}`, still: `still ${lang} {{time}}` },
    querySelector: (selector) => inside[/"(\w+)"/.exec(selector)?.[1] ?? ''] ?? null,
    addEventListener: (_type, handler) => {
      pressed = handler
    },
    focus: () => {},
    click: () => pressed(),
  }
}

const PARTS = ['alone', 'silent', 'retry', 'status'] as const

function world(languages: string[], stored: Record<string, string> | null, onLine = true) {
  const inside = () => Object.fromEntries(PARTS.map((name) => [name, fakePart('')]))
  const [en, fr] = [inside(), inside()]
  const mains = [fakePart('en', en), fakePart('fr', fr)]
  const told: { reloads: number; online: () => void; answer: () => Promise<{ ok: boolean }> } = {
    reloads: 0,
    online: () => {},
    answer: () => Promise.reject(new TypeError('nobody')),
  }
  const root = { lang: '', dataset: {} as Record<string, string> }
  const page = {
    document: { title: '', documentElement: root, querySelectorAll: () => mains },
    navigator: { onLine, languages },
    localStorage: {
      getItem(key: string) {
        if (stored === null) throw new Error('refused')
        return stored[key] ?? null
      },
    },
    location: {
      reload: () => {
        told.reloads += 1
      },
    },
    fetch: () => told.answer(),
    addEventListener: (type: string, handler: () => void) => {
      if (type === 'online') told.online = handler
    },
    setInterval: () => 0,
  } satisfies OfflineWindow
  return { page, told, root, mains, en, fr }
}

describe('its script', () => {
  test('[EVE2] the language chosen on this device wins, then the browser’s, then English; so does the appearance', () => {
    const chosen = world(['en-GB'], { 'huisclos.language': 'fr', 'huisclos.theme': 'dark' })
    runOfflinePage(chosen.page)
    expect(chosen.mains.map(({ hidden }) => hidden)).toEqual([true, false])
    expect(chosen.root).toEqual({ lang: 'fr', dataset: { theme: 'dark' } })
    const browsers = world(['de-DE', 'fr-CA'], {})
    runOfflinePage(browsers.page)
    expect(browsers.page.document.title).toBe('title fr')
    const neither = world(['de'], null)
    runOfflinePage(neither.page)
    expect(neither.root.lang).toBe('en')
  })

  test('[EVE2] tells a device without network from a silent server', () => {
    const alone = world(['en'], {}, false)
    runOfflinePage(alone.page)
    expect([alone.en['alone']?.hidden, alone.en['silent']?.hidden]).toEqual([false, true])
    const silent = world(['en'], {})
    runOfflinePage(silent.page)
    expect([silent.en['alone']?.hidden, silent.en['silent']?.hidden]).toEqual([true, false])
  })

  test('[EVE2] trying again says that it tries, then that there is still no answer, and reloads once there is one', async () => {
    const { page, told, en } = world(['en'], {})
    runOfflinePage(page)
    en['retry']?.click()
    expect(en['status']?.textContent).toBe('trying en')
    await expect.poll(() => en['status']?.textContent).toMatch(/^still en \d/)
    told.answer = async () => ({ ok: false })
    en['retry']?.click()
    await expect.poll(() => en['status']?.textContent).toMatch(/^still en \d/)
    expect(told.reloads).toBe(0)
    told.answer = async () => ({ ok: true })
    told.online()
    await expect.poll(() => told.reloads).toBe(1)
  })

  test('[EVE2] works as the text it travels as, with nothing around it', () => {
    const { page, mains } = world(['fr'], {})
    const run = new Function('window', offlineScript()) as (page: OfflineWindow) => void
    run(page)
    expect(mains.map(({ hidden }) => hidden)).toEqual([true, false])
  })
})
