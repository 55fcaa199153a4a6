/**
 * The installed page, and what it shows when the server cannot be reached (EVE1–3): a browser with a profile of its own,
 * since browsers install nothing from a private window.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BrowserContext, Page, Worker } from 'playwright-core'
import { chromium } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { RunningServer } from '../packages/server/src/index.ts'
import { startServer } from '../packages/server/src/index.ts'
import { CHROMIUM_FLAGS } from './support/browsers.ts'

const profile = mkdtempSync(join(tmpdir(), 'huisclos-profile-'))
const LINK = '/m/abcdefgh23456723#AQ-a-fragment-that-nobody-else-may-see'
let server: RunningServer
let context: BrowserContext
let page: Page

const begin = () => startServer({ sfu: 'fake', port: server?.port ?? 0, logLevel: 'silent' })

beforeAll(async () => {
  server = await begin()
  context = await chromium.launchPersistentContext(profile, {
    executablePath: '/usr/bin/chromium',
    args: CHROMIUM_FLAGS,
    locale: 'fr-FR',
    colorScheme: 'dark',
    viewport: { width: 360, height: 740 },
  })
  page = context.pages()[0] ?? (await context.newPage())
  await page.goto(server.url)
  await workerOf('/')
})
afterAll(async () => {
  await context?.close()
  await server?.close()
  rmSync(profile, { recursive: true, force: true })
})

/**
 * Waits until a worker stands before that part of the address space, and returns its script's address. In the page:
 * Playwright's own waiting takes the promise of an asynchronous condition for its fulfilment.
 */
const workerOf = (scope: string): Promise<string> =>
  page.evaluate(async (wanted) => {
    for (;;) {
      const registration = await navigator.serviceWorker.getRegistration(wanted)
      const { active, scope: own } = registration ?? {}
      const isIts = own !== undefined && new URL(own).pathname === wanted
      if (isIts && active?.state === 'activated') return active.scriptURL
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }, scope)

/** What axe finds on the page, policy or not: it comes through the debugger. */
async function axeFinds(): Promise<string[]> {
  await page.evaluate(readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8'))
  return page.evaluate<string[]>('axe.run(document).then((r) => r.violations.map((one) => one.id))')
}

describe('installed', () => {
  test('[EVE1] a browser finds nothing that keeps the page from being installed, and a manifest in its language', async () => {
    const session = await context.newCDPSession(page)
    const { installabilityErrors } = await session.send('Page.getInstallabilityErrors')
    expect(installabilityErrors).toEqual([])
    const { url, errors, data } = await session.send('Page.getAppManifest')
    expect(errors).toEqual([])
    expect(new URL(url).pathname).toBe('/manifest.fr.webmanifest')
    expect(JSON.parse(data ?? '')).toMatchObject({ lang: 'fr', name: 'Huis clos', display: 'standalone' })
    await session.detach()
  })
})

describe('without a server', () => {
  test('[EVE2] says what happened in the person’s language, tries again when asked, and goes on by itself', async () => {
    await server.close()
    await page.goto(server.url)
    const main = page.locator('main:visible')
    expect(await main.locator('h1').textContent()).toBe('Pas de liaison avec le serveur')
    expect(await page.title()).toBe('Pas de liaison avec le serveur · Huis clos')
    expect(await main.textContent()).toContain('le serveur ne répond pas')
    expect(await page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor)).toBe(
      'rgb(17, 25, 21)',
    )
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360)
    expect(await axeFinds()).toEqual([])

    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await main.getByRole('status').filter({ hasText: 'Toujours pas de réponse' }).waitFor()

    server = await begin()
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: 'Créer la réunion' }).waitFor()
  })

  test('[EVE2] a device without network is told apart from a silent server, and its return is noticed', async () => {
    await context.setOffline(true)
    await page.goto(`${server.url}/check`)
    await page.locator('main:visible').getByText('relié à aucun réseau').waitFor()
    await context.setOffline(false)
    await page.getByRole('heading', { level: 1, name: /Est-ce que ça passe/ }).waitFor()
  })

  test('[EVE2] the language and the appearance chosen on this device win', async () => {
    await page.evaluate(() => {
      localStorage.setItem('huisclos.language', 'en')
      localStorage.setItem('huisclos.theme', 'light')
    })
    await server.close()
    await page.goto(server.url)
    expect(await page.locator('main:visible h1').textContent()).toBe('No connection to the server')
    expect(await page.evaluate(() => document.documentElement.lang)).toBe('en')
    expect(await page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor)).toBe(
      'rgb(244, 239, 228)',
    )
    server = await begin()
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: 'Create the meeting' }).waitFor()
  })
})

describe('meetings', () => {
  /** Addresses of every request that the worker with the offline page is handed from now on. */
  async function watchOfflineWorker(): Promise<Worker> {
    const worker = context.serviceWorkers().find((one) => one.url().endsWith('/offline-worker.js'))
    if (worker === undefined) throw new Error('no worker with the offline page')
    await worker.evaluate(() => {
      const seen: string[] = []
      Object.assign(self, { seen })
      addEventListener('fetch', (event) => seen.push((event as Event & { request: Request }).request.url))
    })
    return worker
  }
  const seenBy = (worker: Worker) => worker.evaluate(() => (self as unknown as { seen: string[] }).seen)

  test('[EVE3][LINK1] the worker with the offline page is never handed a meeting’s address, and nothing is cached', async () => {
    await page.goto(server.url)
    expect(await workerOf('/m/')).toMatch(/\/link-keeper-worker\.js$/)
    const worker = await watchOfflineWorker()
    await page.goto(`${server.url}${LINK}`)
    await page.locator('h1').first().waitFor()
    expect(await seenBy(worker)).not.toContainEqual(expect.stringContaining('/m/'))
    expect(await page.evaluate(() => caches.keys())).toEqual([])
  })

  test('[EVE3][LINK1] control: without the keeper before it, it would be handed the fragment', async () => {
    await page.goto(server.url)
    const worker = await watchOfflineWorker()
    await page.evaluate(async () => (await navigator.serviceWorker.getRegistration('/m/'))?.unregister())
    await page.goto(`${server.url}${LINK}`)
    expect(await seenBy(worker)).toContainEqual(`${server.url}${LINK}`)
  })
})
