/**
 * The connection test of /check: it says what really passes (UDP, TCP, nothing), with figures and a text to hand on, and
 * asks for no camera and no microphone.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { RunningServer } from '../packages/server/src/index.ts'
import { startServer } from '../packages/server/src/index.ts'
import type { TestPage } from './support/browsers.ts'
import { ChromiumBrowser, FirefoxBrowser } from './support/browsers.ts'
import { Guest } from './support/guest.ts'
import { blockTcp, blockUdp, canBlockUdp } from './support/udp-block.ts'

/** Runs before the page's scripts: counts what is asked of devices. */
function countDeviceAsks(): void {
  Object.assign(window, { deviceAsks: 0 })
  const devices = navigator.mediaDevices
  const native = devices.getUserMedia.bind(devices)
  devices.getUserMedia = (wish) => {
    Object.assign(window, { deviceAsks: (window as unknown as { deviceAsks: number }).deviceAsks + 1 })
    return native(wish)
  }
}

interface Row {
  name: string
  state: string
  figures: string[]
}

/** In the page: what each line of the result says. */
const readRows = (): Row[] =>
  [...document.querySelectorAll('.check-path')].map((row) => ({
    name: row.querySelector('h2')?.firstChild?.nextSibling?.textContent ?? '',
    state: row.querySelector('.check-state')?.textContent ?? '',
    figures: [...row.querySelectorAll('dd')].map((figure) => figure.textContent ?? ''),
  }))

async function runTest(
  page: TestPage,
  url: string,
): Promise<{ rows: Row[]; report: string; summary: string }> {
  await page.beforeScripts(countDeviceAsks)
  const person = new Guest(page, 0, 'Ada')
  await page.goto(`${url}/`)
  await person.press(/^Test the connection$/)
  await person.press(/^Start the test$/)
  await page.until('the test is over', () => document.querySelector('.check-report pre') !== null)
  expect(await page.evaluate(() => location.pathname)).toBe('/check')
  expect(await page.evaluate(() => (window as unknown as { deviceAsks: number }).deviceAsks)).toBe(0)
  return {
    rows: await page.evaluate(readRows),
    report: await page.evaluate(() => document.querySelector('.check-report pre')?.textContent ?? ''),
    summary: await page.evaluate(() => document.querySelector('.check-summary')?.textContent ?? ''),
  }
}

const stateOf = (rows: Row[], name: string) => rows.find((row) => row.name === name)?.state
const flowOf = (figure: string | undefined) => {
  const [, amount = '0', unit] = /^([\d.,]+) ([kM])bit\/s/.exec(figure ?? '') ?? []
  return Number(amount.replace(',', '')) * (unit === 'M' ? 1_000 : 1)
}

/** Where paths do not answer, a test is mostly waiting: those wait at the same time, each with a server of its own. */
describe('the connection test', () => {
  let chromium: ChromiumBrowser
  beforeAll(async () => {
    chromium = await ChromiumBrowser.launch()
  })
  afterAll(() => chromium?.close())

  test('[SIG16] where all passes both paths work, with figures, and the text names host and ports', async () => {
    await using place = await openPlace()
    const { server } = place
    const page = await chromium.page()
    const { rows, report } = await runTest(page, server.url)
    for (const name of ['Media over UDP', 'Media over TCP']) {
      expect(stateOf(rows, name)).toBe('works')
      const [roundTrip, up, down] = rows.find((row) => row.name === name)?.figures ?? []
      expect(roundTrip).toMatch(/^\d+ ms$/)
      expect(flowOf(up)).toBeGreaterThan(150)
      expect(flowOf(down)).toBeGreaterThan(100)
      expect(up).toMatch(/0% lost$/)
    }
    expect(stateOf(rows, 'Relay (TURN)')).toBe('not set up')
    expect(report).toContain(new URL(server.url).host)
    for (const port of server.mediaPorts) expect(report).toContain(`${port}`.slice(0, 4))
    expect(report).not.toContain('#')
    expect(page.complaints).toEqual([])
    await page.close()
  })

  test
    .runIf(canBlockUdp())
    .concurrent('[SIG16] without UDP only TCP works, and the page says so', async () => {
      await using place = await openPlace()
      const { server } = place
      using _block = blockAll(server.mediaPorts, blockUdp)
      const page = await chromium.page()
      const { rows, summary } = await runTest(page, server.url)
      expect(stateOf(rows, 'Media over UDP')).toBe('does not get through')
      expect(stateOf(rows, 'Media over TCP')).toBe('works')
      expect(summary).toContain('Only TCP gets through')
      await page.close()
    })

  test
    .runIf(canBlockUdp())
    .concurrent('[SIG16] where no media passes the page says that, and what to open', async () => {
      await using place = await openPlace()
      const { server } = place
      using _udp = blockAll(server.mediaPorts, blockUdp)
      using _tcp = blockAll(server.mediaPorts, blockTcp)
      const page = await chromium.page()
      const { rows, summary } = await runTest(page, server.url)
      expect(stateOf(rows, 'Pages and signalling')).toBe('works')
      expect(stateOf(rows, 'Media over UDP')).toBe('does not get through')
      expect(stateOf(rows, 'Media over TCP')).toBe('does not get through')
      expect(summary).toContain('do not get through from here')
      await page.close()
    })

  test
    .runIf(canBlockUdp())
    .concurrent(
      '[SIG16] the line before joining says which path there is, and Join waits for nothing',
      async () => {
        await using place = await openPlace()
        const { server } = place
        const page = await chromium.page()
        const person = await Guest.at(page, 0, 'Ada')
        const link = await person.createMeeting(server.url, 'Paths')
        await person.reads('Network: direct path (UDP)')
        using _udp = blockAll(server.mediaPorts, blockUdp)
        await page.goto(`${server.url}/`)
        await person.open(link)
        await person.reads('Network: only TCP gets through')
        await page.reload()
        await person.join()
        await person.reads('You are alone here')
        expect((await person.hops()).length).toBeLessThanOrEqual(2)
        await page.close()
      },
    )

  test.concurrent('[SIG16] Firefox runs it too', async () => {
    await using place = await openPlace()
    const { server } = place
    const firefox = await FirefoxBrowser.launch({})
    try {
      const { rows } = await runTest(await firefox.page(), server.url)
      expect([stateOf(rows, 'Media over UDP'), stateOf(rows, 'Media over TCP')]).toContain('works')
    } finally {
      await firefox.close()
    }
  })
})

async function openPlace(): Promise<{ server: RunningServer } & AsyncDisposable> {
  const server = await startServer({ port: 0, mediaPort: 0, workers: 2, logLevel: 'silent' })
  return { server, [Symbol.asyncDispose]: () => server.close() }
}

function blockAll(ports: readonly number[], block: (port: number) => Disposable): Disposable {
  const blocks = ports.map(block)
  return {
    [Symbol.dispose]: () => {
      for (const each of blocks) each[Symbol.dispose]()
    },
  }
}
