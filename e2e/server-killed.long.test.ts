/**
 * `kill -9` of the real server in the middle of a recording, at fifty seeded moments: whole encrypted participants send
 * numbered frames, the server dies, the next one recovers what it left, and the owner of the key opens it. What is in it
 * is compared with what was sent (issue text: at most one second is lost each time).
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { enterAsBot, until } from '../packages/bench/src/meeting/bot-in-meeting.ts'
import type { ServerApart } from '../packages/bench/src/place/server-apart.ts'
import { startServerApart } from '../packages/bench/src/place/server-apart.ts'
import { newRecordingKey } from '../packages/crypto/src/seal/index.ts'
import { systemClock as clock } from '../packages/node-media/src/index.ts'
import {
  readStamp,
  startSyntheticAudio,
  startSyntheticVideo,
} from '../packages/node-media/src/synthetic-source.ts'
import { seeded } from '../packages/testkit/src/index.ts'
import type { Opened } from './support/opened-recording.ts'
import { openFolder } from './support/opened-recording.ts'

/** HUISCLOS_MOMENTS chooses another number. */
const MOMENTS = Number(process.env['HUISCLOS_MOMENTS'] ?? 50)
const SEED = 4417
const NAMES = ['Ada', 'Bob']
const WITHIN_MS = 30_000
const LEAST_MS = 300
const MOST_MS = 3_000

const directory = mkdtempSync(join(tmpdir(), 'hc-killed-'))
afterAll(() => rmSync(directory, { recursive: true, force: true }))

type Bot = Awaited<ReturnType<typeof enterAsBot>>

async function gather(place: ServerApart): Promise<{ bots: Bot[]; stop: () => void }> {
  const bots: Bot[] = []
  const stops: (() => void)[] = []
  for (const [at, name] of NAMES.entries()) {
    const host = at === 0 && place.hostSeed !== null ? { hostSeed: place.hostSeed } : {}
    const bot = await enterAsBot(place, name, host)
    bots.push(bot)
    const camera = startSyntheticVideo({ clock, fps: 20, frameBytes: 1_800 })
    const microphone = startSyntheticAudio({ clock, packetBytes: 120 })
    stops.push(camera.stop, microphone.stop)
    await bot.publish('camera', camera.track)
    await bot.publish('microphone', microphone.track)
  }
  const stop = () => {
    for (const end of stops) end()
  }
  return { bots, stop }
}

async function record(bots: Bot[], publicKey: Uint8Array): Promise<string> {
  const [host, ...guests] = bots
  await host?.startRecording({ publicKey, owner: 'The board', withMe: true })
  await until('everybody is asked', WITHIN_MS, () => bots.every(({ view }) => view.recording.ordered))
  const id = host?.view.recording.ordered?.id ?? ''
  for (const bot of guests) bot.answerRecording(id, true)
  await until('everybody is recorded', WITHIN_MS, () =>
    bots.every(({ view }) => view.people.every(({ recorded }) => recorded)),
  )
  return id
}

/**
 * Between the last frame of each track and the kill, the longest; and how many frames do not follow those before them. What
 * a busy sender left out itself is no packet, so that numbers may be left out: the reader looks for missing packets.
 */
function examine({ files }: Opened, killedAt: number): { lostMs: number; tracks: number; unordered: number } {
  const tracks = files.flatMap((file) => file.tracks)
  let lostMs = 0
  let unordered = 0
  for (const { kind, packets } of tracks) {
    const codec = kind === 'video' ? 'vp8' : 'opus'
    const stamps = packets.flatMap(({ data }) => readStamp(codec, Buffer.from(data, 'base64')) ?? [])
    lostMs = Math.max(lostMs, killedAt - (stamps.at(-1)?.sentAt ?? 0))
    unordered += stamps.filter(
      ({ sequence }, i) => i > 0 && sequence <= (stamps[i - 1]?.sequence ?? 0),
    ).length
  }
  return { lostMs, tracks: tracks.length, unordered }
}

test('[REC4][REC12] a server that is killed at fifty moments loses at most a second each time, and nothing before', async () => {
  const random = seeded(SEED)
  const key = await newRecordingKey()
  const lost: number[] = []
  let place = await startServerApart({ recordingsDirectory: directory })
  for (let moment = 0; moment < MOMENTS; moment += 1) {
    const afterMs = LEAST_MS + Math.floor(random() * (MOST_MS - LEAST_MS))
    const { bots, stop } = await gather(place)
    const id = await record(bots, key.publicKey)
    // The first sealed epoch has begun, and everybody's pictures with it.
    await new Promise((resolve) => setTimeout(resolve, 2_500 + afterMs))
    const killedAt = clock.now()
    process.kill(place.pid, 'SIGKILL')
    stop()
    await place.close()
    // Does not answer any more; what the bots hold is let go.
    for (const bot of bots) void bot.leave().catch(() => undefined)
    // It recovers what the other left, before it is ready.
    place = await startServerApart({ recordingsDirectory: directory })
    const opened = await openFolder(join(directory, id), key)
    const { lostMs, tracks, unordered } = examine(opened, killedAt)
    const about = `moment ${moment}, ${afterMs} ms`
    expect(tracks, about).toBe(NAMES.length * 2)
    expect(unordered, about).toBe(0)
    const missing = opened.report.gaps.filter(({ why }) => why === 'packets-missing')
    expect(missing, about).toEqual([])
    const events = opened.report.events.map(({ code }) => code)
    expect(events, about).toEqual(['gap-crash'])
    expect(opened.report.damage, about).toEqual([])
    expect(lostMs, about).toBeLessThan(1_000)
    lost.push(lostMs)
    rmSync(join(directory, id), { recursive: true })
  }
  await place.close()
  lost.sort((a, b) => a - b)
  process.stdout.write(
    `lost: median ${lost[MOMENTS >> 1]?.toFixed(0)} ms, most ${lost.at(-1)?.toFixed(0)} ms\n`,
  )
})
