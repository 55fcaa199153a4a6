/**
 * Real browsers behind one small interface: Debian's Chromium through Playwright, Debian's Firefox over WebDriver
 * BiDi. A page of either is a `TestPage`; tests do not know which one they hold.
 */
import { existsSync } from 'node:fs'
import type { BrowserContext, Browser as Chromium, Page as ChromiumPage } from 'playwright-core'
import { chromium } from 'playwright-core'
import type { Browser as Firefox } from 'puppeteer-core'
import puppeteer from 'puppeteer-core'

export interface TestPage {
  readonly browser: 'chromium' | 'firefox'
  goto(url: string): Promise<void>
  reload(): Promise<void>
  /** Evaluates a function of the page's world with cloneable arguments. */
  evaluate<A extends unknown[], R>(body: (...args: A) => R | Promise<R>, ...args: A): Promise<R>
  /** Runs `body` before any script of each page loaded from now on. */
  beforeScripts<A extends unknown[]>(body: (...args: A) => void, ...args: A): Promise<void>
  /** Waits for an element that matches, then clicks it. */
  click(selector: string): Promise<void>
  /** Replaces what a field holds. */
  fill(selector: string, text: string): Promise<void>
  press(key: string): Promise<void>
  /** Waits until `body` returns something truthy and returns it; fails with `what` otherwise. */
  until<A extends unknown[], R>(what: string, body: (...args: A) => R | Promise<R>, ...args: A): Promise<R>
  screenshot(path: string): Promise<void>
  /** Addresses that the page asked for, data: and blob: included. */
  readonly requests: string[]
  /** Errors and warnings on the page's console. */
  readonly complaints: string[]
  close(): Promise<void>
}

/** For every Chromium that our tests and pictures use. */
export const CHROMIUM_FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--use-fake-device-for-media-stream',
  '--use-fake-ui-for-media-stream',
  '--autoplay-policy=no-user-gesture-required',
  '--disable-renderer-backgrounding',
  '--disable-background-timer-throttling',
  '--disable-backgrounding-occluded-windows',
]
const WHOLE_CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser']
/** The same engine without the browser's own windows, which cost as much as a page's start. */
const LIGHT_CHROMIUM = ['/usr/bin/chromium-headless-shell', ...WHOLE_CHROMIUM]
const UNTIL_MS = 45_000

const firstOf = (paths: string[]): string => {
  const found = paths.find((path) => existsSync(path))
  if (found === undefined) throw new Error(`no browser at ${paths.join(', ')}`)
  return found
}

async function until<A extends unknown[], R>(
  page: Pick<TestPage, 'evaluate' | 'complaints'>,
  what: string,
  body: (...a: A) => R | Promise<R>,
  args: A,
): Promise<R> {
  const end = Date.now() + UNTIL_MS
  let last: unknown
  while (Date.now() < end) {
    try {
      const result = await page.evaluate(body, ...args)
      if (result) return result
      last = result
    } catch (error) {
      last = error
    }
    await new Promise((resolve) => setTimeout(resolve, 150))
  }
  throw new Error(
    `gave up waiting until ${what}; last: ${JSON.stringify(last) ?? String(last)}; console: ${page.complaints.slice(-5).join(' | ')}`,
  )
}

export interface PageOptions {
  language?: 'en' | 'fr'
  width?: number
  height?: number
  dark?: boolean
  /** Chromium only: run in each worker as soon as it is there. */
  inWorkers?: () => void
}

/** A call as source text: evaluated by the debugger, which the page's policy against eval does not touch. */
const callText = (body: (...args: never[]) => unknown, args: unknown[]): string =>
  `(${String(body)})(...${JSON.stringify(args)})`

export interface ChromiumOptions {
  flags?: readonly string[]
  /** Gives the program file to run instead of a browser's: one that runs it elsewhere, as in a namespace. */
  wrap?: (program: string) => string
  /** With all that belongs to the browser around the engine, such as its speech recognition. */
  whole?: boolean
}

/** One Chromium process; each page gets a context (storage, cookies) of its own. */
export class ChromiumBrowser {
  #browser: Chromium
  readonly #pages = new WeakMap<TestPage, ChromiumPage>()
  private constructor(browser: Chromium) {
    this.#browser = browser
  }

  static async launch({ flags = [], wrap, whole = false }: ChromiumOptions = {}): Promise<ChromiumBrowser> {
    const program = firstOf(whole ? WHOLE_CHROMIUM : LIGHT_CHROMIUM)
    const executablePath = wrap?.(program) ?? program
    return new ChromiumBrowser(
      await chromium.launch({ executablePath, headless: true, args: [...CHROMIUM_FLAGS, ...flags] }),
    )
  }

  async page(options: PageOptions = {}): Promise<TestPage> {
    const context = await this.#browser.newContext({
      locale: options.language === 'fr' ? 'fr-FR' : 'en-GB',
      viewport: { width: options.width ?? 1280, height: options.height ?? 800 },
      colorScheme: options.dark ? 'dark' : 'light',
    })
    return this.#open(context, options)
  }

  /** Ends the page's process as a crash does, and opens another page with the same storage. */
  async crash(page: TestPage): Promise<TestPage> {
    const own = this.#pages.get(page)
    if (own === undefined) throw new Error('a page of another browser')
    const crashed = own.waitForEvent('crash')
    own.goto('chrome://crash').catch(() => undefined)
    await crashed
    return this.#open(own.context(), {})
  }

  async #open(context: BrowserContext, options: PageOptions): Promise<TestPage> {
    const page = await context.newPage()
    const { inWorkers } = options
    if (inWorkers)
      page.on('worker', (worker) => void worker.evaluate(callText(inWorkers, [])).catch(() => {}))
    const requests: string[] = []
    const complaints: string[] = []
    page.on('request', (request) => requests.push(request.url()))
    page.on('websocket', (socket) => requests.push(socket.url()))
    page.on('pageerror', (error) => complaints.push(String(error)))
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text())
    })
    const self: TestPage = {
      browser: 'chromium',
      requests,
      complaints,
      goto: async (url) => void (await page.goto(url)),
      reload: async () => void (await page.reload()),
      evaluate: (body, ...args) => page.evaluate(callText(body, args)),
      beforeScripts: async (body, ...args) => void (await page.addInitScript(callText(body, args))),
      click: (selector) => page.locator(selector).first().click(),
      fill: (selector, text) => page.locator(selector).first().fill(text),
      press: (key) => page.keyboard.press(key),
      until: (what, body, ...args) => until(self, what, body, args),
      screenshot: async (path) => void (await page.screenshot({ path })),
      close: () => context.close(),
    }
    this.#pages.set(self, page)
    return self
  }

  /** What `body` answers in a page that must not take our reading for a person's gesture, as `evaluate` makes it do. */
  async look<R>(page: TestPage, body: () => R): Promise<R> {
    const own = this.#pages.get(page)
    if (own === undefined) throw new Error('a page of another browser')
    const session = await own.context().newCDPSession(own)
    try {
      const { result } = await session.send('Runtime.evaluate', {
        expression: callText(body, []),
        returnByValue: true,
        awaitPromise: true,
        userGesture: false,
      })
      return result.value as R
    } finally {
      await session.detach()
    }
  }

  /** What `body` answers in each worker of a page. */
  async fromWorkers<R>(page: TestPage, body: () => R): Promise<R[]> {
    const workers = this.#pages.get(page)?.workers() ?? []
    return Promise.all(workers.map((worker) => worker.evaluate<R>(callText(body, []))))
  }

  close(): Promise<void> {
    return this.#browser.close()
  }
}

const FIREFOX_PREFERENCES = {
  'media.navigator.streams.fake': true,
  'media.navigator.permission.disabled': true,
  'media.autoplay.default': 0,
  'media.peerconnection.ice.loopback': true,
  // Only a page that may capture is offered every interface, loopback included.
  'permissions.default.microphone': 1,
  'permissions.default.camera': 1,
  'media.peerconnection.ice.obfuscate_host_addresses': false,
  'privacy.resistFingerprinting': false,
}

/** One Firefox process; each page gets a user context of its own. */
export class FirefoxBrowser {
  #browser: Firefox
  private constructor(browser: Firefox) {
    this.#browser = browser
  }

  /** `environment` is a sound sink's: without one no tone is ever heard (sound-sink.ts). */
  static async launch(
    environment: Record<string, string>,
    language: 'en' | 'fr' = 'en',
  ): Promise<FirefoxBrowser> {
    const browser = await puppeteer.launch({
      browser: 'firefox',
      executablePath: firstOf(['/usr/bin/firefox-esr', '/usr/bin/firefox']),
      headless: true,
      env: { ...process.env, ...environment },
      extraPrefsFirefox: {
        ...FIREFOX_PREFERENCES,
        'intl.accept_languages': language === 'fr' ? 'fr-FR' : 'en-GB',
      },
    })
    return new FirefoxBrowser(browser)
  }

  async page(options: PageOptions = {}): Promise<TestPage> {
    const context = await this.#browser.createBrowserContext()
    const page = await context.newPage()
    await page.setViewport({ width: options.width ?? 1280, height: options.height ?? 800 })
    const requests: string[] = []
    const complaints: string[] = []
    page.on('request', (request) => requests.push(request.url()))
    page.on('pageerror', (error) => complaints.push(String(error)))
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warn') complaints.push(message.text())
    })
    const self: TestPage = {
      browser: 'firefox',
      requests,
      complaints,
      goto: async (url) => void (await page.goto(url)),
      reload: async () => void (await page.reload()),
      evaluate: (body, ...args) => page.evaluate(callText(body, args)) as Promise<never>,
      beforeScripts: async (body, ...args) => void (await page.evaluateOnNewDocument(callText(body, args))),
      click: async (selector) => {
        await page.waitForSelector(selector, { visible: true, timeout: UNTIL_MS })
        await page.click(selector)
      },
      fill: async (selector, text) => {
        await page.waitForSelector(selector, { visible: true, timeout: UNTIL_MS })
        await page.click(selector, { count: 3 })
        await page.keyboard.type(text)
      },
      press: (key) => page.keyboard.press(key as 'Enter'),
      until: (what, body, ...args) => until(self, what, body, args),
      screenshot: async (path) => void (await page.screenshot({ path: path as `${string}.png` })),
      close: () => context.close(),
    }
    return self
  }

  close(): Promise<void> {
    return this.#browser.close()
  }
}
