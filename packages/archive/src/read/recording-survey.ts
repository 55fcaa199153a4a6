/** Looks a recording over before anything is read: its manifest, its segments in their true order, and how they hang together. */
import { equalBytes } from '../format/byte-cursor.ts'
import type { Manifest, ManifestSegment, Statement } from '../format/manifest.ts'
import { decodeManifest, decodeStatement, MANIFEST_NAME, MAX_MANIFEST_BYTES } from '../format/manifest.ts'
import type { Sha256 } from '../format/merkle.ts'
import { segmentName } from '../format/segment-header.ts'
import type { RecordingSource, StoredFile } from '../write/recording-store.ts'
import type { DamageList } from './damage.ts'
import type { SurveyedSegment } from './segment-survey.ts'
import { surveySegment } from './segment-survey.ts'

export interface ReadManifest extends Manifest {
  content: Statement
}

export interface RecordingSurvey {
  manifest: ReadManifest | null
  /** Null when no header and no manifest could be read. */
  recording: Uint8Array | null
  startedAtMs: number | null
  segments: SurveyedSegment[]
}

export async function surveyRecording(
  source: RecordingSource,
  sha256: Sha256,
  damage: DamageList,
): Promise<RecordingSurvey> {
  const files = await source.list()
  const manifest = await readManifest(source, files, damage)
  const found: SurveyedSegment[] = []
  for (const file of files) {
    if (file.name.endsWith('.hcs')) found.push(await surveySegment(source, sha256, file))
  }
  found.sort((a, b) => a.number - b.number || (a.name < b.name ? -1 : 1))
  const recording =
    manifest?.content.recording ?? found.find(({ header }) => header)?.header?.recording ?? null
  const own = found.filter((segment) => isOwn(segment, recording, damage))
  const segments = withoutDuplicates(own, manifest, damage)
  reportSegments(segments, manifest, damage)
  const startedAtMs =
    manifest?.content.startedAtMs ?? segments.find(({ header }) => header)?.header?.startedAtMs
  return { manifest, recording, startedAtMs: startedAtMs ?? null, segments }
}

async function readManifest(
  source: RecordingSource,
  files: readonly StoredFile[],
  damage: DamageList,
): Promise<ReadManifest | null> {
  const file = files.find(({ name }) => name === MANIFEST_NAME)
  if (!file) {
    damage.add('manifest-missing', { file: MANIFEST_NAME, lostRecords: null })
    return null
  }
  const bytes = file.sizeBytes <= MAX_MANIFEST_BYTES ? await source.read(file.name, 0, file.sizeBytes) : null
  const manifest = bytes && decodeManifest(bytes)
  const content = manifest && decodeStatement(manifest.statement)
  if (manifest && content) return { ...manifest, content }
  damage.add('manifest-damaged', {
    file: file.name,
    offset: 0,
    lengthBytes: file.sizeBytes,
    lostRecords: null,
  })
  return null
}

function isOwn(segment: SurveyedSegment, recording: Uint8Array | null, damage: DamageList): boolean {
  const { header, name: file, number } = segment
  if (number === 0) {
    damage.add('segment-unreadable', { file, lostRecords: null })
    return false
  }
  if (!header || !recording || equalBytes(header.recording, recording)) return true
  damage.add('segment-foreign', { file, segment: number })
  return false
}

/** Of several files with one number, the one that the manifest means, or else the one with the right name. */
function withoutDuplicates(
  segments: readonly SurveyedSegment[],
  manifest: ReadManifest | null,
  damage: DamageList,
): SurveyedSegment[] {
  const kept = new Map<number, SurveyedSegment>()
  const rank = (segment: SurveyedSegment): number => {
    const listed = listedIn(manifest, segment.number)
    const meant = listed && segment.end && equalBytes(segment.end.hash, listed.hash)
    return (meant ? 4 : 0) + (segment.end ? 2 : 0) + (isRightlyNamed(segment) ? 1 : 0)
  }
  for (const segment of segments) {
    const other = kept.get(segment.number)
    const [better, worse] = other && rank(other) >= rank(segment) ? [other, segment] : [segment, other]
    kept.set(segment.number, better)
    if (worse) damage.add('segment-duplicated', { file: worse.name, segment: worse.number })
  }
  return [...kept.values()]
}

const isRightlyNamed = ({ name, number }: SurveyedSegment): boolean => name === segmentName(number)

export const listedIn = (manifest: ReadManifest | null, number: number): ManifestSegment | null =>
  manifest?.content.segments.find((listed) => listed.number === number) ?? null

function reportSegments(
  segments: readonly SurveyedSegment[],
  manifest: ReadManifest | null,
  damage: DamageList,
): void {
  for (const segment of segments) {
    const about = { segment: segment.number, file: segment.name }
    if (!isRightlyNamed(segment)) damage.add('segment-misnamed', about)
    if (segment.headerDamaged) damage.add('header-damaged', { ...about, offset: 0, lengthBytes: 84 })
    const listed = listedIn(manifest, segment.number)
    const differs = segment.end && listed && !equalBytes(segment.end.hash, listed.hash)
    if (differs || (manifest && !listed)) {
      const { openedUs: fromUs = null, lastUs: toUs = null } = listed ?? {}
      damage.add('differs-from-manifest', { ...about, fromUs, toUs })
    }
    reportChain(segment, segments, damage)
  }
  reportMissing(segments, manifest, damage)
}

function reportChain(segment: SurveyedSegment, all: readonly SurveyedSegment[], damage: DamageList): void {
  const hash = all.find(({ number }) => number === segment.number - 1)?.end?.hash
  const said = segment.header?.previousHash
  const { number, name: file } = segment
  const broken = number === 1 ? said?.some((byte) => byte !== 0) : hash && said && !equalBytes(hash, said)
  if (broken) damage.add('chain-broken', { segment: number, file, fromUs: segment.header?.openedUs ?? null })
}

function reportMissing(
  segments: readonly SurveyedSegment[],
  manifest: ReadManifest | null,
  damage: DamageList,
): void {
  const present = new Map(segments.map((segment) => [segment.number, segment]))
  const last = Math.max(
    0,
    ...present.keys(),
    ...(manifest?.content.segments ?? []).map(({ number }) => number),
  )
  for (let number = 1; number <= last; number += 1) {
    if (present.has(number)) continue
    const listed = listedIn(manifest, number)
    const fromUs = listed?.openedUs ?? present.get(number - 1)?.end?.lastUs ?? null
    const toUs = listed?.lastUs ?? present.get(number + 1)?.header?.openedUs ?? null
    damage.add('segment-missing', { segment: number, fromUs, toUs, lostRecords: listed?.records ?? null })
  }
}
