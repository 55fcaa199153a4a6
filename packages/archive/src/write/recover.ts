/**
 * After a crash: cuts the last segment at its first bad record, writes the gap down, ends the segment, and lets the
 * recording go on or closes it. Everything before the cut stays as it is.
 */
import { encodeEvent } from '../format/event-body.ts'
import type { ManifestSegment, Statement } from '../format/manifest.ts'
import { encodeManifest, encodeStatement, MANIFEST_NAME } from '../format/manifest.ts'
import { HASH_BYTES } from '../format/merkle.ts'
import { RecordType } from '../format/record.ts'
import { SEGMENT_HEADER_BYTES, segmentName } from '../format/segment-header.ts'
import { DamageList } from '../read/damage.ts'
import { surveyRecording } from '../read/recording-survey.ts'
import { scanFile } from '../read/scan-file.ts'
import { SegmentRecords } from '../read/segment-records.ts'
import type { SurveyedSegment } from '../read/segment-survey.ts'
import type { WriterOptions } from './recording-writer.ts'
import { RecordingWriter } from './recording-writer.ts'
import { SegmentBuilder } from './segment-builder.ts'
import { WriteQueue } from './write-queue.ts'

export interface Recovered {
  recording: Uint8Array
  startedAtMs: number
  segments: ManifestSegment[]
  /** Microseconds since the recording's start: the last good record. */
  lastUs: number
  /** The bytes that were cut off the last segment; null where it was whole. */
  cut: { segment: number; offset: number; bytes: number } | null
  /** The highest index that a stream has. */
  streams: number
}

export type Recovery =
  | { at: 'recovered'; recovered: Recovered }
  /** It has a manifest: nothing to recover. */
  | { at: 'ended' }
  /** Not one header can be read. */
  | { at: 'nothing' }

/** Throws a StoreError; may be called again after that. */
export async function recoverRecording(options: WriterOptions): Promise<Recovery> {
  const { store, sha256 } = options
  const files = await store.list()
  if (files.some(({ name }) => name === MANIFEST_NAME)) return { at: 'ended' }
  // A crash may leave a file whose header never came to the disk whole.
  for (const { name, sizeBytes } of files) {
    if (name.endsWith('.hcs') && sizeBytes < SEGMENT_HEADER_BYTES) await store.remove(name)
  }
  const survey = await surveyRecording(store, sha256, new DamageList())
  const { recording, startedAtMs, segments } = survey
  if (!recording || startedAtMs === null) return { at: 'nothing' }
  const ended: ManifestSegment[] = []
  let cut: Recovered['cut'] = null
  for (const segment of segments) {
    const last = segment === segments.at(-1)
    const end = await endOf(options, segment, last)
    ended.push(end.segment)
    cut = end.cut
  }
  const lastUs = Math.max(0, ...ended.map((segment) => segment.lastUs))
  const streams = await highestStream(options, segments)
  return { at: 'recovered', recovered: { recording, startedAtMs, segments: ended, lastUs, cut, streams } }
}

/** Writes on, in a new segment. */
export function resumeRecording(options: WriterOptions, recovered: Recovered): RecordingWriter {
  const { recording, startedAtMs, segments, lastUs, streams } = recovered
  const nowUs = Math.max(lastUs, Math.round((options.now() - startedAtMs) * 1000))
  const writer = new RecordingWriter(options, { recording, startedAtMs, segments, openedUs: nowUs }, streams)
  writer.event({ code: 'gap-crash', fromUs: lastUs, toUs: nowUs })
  return writer
}

/** Ends the recording with a manifest; answers the statement to be signed. Throws a StoreError. */
export async function closeRecovered(options: WriterOptions, recovered: Recovered): Promise<Uint8Array> {
  const { recording, startedAtMs, segments } = recovered
  const statement: Statement = { recording, startedAtMs, ended: 'cut', segments }
  const bytes = encodeStatement(statement)
  const manifest = encodeManifest({ statement: bytes, signature: new Uint8Array() })
  await options.store.replace(MANIFEST_NAME, manifest)
  return bytes
}

interface Ended {
  segment: ManifestSegment
  cut: Recovered['cut']
}

async function endOf(options: WriterOptions, found: SurveyedSegment, last: boolean): Promise<Ended> {
  const { number, sizeBytes, header, end } = found
  if (end) {
    const { lastUs, records, root, hash } = end
    return {
      segment: { number, sizeBytes, openedUs: header?.openedUs ?? 0, lastUs, records, root, hash },
      cut: null,
    }
  }
  if (header) return last ? cutAndEnd(options, found) : { segment: await tally(options, found), cut: null }
  // Nothing vouches for it: it stays as it is, and a reader gives out what its checksums allow.
  const nothing = new Uint8Array(HASH_BYTES)
  return {
    segment: { number, sizeBytes, openedUs: 0, lastUs: 0, records: 0, root: nothing, hash: nothing },
    cut: null,
  }
}

/** A segment in the middle without footer was damaged, not torn: it is listed with what is good of it, and not touched. */
async function tally({ store, sha256 }: WriterOptions, found: SurveyedSegment): Promise<ManifestSegment> {
  const builder = new SegmentBuilder(sha256, headerOf(found))
  for await (const item of scanFile(store, spanOf(found))) if (item.at === 'record') builder.add(item.record)
  return { ...builder.finish(), sizeBytes: found.sizeBytes }
}

async function cutAndEnd({ store, sha256, now }: WriterOptions, found: SurveyedSegment): Promise<Ended> {
  const builder = new SegmentBuilder(sha256, headerOf(found))
  for await (const item of scanFile(store, spanOf(found))) {
    if (item.at === 'damage') break
    builder.add(item.record)
  }
  const offset = builder.sizeBytes
  const bytes = found.sizeBytes - offset
  // What is there already need not be written again.
  builder.take()
  const { startedAtMs } = headerOf(found)
  const fromUs = builder.lastUs
  const toUs = Math.max(fromUs, Math.round((now() - startedAtMs) * 1000))
  const event = { code: 'gap-crash', fromUs, toUs, records: null, bytes, detail: '' } as const
  const body = encodeEvent(event)
  builder.add({ type: RecordType.event, stream: 0, repeated: false, timeUs: fromUs, body })
  const segment = builder.finish()
  if (bytes > 0) await store.truncate(segmentName(found.number), offset)
  const queue = new WriteQueue(store)
  queue.push(builder.take())
  await queue.drain()
  await queue.close()
  return { segment, cut: bytes > 0 ? { segment: found.number, offset, bytes } : null }
}

function headerOf({ header }: SurveyedSegment): NonNullable<SurveyedSegment['header']> {
  if (!header) throw new Error('a segment without header has no end')
  return header
}

const spanOf = ({ name, sizeBytes }: SurveyedSegment): { name: string; from: number; end: number } => ({
  name,
  from: SEGMENT_HEADER_BYTES,
  end: sizeBytes,
})

async function highestStream({ store, sha256 }: WriterOptions, segments: SurveyedSegment[]): Promise<number> {
  let highest = 0
  const context = {
    source: store,
    sha256,
    damage: new DamageList(),
    listed: null,
    unlisted: false,
    nextSays: null,
  }
  // Surveyed before the last one was cut and ended: its records lie where they lay.
  for (const segment of segments) {
    for await (const record of new SegmentRecords(segment, context).read({ media: false })) {
      if ('stream' in record) highest = Math.max(highest, record.stream)
    }
  }
  return highest
}
