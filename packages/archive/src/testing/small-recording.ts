/** Recordings for tests: made from a list of things to do, with a clock in the test's hand. */
import { nativeSha256 } from '../node/index.ts'
import type { ArchiveRecord, RecordContent } from '../read/archive-record.ts'
import type { Damage } from '../read/damage.ts'
import { RecordingReader } from '../read/recording-reader.ts'
import { MemoryStore } from '../write/memory-store.ts'
import type { RecordingSource } from '../write/recording-store.ts'
import type { WriterLimits, WriterOptions } from '../write/recording-writer.ts'
import { startRecording } from '../write/recording-writer.ts'

export type Given =
  | { do: 'rtp' | 'rtcp'; packet: Uint8Array }
  | { do: 'open' | 'close' | 'event' }
  | { do: 'envelope'; epoch: number }
  | { do: 'wait'; ms: number }

export const RECORDING = Uint8Array.from({ length: 16 }, (_, at) => 0xa0 + at)
const START_MS = 1_800_000_000_000

export const describeStream = (number: number) => ({
  peer: `peer${number}`,
  producer: `producer${number}`,
  kind: number % 2 === 0 ? ('audio' as const) : ('video' as const),
  mimeType: number % 2 === 0 ? 'audio/opus' : 'video/VP8',
  clockRate: number % 2 === 0 ? 48_000 : 90_000,
  channels: number % 2 === 0 ? 2 : 1,
  payloadType: 100 + number,
  ssrc: 0x1000 + number,
  detail: '',
})

/** A stream, an envelope, and packets of 20 ms each. */
export const givenRecords = (packets: number): Given[] => [
  { do: 'open' },
  { do: 'envelope', epoch: 1 },
  ...Array.from({ length: packets }, (_, at): Given[] => [
    { do: 'rtp', packet: Uint8Array.from({ length: 40 }, (_, byte) => (at * 7 + byte) & 0xff) },
    { do: 'wait', ms: 20 },
  ]).flat(),
]

/** What of a record the writer was told. */
export function contentOf(record: ArchiveRecord): RecordContent {
  const { timeUs: _1, repeated: _2, proof: _3, segment: _4, offset: _5, ...content } = record
  return content
}

export interface Kept {
  store: MemoryStore
  expected: RecordContent[]
}

/** A writer on a store in memory whose clock stands still until the test moves it. */
export function quietWriter(limits: Partial<WriterLimits> = {}, more: Partial<WriterOptions> = {}) {
  const clock = { nowMs: START_MS }
  const store = new MemoryStore()
  const options: WriterOptions = {
    store,
    sha256: nativeSha256,
    now: () => clock.nowMs,
    limits: { flushMs: 1e6, ...limits },
    ...more,
  }
  return { clock, store, options, writer: startRecording(options, RECORDING) }
}

export async function keepRecording(
  given: readonly Given[],
  limits: Partial<WriterLimits> = {},
): Promise<Kept> {
  const { clock, store, writer } = quietWriter(limits)
  const expected: RecordContent[] = []
  let stream = 0
  for (const [at, step] of given.entries()) {
    if (step.do === 'wait') clock.nowMs += step.ms
    else if (step.do === 'rtp' || step.do === 'rtcp') {
      writer[step.do](stream, step.packet)
      expected.push({ type: step.do, stream, packet: step.packet })
    } else if (step.do === 'open') {
      const description = describeStream(at)
      stream = writer.openStream(description) ?? 0
      expected.push({ type: 'stream-opened', stream, description })
    } else if (step.do === 'close') {
      writer.closeStream(stream)
      expected.push({ type: 'stream-closed', stream })
    } else if (step.do === 'envelope') {
      const sealed = new Uint8Array(30).fill(step.epoch)
      const envelope = { peer: 'host', group: 'group', epoch: step.epoch, part: at, sealed }
      writer.envelope(envelope)
      expected.push({ type: 'envelope', envelope })
    } else {
      const nowUs = Math.round((clock.nowMs - START_MS) * 1000)
      const event = {
        code: 'no-envelope' as const,
        fromUs: nowUs,
        toUs: nowUs,
        records: null,
        bytes: null,
        detail: '',
      }
      writer.event(event)
      expected.push({ type: 'event', event })
    }
    if (at % 7 === 0) await writer.flush()
  }
  const finish = await writer.finish()
  if (finish.at !== 'sealed') throw new Error(`not sealed: ${finish.why}`)
  return { store, expected }
}

export async function readAll(
  source: RecordingSource,
): Promise<{ records: ArchiveRecord[]; damage: Damage[] }> {
  const reader = await RecordingReader.open(source, nativeSha256)
  const records = await Array.fromAsync(reader.records())
  return { records, damage: reader.damage }
}
