/**
 * One round of the join bench: a fresh server, two people who stay, and a third who joins and leaves over and over,
 * each time in a browser context that has never seen the client.
 */
import { encodeLink } from '@huisclos/crypto/link'
import { startMeetingPlace } from '@huisclos/testkit/meeting-place'
import type { ChromiumBrowser } from '../../../../e2e/support/browsers.ts'
import { Guest } from '../../../../e2e/support/guest.ts'
import type { BenchRun } from '../run/bench.ts'
import { watchCpu } from '../run/cpu-watch.ts'
import type { FirstFrame } from './first-frame-probe.ts'
import { installFirstFrameProbe, PROBE, readProbe, toFirstFrame } from './first-frame-probe.ts'

export interface Joined extends FirstFrame {
  /** Of all cores between the click and the frame, 0 to 1. */
  machineBusy: number
}

export interface JoinRound {
  joins: Joined[]
  /** What went wrong with joins that gave no time. */
  dropped: string[]
  /** Of all cores while the two were in the meeting and nobody joined, 0 to 1. */
  restingBusy: number
}

export interface JoinRoundOptions {
  chromium: ChromiumBrowser
  joins: number
  quietly: BenchRun['quietly']
  /** Folder of the web client; absent for the usual one. */
  webRoot?: string
}

/** With the page's loading longer than commits of one peer are apart (GRP8): no join waits for the one before. */
const PAUSE_MS = 500
const RESTING_MS = 2_000

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

async function enter(chromium: ChromiumBrowser, href: string, number: number, name: string): Promise<Guest> {
  const guest = await Guest.at(await chromium.page(), number, name)
  await guest.open(href)
  await guest.join()
  return guest
}

/** In the page: whether no tile bears that name. */
const isGone = (name: string): boolean =>
  [...document.querySelectorAll('.tile-name-text')].every((tile) => !tile.textContent?.includes(name))

async function joinOnce(chromium: ChromiumBrowser, href: string, stayers: readonly Guest[]): Promise<Joined> {
  const guest = await Guest.at(await chromium.page(), 2, 'Carol')
  try {
    await guest.page.beforeScripts(installFirstFrameProbe, PROBE)
    await guest.open(href)
    await guest.write(/^Your name/, guest.name)
    await pause(PAUSE_MS)
    const watch = watchCpu()
    await guest.press(/^Join$/)
    const probe = await guest.page.until(
      'somebody else is seen',
      (name: string) => {
        const notes = (window as unknown as Record<string, { firstFrameAt: number | null }>)[name]
        return notes !== undefined && notes.firstFrameAt !== null
      },
      PROBE,
    )
    const { busy } = watch()
    const notes = probe ? await guest.page.evaluate(readProbe, PROBE) : null
    const first = notes && toFirstFrame(notes)
    if (!first) throw new Error('the page lost its notes')
    await guest.press(/^Leave$/)
    for (const stayer of stayers) await stayer.page.until('the third is gone', isGone, guest.name)
    return { ...first, machineBusy: busy }
  } finally {
    await guest.page.close()
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

async function restingBusy(): Promise<number> {
  const watch = watchCpu()
  await pause(RESTING_MS)
  return watch().busy
}

export async function runJoinRound({
  chromium,
  joins,
  quietly,
  webRoot,
}: JoinRoundOptions): Promise<JoinRound> {
  const place = await startMeetingPlace(webRoot === undefined ? {} : { webRoot })
  const stayers: Guest[] = []
  try {
    const href = encodeLink(place.server.url, place.link)
    stayers.push(await enter(chromium, href, 0, 'Alice'))
    stayers.push(await enter(chromium, href, 1, 'Bob'))
    const [alice, bob] = stayers as [Guest, Guest]
    await alice.receives({ pictures: [2], tones: [600] })
    await bob.receives({ pictures: [1], tones: [420] })
    const round: JoinRound = { joins: [], dropped: [], restingBusy: await quietly(restingBusy) }
    for (let i = 0; i < joins; i++) {
      const outcome = await quietly(() => joinOnce(chromium, href, stayers).catch(messageOf))
      if (typeof outcome === 'string') round.dropped.push(outcome)
      else round.joins.push(outcome)
    }
    return round
  } finally {
    for (const stayer of stayers) await stayer.page.close()
    await place.close()
  }
}
