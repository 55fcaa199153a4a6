import { MemoryStore, manifestMessage, signManifest } from '@huisclos/archive'
import { random } from '@huisclos/crypto/bytes'
import { newRecordingKey } from '@huisclos/crypto/seal'
import { ed25519 } from '@noble/curves/ed25519.js'
import type { StreamTargetChunk } from 'mediabunny'
import { ALL_FORMATS, BufferSource, EncodedPacketSink, Input } from 'mediabunny'
import { describe, expect, test } from 'vitest'
import type { GivenMeeting, GivenStream } from '../testing/index.ts'
import { recordMeeting } from '../testing/index.ts'
import { openRecording } from './open-recording.ts'
import { describeReport, isWhole } from './report.ts'

const key = await newRecordingKey()

/** Bytes that name their frame, so that content can be compared; the decoder never sees them. */
function frames(kind: 'audio' | 'video', seconds: number, perSecond: number, salt = 0) {
  return Array.from({ length: seconds * perSecond }, (_, i) => {
    const body = Uint8Array.from(
      { length: kind === 'audio' ? 60 : 2500 },
      (_, at) => (i * 31 + at + salt) & 0xff,
    )
    const isKey = i % (perSecond * 2) === 0
    if (kind === 'audio') body[0] = 0xfc
    else if (isKey) body.set([0x10, 0, 0, 0x9d, 0x01, 0x2a, 0x80, 0x02, 0x68, 0x01])
    else body[0] = 0x11
    return { timeUs: 500_000 + Math.round((i * 1e6) / perSecond), data: body }
  })
}

const pair = (leaf: number, seconds: number, perSecond = 10): GivenStream[] => [
  { leaf, source: 'microphone', frames: frames('audio', seconds, perSecond, leaf) },
  { leaf, source: 'camera', frames: frames('video', seconds, perSecond, leaf) },
]

const meeting = (changes: Partial<GivenMeeting> = {}) =>
  recordMeeting({
    publicKey: key.publicKey,
    names: ['Aïcha', 'Bob', 'Chloé'],
    streams: [...pair(0, 4), ...pair(1, 4), ...pair(2, 4)],
    ...changes,
  })

function memoryFiles() {
  const files = new Map<string, Uint8Array>()
  const createFile = (name: string) => {
    files.set(name, new Uint8Array())
    return new WritableStream<StreamTargetChunk>({
      write({ data, position }) {
        const before = files.get(name) as Uint8Array
        const after = new Uint8Array(Math.max(before.length, position + data.length))
        after.set(before)
        after.set(data, position)
        files.set(name, after)
      },
    })
  }
  return { files, createFile }
}

async function opened(store: MemoryStore, own = key, format: 'webm' | 'mp4' = 'webm') {
  const { files, createFile } = memoryFiles()
  const report = await openRecording(store, { key: own, format, createFile })
  return { files, report }
}

async function packetsOf(file: Uint8Array | undefined, kind: 'audio' | 'video') {
  const source = new BufferSource(new Uint8Array(file ?? []))
  const input = new Input({ formats: ALL_FORMATS, source })
  const track = kind === 'audio' ? await input.getPrimaryAudioTrack() : await input.getPrimaryVideoTrack()
  if (!track) return []
  const packets = []
  for await (const packet of new EncodedPacketSink(track).packets()) packets.push(packet)
  return packets
}

const rebuilt = (store: MemoryStore, change: (files: Map<string, Uint8Array>) => void) => {
  const files = new Map([...store.files].map(([name, bytes]) => [name, bytes.slice()]))
  change(files)
  return new MemoryStore(files)
}

describe('opening a recording', () => {
  test.each(['webm', 'mp4'] as const)(
    '[REC5] writes each person’s frames as they were sent, as %s',
    async (format) => {
      const { store, statement, room } = await meeting()
      await signManifest(store, statement, ed25519.sign(manifestMessage(statement), room.seed))
      const { files, report } = await opened(store, key, format)
      expect(describeReport(report).join('\n')).not.toMatch(/gap|damage/)
      expect(report).toMatchObject({ manifest: 'signed', gaps: [], damage: [] })
      expect(isWhole(report)).toBe(true)
      expect([...files.keys()]).toEqual([`Aïcha.${format}`, `Bob.${format}`, `Chloé.${format}`])
      const bob = await packetsOf(files.get(`Bob.${format}`), 'video')
      expect(bob.map(({ data }) => [...data])).toEqual(frames('video', 4, 10, 1).map(({ data }) => [...data]))
      expect(bob[0]?.type).toBe('key')
      const sound = await packetsOf(files.get(`Bob.${format}`), 'audio')
      expect(sound.map(({ data }) => [...data])).toEqual(
        frames('audio', 4, 10, 1).map(({ data }) => [...data]),
      )
    },
  )

  test('[REC3] leaves out whoever declined, and says which streams have no key', async () => {
    const { store } = await meeting({ declining: [2] })
    const { files, report } = await opened(store)
    expect([...files.keys()]).toEqual(['Aïcha.webm', 'Bob.webm'])
    expect(report.gaps.map(({ why, person }) => [why, person])).toEqual([
      ['no-key', null],
      ['no-key', null],
    ])
  })

  test('[REC1] goes on over changes of epoch', async () => {
    const { store } = await meeting({ rekeyAtUs: [1_500_000, 3_000_000] })
    const { files, report } = await opened(store)
    expect(report.gaps).toEqual([])
    expect(report.envelopes.opened).toBe(6)
    expect(await packetsOf(files.get('Chloé.webm'), 'audio')).toHaveLength(40)
  })

  test('[REC5] a shared screen is a file of its own', async () => {
    const screen: GivenStream = { leaf: 1, source: 'screen', frames: frames('video', 2, 5) }
    const { store } = await meeting({ streams: [...pair(1, 2), screen] })
    expect([...(await opened(store)).files.keys()]).toEqual(['Bob.webm', 'Bob-screen.webm'])
  })
})

/** Largest distance between when frames were captured and where they lie in the file, sound against picture, in ms. */
async function skewMs(streams: GivenStream[], store: MemoryStore) {
  const { files } = await opened(store)
  const offsets = async (kind: 'audio' | 'video') => {
    const given = streams.find(({ source }) => (source === 'microphone') === (kind === 'audio'))?.frames ?? []
    const packets = await packetsOf([...files.values()][0], kind)
    expect(packets).toHaveLength(given.length)
    return packets.map(({ timestamp }, i) => timestamp * 1000 - (given[i]?.timeUs ?? 0) / 1000)
  }
  const [audio, video] = [await offsets('audio'), await offsets('video')]
  return Math.max(...audio.map((offset, i) => Math.abs(offset - (video[i] ?? 0))))
}

describe('sound and picture', () => {
  const jitter = (most: number, seed: number) => (timeUs: number) =>
    10_000 + ((Math.imul(timeUs / 1000 + seed, 2_654_435_761) >>> 8) % (most * 1000))

  test('[REC5] stay together within 40 ms over ten minutes by sender reports, clocks drifting and paths uneven', async () => {
    const streams = pair(0, 600, 5).map((stream, i) => ({
      ...stream,
      delayUs: (timeUs: number) => jitter(30, i)(timeUs) + (i === 1 ? 180_000 : 0),
      reports: { aheadMs: 3_000_000 },
      driftPpm: i === 0 ? 80 : -40,
    }))
    const { store } = await meeting({ streams })
    expect(await skewMs(streams, store)).toBeLessThan(40)
  })

  test('[REC5] stay together within 40 ms by times of arrival where there are no reports', async () => {
    const streams = pair(0, 120, 10).map((stream, i) => ({
      ...stream,
      delayUs: jitter(60, i),
      driftPpm: i * 50,
    }))
    const { store } = await meeting({ streams })
    expect(await skewMs(streams, store)).toBeLessThan(40)
  })

  test('[REC5] control: arrival alone would part them where one path is slow', async () => {
    const streams = pair(0, 60, 10).map((stream, i) => ({
      ...stream,
      delayUs: (timeUs: number) => jitter(30, i)(timeUs) + i * 180_000,
    }))
    const { store } = await meeting({ streams })
    expect(await skewMs(streams, store)).toBeGreaterThan(100)
  })
})

describe('damage', () => {
  test('[REC2] attack: another key opens nothing, and is told apart from damage', async () => {
    const { store } = await meeting()
    const other = await newRecordingKey()
    await expect(opened(store, other)).rejects.toMatchObject({ code: 'nothing-opens', about: 'other-key' })
    await expect(opened(new MemoryStore())).rejects.toMatchObject({ code: 'recording-empty' })
  })

  test('[REC2] an envelope that is missing leaves exactly its epoch closed', async () => {
    const { store } = await meeting({
      rekeyAtUs: [2_000_000],
      onEnvelope: (sealed, { epoch }) => (epoch === 8 ? null : sealed),
    })
    const { files, report } = await opened(store)
    expect(report.gaps).toHaveLength(6)
    for (const { why, fromUs, toUs } of report.gaps) {
      expect(why).toBe('no-key')
      expect(fromUs).toBeGreaterThanOrEqual(1_990_000)
      expect(toUs).toBeGreaterThan(4_300_000)
    }
    expect(await packetsOf(files.get('Bob.webm'), 'audio')).toHaveLength(15)
  })

  test('[REC2] one sealer’s damaged envelope is reported, and the other’s opens', async () => {
    const { store } = await meeting({
      onEnvelope: (sealed, { sealer }) => {
        if (sealer === 1) sealed[2000] = (sealed[2000] as number) ^ 1
        return sealed
      },
    })
    const { report } = await opened(store)
    expect(report.envelopes).toMatchObject({ opened: 1, refused: 1 })
    expect(report.envelopes.findings).toContainEqual(
      expect.objectContaining({ kind: 'refused', why: 'does-not-open', epoch: 7 }),
    )
    expect(report.envelopes.findings).toContainEqual(expect.objectContaining({ kind: 'one-sealer' }))
    expect(report.gaps).toEqual([])
  })

  test('[REC2] attack: a sealer who lies about a key is found, and the host’s word opens', async () => {
    const { store } = await meeting({
      onContent: (content) => {
        if (content.sealer !== 1) return content
        const keys = content.keys.map((entry) => (entry.leaf === 2 ? { ...entry, key: random(32) } : entry))
        return { ...content, keys }
      },
    })
    const { files, report } = await opened(store)
    expect(report.envelopes.findings).toContainEqual(
      expect.objectContaining({ kind: 'sealers-differ', leaf: 2 }),
    )
    expect(report.gaps).toEqual([])
    expect(await packetsOf(files.get('Chloé.webm'), 'video')).toHaveLength(40)
  })

  test('[REC2] attack: a sealer that no host vouches for is said', async () => {
    const { store } = await meeting({ onContent: (content) => ({ ...content, hosts: [] }) })
    const { report } = await opened(store)
    expect(report.envelopes.findings).toContainEqual(expect.objectContaining({ kind: 'no-host' }))
    expect(report.host).toBeNull()
  })

  test('[REC5] flipped bits in a segment are reported with their time, and everything else opens', async () => {
    const { store } = await meeting()
    const [name] = [...store.files.keys()].filter((file) => file.endsWith('.hcs')) as [string]
    const size = store.files.get(name)?.length ?? 0
    const damaged = rebuilt(store, (files) => {
      const bytes = files.get(name) as Uint8Array
      for (const at of [0.5, 0.6]) {
        const place = Math.floor(size * at)
        bytes[place] = (bytes[place] as number) ^ 0x40
      }
    })
    const { files, report } = await opened(damaged)
    expect(report.damage.length).toBeGreaterThan(0)
    expect(isWhole(report)).toBe(false)
    const whole = (await opened(store)).files
    for (const file of whole.keys()) {
      for (const kind of ['audio', 'video'] as const) {
        const [rest, all] = [await packetsOf(files.get(file), kind), await packetsOf(whole.get(file), kind)]
        expect(rest.length).toBeGreaterThanOrEqual(all.length - 4)
        const known = new Set(all.map(({ data }) => data.join()))
        expect(rest.every(({ data }) => known.has(data.join()))).toBe(true)
      }
    }
  })

  test('[REC5] attack: a manifest signed by another is said', async () => {
    const { store, statement } = await meeting()
    expect((await opened(store)).report.manifest).toBe('unsigned')
    await signManifest(store, statement, ed25519.sign(manifestMessage(statement), random(32)))
    expect((await opened(store)).report.manifest).toBe('signature-wrong')
  })
})
