/** What congestion control takes its time for: a path is narrow for a minute, and pictures are as large as before after it. */
import { expect, test } from 'vitest'
import { ChromiumBrowser } from './support/browsers.ts'
import { largePictures, NARROW, RelayedMeeting } from './support/relayed-meeting.ts'

const NARROW_MS = 60_000

test('[SIG17] a minute at 250 kbit/s: the word of the network goes, and pictures grow again', async () => {
  const chromium = await ChromiumBrowser.launch()
  const meeting = await RelayedMeeting.start()
  try {
    const [ada, ...others] = await meeting.meet(chromium, 0, { busy: true })
    await ada.page.until('both pictures are large', largePictures, 3)
    meeting.relay.set({}, NARROW)
    await new Promise((resolve) => setTimeout(resolve, NARROW_MS))
    meeting.relay.set({}, {})
    const since = Date.now()
    const none = () => document.querySelector('.tile-network') === null
    await ada.page.until('no word of the network is left', none)
    const words = Date.now() - since
    await ada.seesAndHears(others)
    // A path that failed is trusted slowly: 8 % a second.
    const grows = () => ada.page.until('the pictures are large again', largePictures, 3)
    await grows().catch(grows)
    console.log(`words gone after ${words} ms, pictures large after ${Date.now() - since} ms`)
    expect(ada.page.complaints).toEqual([])
  } finally {
    await meeting.close()
    await chromium.close()
  }
})
