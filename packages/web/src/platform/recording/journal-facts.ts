/** What a journal says besides frames: the meeting, each track, and where the recording was interrupted or went on. */
import { decodeUtf8, utf8 } from '@huisclos/crypto/bytes'
import type { Codec } from '@huisclos/crypto/sframe'
import * as z from 'zod/mini'
import type { JournalRecord } from './journal-record.ts'

const CODECS = ['opus', 'vp8', 'vp9'] as const satisfies readonly Codec[]
export type RecordedCodec = (typeof CODECS)[number]

const RecordingFacts = z.strictObject({
  /** Of the meeting; may be empty. */
  title: z.string().check(z.maxLength(512)),
  /** Unix milliseconds. */
  beganAt: z.number(),
})
export type RecordingFacts = z.infer<typeof RecordingFacts>

const TrackFacts = z.strictObject({
  name: z.string().check(z.maxLength(256)),
  source: z.enum(['microphone', 'camera', 'screen', 'screen-audio']),
  codec: z.enum(CODECS),
})
export type TrackFacts = z.infer<typeof TrackFacts>

/** `gap`: frames were lost because this computer could not keep up. */
const Mark = z.strictObject({ what: z.enum(['paused', 'resumed', 'gap', 'ended']) })
export type Mark = z.infer<typeof Mark>

const SCHEMAS = { facts: RecordingFacts, track: TrackFacts, mark: Mark } as const
interface Said {
  facts: RecordingFacts
  track: TrackFacts
  mark: Mark
}

export function factRecord<K extends keyof Said>(
  kind: K,
  said: Said[K],
  { track = 0, at = 0 }: { track?: number; at?: number } = {},
): JournalRecord {
  return { kind, key: false, track, run: 0, at, rtp: 0, payload: utf8(JSON.stringify(said)) }
}

/** Null for what is none of ours. */
export function readFacts<K extends keyof Said>(kind: K, record: JournalRecord): Said[K] | null {
  if (record.kind !== kind) return null
  try {
    const parsed = SCHEMAS[kind].safeParse(JSON.parse(decodeUtf8(record.payload) ?? ''))
    return parsed.success ? (parsed.data as Said[K]) : null
  } catch {
    return null
  }
}
