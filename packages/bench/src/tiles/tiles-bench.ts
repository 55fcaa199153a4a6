/**
 * `npm run bench tiles`: what a page receives and decodes while more and more people are there and it shows as many tiles
 * as before, and when it shows them all. One Chromium page that looks, and bots that send.
 */
import { performance } from 'node:perf_hooks'
import { encodeLink } from '@huisclos/crypto/link'
import { startMeetingPlace } from '@huisclos/testkit/meeting-place'
import type { Bot } from '../../../../e2e/support/bots.ts'
import { enterBot } from '../../../../e2e/support/bots.ts'
import type { TestPage } from '../../../../e2e/support/browsers.ts'
import { ChromiumBrowser } from '../../../../e2e/support/browsers.ts'
import { Guest } from '../../../../e2e/support/guest.ts'
import type { VideoStream } from '../../../../e2e/support/received-video.ts'
import { watchVideo } from '../../../../e2e/support/received-video.ts'
import { showAtMost } from '../../../../e2e/support/tiles.ts'
import type { Bench, BenchRun, Measured } from '../run/bench.ts'
import type { Look } from './tiles-figures.ts'
import { summarize } from './tiles-figures.ts'

const PEOPLE = [4, 7, 13]
/** One's own among them. */
const FEW_TILES = 4
const ALL_TILES = 49
const LOOK_MS = 4_000
const GLANCE_MS = 1_000
const SETTLE_WITHIN_MS = 20_000

const sum = (streams: readonly VideoStream[], of: (stream: VideoStream) => number): number =>
  streams.reduce((total, stream) => total + of(stream), 0)

/** Waits until as many pictures come as are shown, twice running. */
async function settle(page: TestPage, wanted: number): Promise<void> {
  const endBy = performance.now() + SETTLE_WITHIN_MS
  for (let held = 0; held < 2 && performance.now() < endBy; ) {
    const { length } = await watchVideo(page, GLANCE_MS)
    held = length === wanted ? held + 1 : 0
  }
}

async function look(page: TestPage, people: number, wanted: number, { quietly }: BenchRun): Promise<Look> {
  await settle(page, wanted)
  const streams = await quietly(() => watchVideo(page, LOOK_MS))
  return {
    people,
    wanted,
    shown: streams.length,
    bitsPerSecond: sum(streams, ({ bitsPerSecond }) => bitsPerSecond),
    framesPerSecond: sum(streams, ({ framesPerSecond }) => framesPerSecond),
    decodeShare: sum(streams, ({ decodeShare }) => decodeShare),
  }
}

async function lookAround(page: TestPage, link: string, bots: Bot[], run: BenchRun): Promise<Measured> {
  const few: Look[] = []
  const loop = performance.eventLoopUtilization()
  for (const people of run.trial ? PEOPLE.slice(0, 1) : PEOPLE) {
    while (bots.length < people - 1) bots.push(await enterBot(link, `Person ${bots.length + 2}`))
    // The list of views is there from the second person on.
    if (few.length === 0) await showAtMost(page, FEW_TILES)
    few.push(await look(page, people, FEW_TILES - 1, run))
    run.progress(`${people} people, ${FEW_TILES} tiles`)
  }
  await showAtMost(page, ALL_TILES)
  const people = bots.length + 1
  const all = await look(page, people, people - 1, run)
  const { utilization } = performance.eventLoopUtilization(loop)
  return summarize({ few, all }, utilization)
}

async function measure(run: BenchRun): Promise<Measured> {
  const place = await startMeetingPlace()
  const href = encodeLink(place.server.url, place.link)
  const chromium = await ChromiumBrowser.launch()
  const bots: Bot[] = []
  try {
    const page = await chromium.page()
    const guest = await Guest.at(page, 0, 'Person 1')
    await guest.open(href)
    await guest.join()
    return await lookAround(page, href, bots, run)
  } finally {
    await Promise.all(bots.map((bot) => bot.leave()))
    await chromium.close()
    await place.close()
  }
}

export const tilesBench: Bench = { name: 'tiles', title: 'What a page receives and decodes', run: measure }
