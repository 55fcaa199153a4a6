/**
 * Many minutes of one encrypted meeting in which bots come and go and the media worker is killed, in an order that a
 * seed decides: after each step everybody present sees everybody else's picture move, and nobody is alarmed.
 * HUISCLOS_LONG_MINUTES and HUISCLOS_SEED choose another length and order.
 */

import type { EncodedTrack } from '@huisclos/node-media'
import { systemClock as clock } from '@huisclos/node-media'
import { startSyntheticVideo } from '@huisclos/node-media/synthetic-source'
import type { Meeting } from '@huisclos/participant'
import type { MeetingPlace } from '@huisclos/testkit/meeting-place'
import { startMeetingPlace } from '@huisclos/testkit/meeting-place'
import { afterAll, expect, test } from 'vitest'
import { StreamWatch } from '../failover/stream-watch.ts'
import { enterAsBot, until } from './bot-in-meeting.ts'

const MINUTES = Number(process.env['HUISCLOS_LONG_MINUTES'] ?? 15)
const SEED = Number(process.env['HUISCLOS_SEED'] ?? 4417)
const MOST_BOTS = 5
const STEP_WITHIN_MS = 30_000
const BETWEEN_STEPS_MS = 1_500

/** Mulberry32: the same numbers for the same seed. */
function seeded(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

interface Bot {
  name: string
  meeting: Meeting<EncodedTrack>
  watches: Map<string, StreamWatch>
  stop(): void
}

const bots: Bot[] = []
let place: MeetingPlace

afterAll(async () => {
  for (const bot of bots) bot.stop()
  await Promise.all(bots.map(({ meeting }) => meeting.leave()))
  await place?.close()
})

async function come(name: string): Promise<void> {
  const meeting = await enterAsBot(place, name)
  const camera = startSyntheticVideo({ clock, fps: 10, frameBytes: 400 })
  bots.push({ name, meeting, watches: new Map(), stop: () => camera.stop() })
  await meeting.publish('camera', camera.track)
}

async function go(at: number): Promise<void> {
  const [bot] = bots.splice(at, 1)
  bot?.stop()
  await bot?.meeting.leave()
}

function kill(): void {
  const [pid] = place.server.workerPids()
  if (pid !== undefined) process.kill(pid, 'SIGKILL')
}

async function everybodySeesEverybody(step: string): Promise<void> {
  const names = bots.map(({ name }) => name)
  const pairs = bots.flatMap((bot) =>
    names
      .filter((name) => name !== bot.name)
      .map((name) => {
        const watch = bot.watches.get(name) ?? new StreamWatch(bot.meeting, name)
        bot.watches.set(name, watch)
        return { who: `${bot.name} sees ${name}`, watch, from: watch.frames }
      }),
  )
  for (const { who, watch, from } of pairs)
    await until(`${who} after ${step}`, STEP_WITHIN_MS, () => watch.frames > from + 5)
  for (const { name, meeting } of bots) {
    const listed = () => meeting.view.people.length === bots.length
    await until(`${name} lists who is here after ${step}`, STEP_WITHIN_MS, listed)
    expect(meeting.view.alarms, `${name} after ${step}, seed ${SEED}`).toEqual([])
  }
}

test(`[GRP8, KEY4] seed ${SEED}: ${MINUTES} minutes of coming, going and lost media workers`, async () => {
  const random = seeded(SEED)
  place = await startMeetingPlace({ workers: 1 })
  await come('Bot 1')
  await come('Bot 2')
  await everybodySeesEverybody('the beginning')
  const end = performance.now() + MINUTES * 60_000
  let steps = 0
  let came = 2
  while (performance.now() < end) {
    steps += 1
    const turn = random()
    if (turn < 0.1) kill()
    else if (bots.length === 2 || (turn < 0.55 && bots.length < MOST_BOTS)) await come(`Bot ${++came}`)
    else await go(Math.floor(random() * bots.length))
    await everybodySeesEverybody(`step ${steps}`)
    await new Promise((resolve) => setTimeout(resolve, BETWEEN_STEPS_MS))
  }
  expect(steps).toBeGreaterThan(MINUTES)
})
