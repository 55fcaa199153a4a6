/**
 * Chromium connects a transformer some turns after its event, through a weak reference. A worker that collects its
 * garbage in between must not lose the stream: nobody would be seen or heard, and nothing would say so.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { RunningServer } from '../packages/server/src/index.ts'
import { startServer } from '../packages/server/src/index.ts'
import { ChromiumBrowser } from './support/browsers.ts'
import { allSeeAndHear, Guest } from './support/guest.ts'

const NAMES = ['Ada', 'Bob', 'Chloé']

/** In the frame worker: collects all garbage shortly after each transformer was given out. */
function collectGarbage(): void {
  const collect = Reflect.get(self, 'gc') as () => void
  self.addEventListener('rtctransform', () => void setTimeout(collect, 20))
}

/** In the page: is busy for longer than that, after each transform it makes and before it can connect any. */
function stallAfterTransforms(): void {
  Object.assign(window, { stalls: 0 })
  const Native = window.RTCRtpScriptTransform
  window.RTCRtpScriptTransform = class extends Native {
    constructor(worker: Worker, options?: unknown) {
      super(worker, options)
      Reflect.set(window, 'stalls', (Reflect.get(window, 'stalls') as number) + 1)
      const end = performance.now() + 120
      while (performance.now() < end);
    }
  }
}

describe('garbage collection while streams begin', () => {
  let server: RunningServer
  let chromium: ChromiumBrowser
  const guests: Guest[] = []

  beforeAll(async () => {
    server = await startServer({ port: 0, mediaPort: 0, logLevel: 'silent' })
    chromium = await ChromiumBrowser.launch({ flags: ['--js-flags=--expose-gc'] })
    for (const [number, name] of NAMES.entries()) {
      const page = await chromium.page({ inWorkers: collectGarbage })
      await page.beforeScripts(stallAfterTransforms)
      guests.push(await Guest.at(page, number, name))
    }
  })
  afterAll(async () => {
    await chromium?.close()
    await server?.close()
  })

  test('[FRM2] every stream of three people is seen and heard all the same', async () => {
    const [ada, ...others] = guests as [Guest, ...Guest[]]
    const link = await ada.createMeeting(server.url, 'Garden of the lighthouse')
    await ada.join()
    for (const guest of others) {
      await guest.open(link)
      await guest.join()
    }
    await allSeeAndHear(guests)
    for (const { page } of guests) {
      expect(await page.evaluate(() => Reflect.get(window, 'stalls') as number)).toBe(6)
    }
  })
})
