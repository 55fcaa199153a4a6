/**
 * Looks at every screen of the demo page: a picture of each in two languages and four sizes, what axe finds, what
 * overflows, what the console says. `npm run album -- [OUT [screen…]]`; exit status 1 where anything was found.
 */
import { mkdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { chromium } from 'playwright-core'
import { createServer } from 'vite'
import { CHROMIUM_FLAGS } from './browsers.ts'

interface Look {
  readonly screen: string
  readonly language: 'en' | 'fr' | 'pseudo'
  readonly theme: 'light' | 'dark'
  readonly width: number
  readonly height: number
}

const LOOKS: readonly Omit<Look, 'screen'>[] = [
  { language: 'en', theme: 'light', width: 1280, height: 800 },
  { language: 'fr', theme: 'dark', width: 390, height: 844 },
  { language: 'fr', theme: 'light', width: 360, height: 740 },
  { language: 'pseudo', theme: 'light', width: 360, height: 740 },
]
const SETTLE_MS = 600
/** What the screen named `fault` throws. */
const ON_PURPOSE = 'a fault on purpose'
const AXE_TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

interface AxeResult {
  violations: { id: string; nodes: { html: string }[] }[]
}

/** Texts that are cut off without saying so; names of people and of meetings may end in an ellipsis. */
const CUT_TEXTS = `[...document.querySelectorAll('button, h1, h2, h3, label, summary, p, dt, a')]
  .filter((e) => e.clientWidth > 0 && !e.closest('.unseen') && !e.matches('.unseen, .room-title, .tile-name, .note'))
  .filter((e) => getComputedStyle(e).overflowX !== 'visible' && e.scrollWidth > e.clientWidth + 1)
  .map((e) => (e.textContent ?? '').slice(0, 60))`

async function findings(page: Page): Promise<string[]> {
  const overflow = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth')
  const cut = await page.evaluate<string[]>(CUT_TEXTS)
  await page.addScriptTag({ path: createRequire(import.meta.url).resolve('axe-core/axe.min.js') })
  const axe = await page.evaluate<AxeResult>(`axe.run(document, { runOnly: ${JSON.stringify(AXE_TAGS)} })`)
  return [
    ...(overflow > 0 ? [`overflows by ${overflow} px`] : []),
    ...cut.map((text) => `cut off: ${text}`),
    ...axe.violations.map(({ id, nodes }) => `axe ${id}: ${nodes[0]?.html.slice(0, 160) ?? ''}`),
  ]
}

async function take(browser: Browser, origin: string, out: string, look: Look): Promise<string[]> {
  const { screen, language, theme, width, height } = look
  const page = await browser.newPage({ viewport: { width, height }, bypassCSP: true })
  const said: string[] = []
  page.on('pageerror', (error) => said.push(`error: ${error.message}`))
  page.on('console', (message) => {
    const heard = message.type() === 'error' || message.type() === 'warning'
    if (heard && !message.text().includes(ON_PURPOSE)) said.push(`console: ${message.text()}`)
  })
  try {
    await page.goto(`${origin}/?screen=${screen}&lang=${language}&theme=${theme}`)
    await page.waitForSelector('#root > *')
    await page.waitForTimeout(SETTLE_MS)
    await page.screenshot({ path: join(out, `${screen}-${width}-${language}-${theme}.png`) })
    return [...said, ...(await findings(page))].map(
      (text) => `${screen} ${width} ${language} ${theme}: ${text}`,
    )
  } finally {
    await page.close()
  }
}

/** Every screen's name, as the demo page lists them. */
async function screenNames(browser: Browser, origin: string): Promise<string[]> {
  const page = await browser.newPage()
  await page.goto(origin)
  await page.waitForSelector('#root a')
  const names = await page.locator('#root a').allTextContents()
  await page.close()
  return names
}

/** Takes the album; resolves with everything that is wrong. `only`: names of screens, none for all. */
export async function takeAlbum(out: string, only: readonly string[]): Promise<string[]> {
  mkdirSync(out, { recursive: true })
  const configFile = fileURLToPath(new URL('../../packages/web/demo/vite.config.ts', import.meta.url))
  const server = await createServer({ configFile, server: { port: 0 }, logLevel: 'error' })
  await server.listen()
  const origin = (server.resolvedUrls?.local[0] ?? '').replace(/\/$/u, '')
  const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    headless: true,
    args: CHROMIUM_FLAGS,
  })
  try {
    const names = await screenNames(browser, origin)
    const found: string[] = []
    for (const screen of names.filter((name) => only.length === 0 || only.includes(name))) {
      for (const look of LOOKS) found.push(...(await take(browser, origin, out, { screen, ...look })))
    }
    return found
  } finally {
    await browser.close()
    await server.close()
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [out = '.tmp/album', ...only] = process.argv.slice(2)
  const found = await takeAlbum(out, only)
  for (const line of found) process.stdout.write(`${line}\n`)
  process.stdout.write(`${found.length} findings\n`)
  process.exitCode = found.length === 0 ? 0 : 1
}
