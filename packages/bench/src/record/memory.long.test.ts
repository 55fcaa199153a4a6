/**
 * The operator with everything: the whole disk and the whole memory of server and media worker while a meeting is being
 * recorded. Searched for the frames before they were sealed, every key, the link's and the host's secrets, and names.
 */
import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { deriveLinkSecrets } from '@huisclos/crypto/link'
import type { EpochView, GroupEngine } from '@huisclos/crypto/mls'
import { createGroupEngine } from '@huisclos/crypto/mls'
import { deriveStreamKey, newRecordingKey } from '@huisclos/crypto/seal'
import type { EncodedTrack } from '@huisclos/node-media'
import { systemClock as clock } from '@huisclos/node-media'
import { startSyntheticAudio, startSyntheticVideo } from '@huisclos/node-media/synthetic-source'
import type { Meeting } from '@huisclos/participant'
import type { Needle } from '@huisclos/testkit/scan'
import { memoryOf, NeedleSearch, textNeedle } from '@huisclos/testkit/scan'
import { afterEach, expect, test } from 'vitest'
import { enterAsBot, until } from '../meeting/bot-in-meeting.ts'
import type { ServerApart } from '../place/server-apart.ts'
import { startServerApart } from '../place/server-apart.ts'

const NAMES = ['Anaïs of the memory', 'Benoît of the memory', 'Clélia of the memory']
const OWNER = 'Keeper of the memory'
const WITHIN_MS = 30_000
const FRAMES = 400
const STREAMS = 4
/** The last ones, in which the recording ran. */
const EPOCHS = 2
const ends: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

/** An engine whose epochs' base keys are noted. */
function noted(engine: GroupEngine, epochs: EpochView[]): GroupEngine {
  return new Proxy(engine, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target)
      if (typeof value !== 'function') return value
      return (...args: unknown[]) => {
        const result: unknown = value.apply(target, args)
        if (result instanceof Promise) void result.then(note, () => undefined)
        return result
      }
    },
  })
  function note(result: unknown): void {
    for (const view of [result, (result as { view?: unknown } | undefined)?.view])
      if (typeof view === 'object' && view !== null && 'baseKey' in view) {
        const { baseKey } = view as EpochView
        epochs.push({ ...(view as EpochView), baseKey: baseKey.slice() })
      }
  }
}

async function recordedMeeting(place: ServerApart) {
  const epochs: EpochView[] = []
  const frames: Buffer[] = []
  const bots: Meeting<EncodedTrack>[] = []
  for (const [at, name] of NAMES.entries()) {
    const createGroup = () => noted(createGroupEngine(), epochs)
    const host = at === 0 && place.hostSeed !== null ? { hostSeed: place.hostSeed } : {}
    const bot = await enterAsBot(place, name, { createGroup, ...host })
    ends.push(() => bot.leave())
    bots.push(bot)
    const camera = startSyntheticVideo({ clock, fps: 20, frameBytes: 1_200 })
    const microphone = startSyntheticAudio({ clock, packetBytes: 120 })
    for (const source of [camera, microphone]) {
      source.track.subscribe(({ data }) => void frames.push(Buffer.from(data.subarray(40, 64))))
      ends.push(() => source.stop())
    }
    await bot.publish('camera', camera.track)
    await bot.publish('microphone', microphone.track)
  }
  const key = await newRecordingKey()
  const [host] = bots
  await host?.startRecording({ publicKey: key.publicKey, owner: OWNER, withMe: true })
  await until('everybody is asked', WITHIN_MS, () => bots.every(({ view }) => view.recording.ordered))
  const id = host?.view.recording.ordered?.id ?? ''
  for (const bot of bots.slice(1)) bot.answerRecording(id, true)
  await until('everybody is recorded', WITHIN_MS, () =>
    bots.every(({ view }) => view.people.every(({ recorded }) => recorded)),
  )
  const before = frames.length
  await until('a good part is stored', WITHIN_MS, () => frames.length > before + FRAMES)
  return { id, key, epochs, frames }
}

function secretsOf(place: ServerApart, epochs: readonly EpochView[]): Needle[] {
  const secrets = deriveLinkSecrets(place.link.secret, place.link.room)
  const keys = epochs.slice(-EPOCHS).flatMap(({ baseKey, epoch, members }) => [
    { what: `the base key of epoch ${epoch}`, bytes: baseKey },
    ...members.flatMap(({ leaf }) =>
      Array.from({ length: STREAMS }, (_, stream) => ({
        what: `a stream's key of epoch ${epoch}`,
        bytes: deriveStreamKey(baseKey, { leaf, stream, epoch }).key,
      })),
    ),
  ])
  return [
    ...NAMES.map((name) => textNeedle('a name', name)),
    textNeedle("the key's owner", OWNER),
    { what: "the link's secret", bytes: place.link.secret },
    { what: "the host's seed", bytes: place.hostSeed ?? new Uint8Array(32) },
    { what: 'the root of all groups', bytes: secrets.root },
    ...keys,
  ]
}

test('[REC2][REC6] attack: with the whole disk and memory of a server that records, its operator opens nothing', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'hc-memory-'))
  ends.push(() => rmSync(directory, { recursive: true, force: true }))
  const place = await startServerApart({ recordingsDirectory: directory })
  ends.push(() => place.close())
  const { id, key, epochs, frames } = await recordedMeeting(place)
  expect(epochs.length).toBeGreaterThan(3)

  const search = new NeedleSearch([
    ...secretsOf(place, epochs),
    { what: 'the private recording key', bytes: key.seed },
  ])
  const access = deriveLinkSecrets(place.link.secret, place.link.room).access
  // What the server does hold, so that not finding means something.
  const planted = new NeedleSearch([
    textNeedle('the recording', id),
    { what: 'the hash of the access secret', bytes: createHash('sha256').update(access).digest() },
  ])
  const disk = readdirSync(join(directory, id)).map((name) => readFileSync(join(directory, id, name)))
  const memory = [place.pid, ...place.workers].flatMap((pid) => [...memoryOf(pid)])
  const windows = frames.slice(-100)
  const found = new Set<string>()
  const control = new Set<string>()
  let readBytes = 0
  for (const piece of [...disk, ...memory]) {
    readBytes += piece.length
    for (const what of search.find(piece)) found.add(what)
    for (const what of planted.find(piece)) control.add(what.replace(/ in \S+$/, ''))
    if (windows.some((bytes) => piece.includes(bytes))) found.add('a frame in the clear')
  }
  expect([...found]).toEqual([])
  expect([...control].sort()).toEqual(['the hash of the access secret', 'the recording'])
  expect(readBytes).toBeGreaterThan(50_000_000)
  // Sealed, the frames are there.
  expect(Buffer.concat(disk).length).toBeGreaterThan(100_000)
}, 300_000)
