/** What opening found [REC5]: what was written, what is missing and why, and what vouches for the recording. */
import type { Damage, RecordingEvent, RecordingReader } from '@huisclos/archive'
import { describeDamage, manifestMessage } from '@huisclos/archive'
import { encodeBase64url, encodeHex } from '@huisclos/crypto/bytes'
import { hostHash, verifySignature } from '@huisclos/crypto/link'
import type { Collected } from './collect-recording.ts'
import type { Gap } from './gap-list.ts'
import type { EnvelopeFinding, OpenedEnvelopes } from './open-envelopes.ts'
import type { WrittenTrack } from './person-file.ts'
import type { Person } from './stream-keys.ts'

export interface WrittenFile {
  name: string
  person: Person
  source: 'person' | 'screen'
  tracks: WrittenTrack[]
}

/**
 * `signed`: by the host key that a host's sealed envelope names. `unsigned`: a manifest, and no signature.
 * `signature-wrong`: the signature is another's, or the statement was altered. `unproven`: no envelope names a host.
 */
export type ManifestState = 'signed' | 'unsigned' | 'signature-wrong' | 'unproven' | 'missing'

export interface OpeningReport {
  recording: string
  startedAtMs: number | null
  durationUs: number
  manifest: ManifestState
  /** First 16 bytes of SHA-512 of the room's host key, as in the meeting's link; null where no host sealed. */
  host: string | null
  files: WrittenFile[]
  /** Streams with their owner's name, where an envelope says whose they are. */
  gaps: (Gap & { kind: 'audio' | 'video'; person: Person | null })[]
  envelopes: { opened: number; refused: number; findings: EnvelopeFinding[] }
  events: RecordingEvent[]
  damage: Damage[]
}

export interface ReportInput {
  reader: RecordingReader
  collected: Collected
  envelopes: OpenedEnvelopes
  gaps: readonly Gap[]
  files: WrittenFile[]
}

export function reportOf({ reader, collected, envelopes, gaps, files }: ReportInput): OpeningReport {
  const { opened, refused, findings, hostKey, keys } = envelopes
  return {
    recording: encodeBase64url(reader.recording ?? new Uint8Array()),
    startedAtMs: reader.startedAtMs,
    durationUs: collected.lastUs,
    manifest: manifestState(reader, hostKey),
    host: hostKey && encodeHex(hostHash(hostKey)),
    files,
    gaps: gaps.map((gap) => {
      const description = collected.streams.get(gap.stream)?.description
      const person = keys.ownerOf(description?.producer ?? '')?.person ?? null
      return { ...gap, kind: description?.kind ?? 'video', person }
    }),
    envelopes: { opened, refused, findings },
    events: collected.events,
    damage: reader.damage,
  }
}

function manifestState({ manifest }: RecordingReader, hostKey: Uint8Array | null): ManifestState {
  if (!manifest) return 'missing'
  if (manifest.signature.length === 0) return 'unsigned'
  if (!hostKey) return 'unproven'
  const message = manifestMessage(manifest.statement)
  return verifySignature(manifest.signature, message, hostKey) ? 'signed' : 'signature-wrong'
}

/** Whether anything is amiss that a person should read about. */
export function isWhole({ gaps, envelopes, damage, manifest }: OpeningReport): boolean {
  const alarming = envelopes.findings.some(({ kind }) => kind === 'refused' || kind === 'sealers-differ')
  return gaps.length === 0 && damage.length === 0 && !alarming && manifest === 'signed'
}

/** One line each, in English as in the log of a tool. */
export function describeReport(report: OpeningReport): string[] {
  const { envelopes, gaps, damage, events } = report
  return [
    ...report.files.map(({ name, tracks }) => `file      ${name}: ${tracks.map(describeTrack).join(', ')}`),
    `manifest  ${report.manifest}${report.host ? `, host ${report.host}` : ''}`,
    `envelopes ${envelopes.opened} opened, ${envelopes.refused} refused`,
    ...envelopes.findings.map(
      ({ kind, epoch, timeUs, why, leaf }) =>
        `envelope  epoch ${epoch} at ${clock(timeUs)}: ${why ?? kind}${leaf === undefined ? '' : `, leaf ${leaf}`}`,
    ),
    ...gaps.map(
      ({ stream, kind, person, why, fromUs, toUs, frames }) =>
        `gap       ${clock(fromUs)}–${clock(toUs)} ${person?.name ?? `stream ${stream}`} (${kind}): ${why}, ${frames}`,
    ),
    ...events.map(({ code, fromUs, toUs }) => `event     ${clock(fromUs)}–${clock(toUs)} ${code}`),
    ...damage.map((one) => `damage    ${describeDamage(one)}`),
  ]
}

function describeTrack({ kind, frames, firstUs, lastUs }: WrittenTrack): string {
  return `${kind} ${clock(firstUs)}–${clock(lastUs)} (${frames} frames)`
}

/** h:mm:ss.mmm */
export function clock(timeUs: number): string {
  const ms = Math.max(0, Math.round(timeUs / 1000))
  const parts = [Math.floor(ms / 60_000) % 60, Math.floor(ms / 1000) % 60].map((n) =>
    String(n).padStart(2, '0'),
  )
  return `${Math.floor(ms / 3_600_000)}:${parts.join(':')}.${String(ms % 1000).padStart(3, '0')}`
}
