/**
 * Looks at every screen of the demo page in every look (looks.ts): a picture of each, what axe finds, what overflows or
 * is cut off, what the console says. `npm run album -- [OUT [screen… | @look…]]`; OUT/index.html shows them all; exit
 * status 1 where anything was found.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { chromium } from 'playwright-core'
import { albumPage } from './album-page.ts'
import { CHROMIUM_FLAGS } from './browsers.ts'
import type { DemoSite } from './demo-site.ts'
import { openDemoSite } from './demo-site.ts'
import type { Look, Theme } from './looks.ts'
import { LOOKS } from './looks.ts'

const SETTLE_MS = 600
/** Colours pass from one appearance to the other. */
const CHANGE_MS = 400
/** Pages that load at a time: two cores hold no more. */
const AT_ONCE = 3
/** What the screen named `fault` throws. */
const ON_PURPOSE = 'a fault on purpose'
/** Not a screen of React's: its service worker makes it whole (demo/serve-offline-page.ts). */
const OFFLINE = 'offline'
const AXE_TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

interface AxeResult {
  violations: { id: string; nodes: { html: string }[] }[]
}

/** Texts that are cut off without saying so; names of people and of meetings may end in an ellipsis. */
const CUT_TEXTS = `[...document.querySelectorAll('button, h1, h2, h3, label, summary, p, dt, a')]
  .filter((e) => e.clientWidth > 0 && !e.closest('.unseen') && !e.matches('.unseen, .room-title, .tile-name, .note'))
  .filter((e) => getComputedStyle(e).overflowX !== 'visible' && e.scrollWidth > e.clientWidth + 1)
  .map((e) => (e.textContent ?? '').slice(0, 60))`
/** Controls that stick out of the page sideways, where nobody can scroll to them: unlike in a strip that is scrolled. */
const OUT_OF_REACH = `[...document.querySelectorAll('button, a[href], input, select, textarea')]
  .filter((e) => e.checkVisibility() && !e.closest('.unseen, .skip'))
  .map((e) => {
    const scrolls = (one) => /auto|scroll/.test(getComputedStyle(one).overflowX) && one.scrollWidth > one.clientWidth
    let around = e
    while (around !== document.body && !scrolls(around)) around = around.parentElement
    return { e, box: (around === document.body ? e : around).getBoundingClientRect() }
  })
  .filter(({ box }) => box.right > innerWidth + 1 || box.left < -1)
  .map(({ e }) => (e.getAttribute('aria-label') ?? e.textContent ?? e.id).slice(0, 60))`

async function findings(page: Page, look: Look): Promise<string[]> {
  const overflow = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth')
  const cut = await page.evaluate<string[]>(CUT_TEXTS)
  const outside = await page.evaluate<string[]>(OUT_OF_REACH)
  await page.addScriptTag({ path: createRequire(import.meta.url).resolve('axe-core/axe.min.js') })
  // The system's colours are the system's: their contrast is the person's own choice.
  const rules = look.forcedColors === undefined ? {} : { 'color-contrast': { enabled: false } }
  const options = JSON.stringify({ runOnly: AXE_TAGS, rules })
  const axe = await page.evaluate<AxeResult>(`axe.run(document, ${options})`)
  return [
    ...(overflow > 0 ? [`overflows by ${overflow} px`] : []),
    ...cut.map((text) => `cut off: ${text}`),
    ...outside.map((text) => `out of reach: ${text}`),
    ...axe.violations.map(({ id, nodes }) => `axe ${id}: ${nodes[0]?.html.slice(0, 160) ?? ''}`),
  ]
}

export interface Picture {
  readonly screen: string
  readonly look: string
  readonly theme: Theme
  readonly file: string
}

export interface Album {
  readonly pictures: Picture[]
  readonly found: string[]
}

/** One screen in one look: in each appearance, or once where the screen has its own (the room is always dark). */
async function take(
  browser: Browser,
  site: DemoSite,
  out: string,
  screen: string,
  look: Look,
): Promise<Album> {
  const { language, width, height } = look
  const page = await browser.newPage({
    viewport: { width, height },
    bypassCSP: true,
    locale: language === 'fr' ? 'fr-FR' : 'en-GB',
    colorScheme: look.themes[0] ?? 'light',
    forcedColors: look.forcedColors ?? 'none',
    contrast: look.contrast ?? 'no-preference',
    reducedMotion: look.reducedMotion ?? 'no-preference',
  })
  const found: string[] = []
  const pictures: Picture[] = []
  const tell = (theme: Theme, text: string) => found.push(`${screen} ${look.name} ${theme}: ${text}`)
  let theme: Theme = look.themes[0] ?? 'light'
  page.on('pageerror', (error) => tell(theme, `error: ${error.message}`))
  page.on('console', (message) => {
    const heard = message.type() === 'error' || message.type() === 'warning'
    if (heard && !message.text().includes(ON_PURPOSE)) tell(theme, `console: ${message.text()}`)
  })
  try {
    const address =
      screen === OFFLINE
        ? `${await site.offlineOrigin()}/${OFFLINE}/`
        : `${site.origin}/?screen=${screen}&lang=${language}`
    await page.goto(address)
    await page.waitForSelector('#root > *, main:not([hidden])')
    await page.waitForTimeout(SETTLE_MS)
    const own = await page.evaluate<boolean>("document.documentElement.dataset.scene === 'room'")
    for (theme of own ? look.themes.slice(-1) : look.themes) {
      await page.emulateMedia({ colorScheme: theme })
      if (theme !== look.themes[0]) await page.waitForTimeout(CHANGE_MS)
      const file = `${screen}-${look.name}-${theme}.png`
      await page.screenshot({ path: join(out, file) })
      pictures.push({ screen, look: look.name, theme, file })
      for (const text of await findings(page, look)) tell(theme, text)
    }
    return { pictures, found }
  } finally {
    await page.close()
  }
}

/** Every screen's name, as the demo page lists them, and the one that is none of its own. */
async function screenNames(browser: Browser, origin: string): Promise<string[]> {
  const page = await browser.newPage()
  await page.goto(origin)
  await page.waitForSelector('#root a')
  const names = await page.locator('#root a').allTextContents()
  await page.close()
  return [...names, OFFLINE]
}

/** Takes the album; resolves with everything that is wrong. `only`: names of screens, none for all. */
export async function takeAlbum(
  out: string,
  only: readonly string[],
  looks = LOOKS,
  say: (finding: string) => void = () => undefined,
): Promise<string[]> {
  mkdirSync(out, { recursive: true })
  const site = await openDemoSite()
  const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    headless: true,
    args: CHROMIUM_FLAGS,
  })
  try {
    const names = await screenNames(browser, site.origin)
    const unknown = only.filter((name) => !names.includes(name))
    if (unknown.length > 0) throw new Error(`no screen ${unknown.join(', ')}`)
    const wanted = names.filter((name) => only.length === 0 || only.includes(name))
    const shots = wanted.flatMap((screen) => looks.map((look) => ({ screen, look })))
    const albums: Album[] = []
    const work = async (): Promise<void> => {
      for (let shot = shots.shift(); shot !== undefined; shot = shots.shift()) {
        const album = await take(browser, site, out, shot.screen, shot.look)
        album.found.forEach(say)
        albums.push(album)
      }
    }
    await Promise.all(Array.from({ length: AT_ONCE }, work))
    const pictures = albums.flatMap((album) => album.pictures)
    writeFileSync(join(out, 'index.html'), albumPage(wanted, pictures))
    return albums.flatMap(({ found }) => found)
  } finally {
    await browser.close()
    await site.close()
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [out = '.tmp/album', ...only] = process.argv.slice(2)
  const chosen = only.filter((word) => word.startsWith('@')).map((word) => word.slice(1))
  const looks = LOOKS.filter(({ name }) => chosen.length === 0 || chosen.includes(name))
  const found = await takeAlbum(
    out,
    only.filter((word) => !word.startsWith('@')),
    looks,
    (line) => process.stdout.write(`${line}\n`),
  )
  process.stdout.write(`${found.length} findings; ${join(out, 'index.html')}\n`)
  process.exitCode = found.length === 0 ? 0 : 1
}
