/** REC4 and REC10 with a disk in the test's hand: what is told when it takes nothing, and what is written when it does. */
import type { ArchiveRecord, RecordingStore, StoreFile } from '@huisclos/archive'
import { MemoryStore, RecordingReader, StoreError } from '@huisclos/archive'
import { nativeSha256 } from '@huisclos/archive/node'
import { Epoch, GroupId, PeerId, ProducerId, RecordingId } from '@huisclos/protocol'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { FakeClock } from '../../test/fake-clock.ts'
import type { TapSink } from '../media/sfu-tap.ts'
import type { RecorderNews } from '../room/recording.ts'
import { LiveRecording } from './live-recording.ts'

class SickStore extends MemoryStore implements RecordingStore {
  fault: StoreError['code'] | null = null
  override async open(name: string): Promise<StoreFile> {
    const file = await super.open(name)
    const write: StoreFile['write'] = async (offset, pieces) => {
      if (this.fault !== null) throw new StoreError(this.fault)
      await file.write(offset, pieces)
    }
    return { ...file, write }
  }
}

const recording = RecordingId.parse('CQkJCQkJCQkJCQkJCQkJCQ')
const producer = ProducerId.parse('0f8fad5b-d9cb-469f-a165-70867728950e')
const stream = {
  producer,
  peer: PeerId.parse('A'.repeat(22)),
  kind: 'video',
  mimeType: 'video/VP8',
  clockRate: 90_000,
  channels: 1,
  payloadType: 101,
  ssrc: 7,
} as const

let clock: FakeClock
let store: SickStore
let news: RecorderNews[]
let sink: TapSink
let asked: number
let live: LiveRecording
beforeEach(() => {
  clock = new FakeClock()
  store = new SickStore()
  news = []
  asked = 0
  live = new LiveRecording({
    recording,
    ownerHash: new Uint8Array(32),
    writer: { store, sha256: nativeSha256, now: () => clock.wallTime(), limits: { flushMs: 5 } },
    clock,
    openTap: (given) => {
      sink = given
      return {
        follow: () => undefined,
        requestKeyFrame: () => {
          asked += 1
        },
        close: () => undefined,
      }
    },
    onNews: (said) => news.push(said),
    onFault: (error) => {
      throw error
    },
    onEnded: () => Promise.resolve(),
    onGone: () => undefined,
  })
})
afterEach(() => live.close())

const packet = (sequence: number): Uint8Array =>
  Uint8Array.of(0x80, 101, sequence >> 8, sequence & 0xff, 9, 9)
async function records(): Promise<ArchiveRecord[]> {
  const found: ArchiveRecord[] = []
  for await (const record of (await RecordingReader.open(store)).records()) found.push(record)
  return found
}

test.each([
  ['disk-full', 'disk-full', 'gap-disk-full'],
  ['store-failed', 'store-unreachable', 'gap-store-failed'],
] as const)(
  '[REC4] a store that says %s is told as %s, the gap is written down, and it goes on',
  async (fault, why, gap) => {
    sink.opened(stream)
    sink.rtp(producer, packet(1))
    await expect.poll(() => store.files.size).toBe(1)
    store.fault = fault
    sink.rtp(producer, packet(2))
    await expect.poll(() => news).toEqual([{ of: 'stalled', why }])
    sink.rtp(producer, packet(3))
    store.fault = null
    await expect.poll(() => news.at(-1)).toEqual({ of: 'writable' })
    sink.rtp(producer, packet(4))
    live.end('asked')
    await expect.poll(() => news.at(-1)?.of).toBe('sealed')
    const kept = (await records()).flatMap((r) => (r.type === 'rtp' ? [r.packet[3]] : []))
    expect(kept).toEqual([1, 2, 4])
    const events = (await records()).flatMap((r) => (r.type === 'event' ? [r.event] : []))
    expect(events.find(({ code }) => code === gap)).toMatchObject({ records: 1, bytes: 6 })
  },
)

test('[REC4] a disk that takes no end is asked again until it does', async () => {
  sink.opened(stream)
  store.fault = 'disk-full'
  live.end('asked')
  await expect.poll(() => news.map(({ of }) => of)).toContain('stalled')
  store.fault = null
  await expect
    .poll(() => {
      clock.advance(5_000)
      return news.at(-1)?.of
    })
    .toBe('sealed')
})

test('[REC10] a picture that lacks a packet for good is asked for anew, one that came late is not', () => {
  sink.opened(stream)
  for (const sequence of [1, 2, 4, 5]) sink.rtp(producer, packet(sequence))
  clock.advance(900)
  sink.rtp(producer, packet(3))
  sink.rtp(producer, packet(7))
  clock.advance(1_000)
  expect(asked).toBe(0)
  sink.rtp(producer, packet(8))
  expect(asked).toBe(1)
})

test('[REC10] where sealing begins, pictures are asked for anew, and once more when senders have switched', () => {
  const group = GroupId.parse('G'.repeat(22))
  const keep = (epoch: number, part = 0) => {
    const peer = stream.peer
    live.keep({ group, epoch: Epoch.parse(epoch), peer, part, body: new Uint8Array(8) })
  }
  sink.opened(stream)
  sink.opened({
    ...stream,
    producer: ProducerId.parse('1f8fad5b-d9cb-469f-a165-70867728950e'),
    kind: 'audio',
  })
  keep(2)
  expect(asked).toBe(1)
  clock.advance(1_700)
  expect(asked).toBe(2)
  // Somebody joins, somebody seals again: what was opened before still opens.
  keep(3)
  keep(3, 1)
  keep(2, 1)
  clock.advance(10_000)
  expect(asked).toBe(2)
  // Epochs 4 and 5 were those of a pause.
  keep(6)
  expect(asked).toBe(3)
  live.end('asked')
  clock.advance(10_000)
  expect(asked).toBe(3)
})

test('[REC12] nobody signs within half a minute: it stays unsigned, and that is told', async () => {
  live.end('asked')
  await expect.poll(() => news.at(-1)?.of).toBe('sealed')
  clock.advance(30_000)
  expect(news.at(-1)).toEqual({ of: 'unsigned' })
})

test('[REC4] packets that were lost on the way to the recorder are written down as a gap, and the recording goes on', async () => {
  sink.opened(stream)
  sink.dropped(12)
  sink.rtp(producer, packet(1))
  live.end('asked')
  await live.close()
  const gap = (await records()).find((record) => record.type === 'event')
  expect(gap).toMatchObject({ event: { code: 'gap-overload', records: 12 } })
  expect(news.filter(({ of }) => of === 'stalled')).toEqual([])
})
