/**
 * What is drawn of an opened recording: a lane for each person and shared screen, with what of it is missing, and across
 * all lanes the pauses and gaps of the recording itself (OPEN4).
 */
import type { EventCode, GapReason, OpeningReport } from '@huisclos/vault'
import type { OpenedRecording, Span } from '../worker/opener-messages.ts'

export interface Lane {
  readonly file: string
  readonly person: string
  readonly screen: boolean
  readonly sound: readonly Span[]
  readonly pictures: readonly Span[]
  readonly holes: readonly (Span & { readonly why: GapReason })[]
}

/** `missing`: the server could not store it, or it is damaged. `sealed`: no envelope came for it. */
export type MarkKind = 'paused' | 'missing' | 'sealed'
export interface Mark extends Span {
  readonly kind: MarkKind
}

export interface Timeline {
  readonly durationMs: number
  readonly lanes: readonly Lane[]
  readonly marks: readonly Mark[]
}

/** A shorter one could not be seen. */
const MIN_MARK_MS = 20

export function timelineOf({ report, files }: OpenedRecording): Timeline {
  const durationMs = Math.max(1, report.durationUs / 1000)
  const lanes = report.files.flatMap(({ name, person, source }) => {
    const file = files.find((one) => one.name === name)
    if (!file) return []
    const holes = report.gaps
      .filter((gap) => gap.person?.pseudonym === person.pseudonym && gap.why !== 'replayed')
      .map(({ fromUs, toUs, why }) => ({ ...spanOf(fromUs, toUs), why }))
    const { sound, pictures } = file
    return [{ file: name, person: person.name, screen: source === 'screen', sound, pictures, holes }]
  })
  return { durationMs, lanes, marks: marksOf(report, durationMs) }
}

const GAPS: readonly EventCode[] = ['gap-disk-full', 'gap-store-failed', 'gap-crash', 'gap-overload']

function marksOf({ events, damage }: OpeningReport, durationMs: number): Mark[] {
  const marks: Mark[] = []
  for (const [i, { code, fromUs, toUs }] of events.entries()) {
    if (GAPS.includes(code)) marks.push({ kind: 'missing', ...spanOf(fromUs, toUs) })
    if (code === 'no-envelope') marks.push({ kind: 'sealed', ...spanOf(fromUs, toUs) })
    if (code === 'paused') {
      const end = events.slice(i + 1).find((later) => later.code === 'resumed' || later.code === 'stopped')
      marks.push({ kind: 'paused', ...spanOf(fromUs, end?.toUs ?? durationMs * 1000) })
    }
  }
  for (const { fromUs, toUs, lostRecords } of damage)
    if (fromUs !== null && toUs !== null && lostRecords !== 0)
      marks.push({ kind: 'missing', ...spanOf(fromUs, toUs) })
  return marks.sort((a, b) => a.fromMs - b.fromMs)
}

function spanOf(fromUs: number, toUs: number): Span {
  return { fromMs: fromUs / 1000, toMs: Math.max(toUs / 1000, fromUs / 1000 + MIN_MARK_MS) }
}

/** A picture stays for as long after its last frame. */
const AFTER_MS = 1_000
/** A first picture shows as long before it comes: an element shows it, and nothing old, until then. */
const BEFORE_MS = 2_000

/** Whether somebody has a picture at a moment. */
export function isPictured(pictures: readonly Span[], atMs: number): boolean {
  return pictures.some(
    ({ fromMs, toMs }, i) => (i === 0 ? fromMs - BEFORE_MS : fromMs) <= atMs && atMs <= toMs + AFTER_MS,
  )
}
