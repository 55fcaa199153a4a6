/**
 * Opens a recording from end to end [REC5]: looks it over, opens the envelopes, decrypts, and writes a file for each
 * person and shared screen. Whatever is damaged is in the report, and everything that is still good is written.
 */
import type { RecordingSource } from '@huisclos/archive'
import { RecordingReader } from '@huisclos/archive'
import type { RecordingKey } from '@huisclos/crypto/seal'
import type { StreamTargetChunk } from 'mediabunny'
import { VaultError } from '../vault-error.ts'
import type { Collected, OnProgress } from './collect-recording.ts'
import { collectRecording } from './collect-recording.ts'
import { fileNames } from './file-names.ts'
import type { OpenedEnvelopes } from './open-envelopes.ts'
import { openEnvelopes } from './open-envelopes.ts'
import type { OpenFrame } from './open-frames.ts'
import { FrameOpener } from './open-frames.ts'
import type { MediaFormat } from './person-file.ts'
import { PersonFile } from './person-file.ts'
import type { OpeningReport, WrittenFile } from './report.ts'
import { reportOf } from './report.ts'
import type { Person } from './stream-keys.ts'

export interface OpenOptions {
  key: RecordingKey
  format: MediaFormat
  /** Makes a file of this name to write to. */
  createFile(name: string): WritableStream<StreamTargetChunk>
  /** From 0 to 1. */
  onProgress?: (part: number) => void
  /** Told of each frame that was written, and into which file. */
  onFrame?: (frame: WrittenFrame) => void
  /** For players: fills holes in the sound with silence, from the start to the end, in every file (steady-sound.ts). */
  steadySound?: boolean
  /** A platform's own hash, where it is quicker. */
  sha256?: Parameters<typeof RecordingReader.open>[1]
}

export interface WrittenFrame {
  file: string
  kind: 'audio' | 'video'
  /** Microseconds since the recording's start. */
  timeUs: number
}

interface Planned {
  name: string
  person: Person
  source: 'person' | 'screen'
  tracks: { audio: boolean; video: boolean }
  channels: number
}

/** Throws `recording-empty`, and `nothing-opens` where not one envelope opens under this key. */
export async function openRecording(source: RecordingSource, options: OpenOptions): Promise<OpeningReport> {
  const reader = await RecordingReader.open(source, options.sha256)
  const { recording } = reader
  if (!recording) throw new VaultError('recording-empty')
  const progress = (from: number): OnProgress => {
    const totalUs = Math.max(1, ...reader.segments.map(({ lastUs }) => lastUs ?? 0))
    return (timeUs) => options.onProgress?.(from + Math.min(1, timeUs / totalUs) / 2)
  }
  const collected = await collectRecording(reader, progress(0))
  const envelopes = await openEnvelopes(options.key, recording, collected)
  if (envelopes.opened === 0)
    throw new VaultError('nothing-opens', envelopes.findings[0]?.why ?? 'no-envelope')
  const opener = new FrameOpener(collected, envelopes.keys)
  const planned = planFiles(collected, envelopes, options.format)
  const frames = opener.frames(reader, progress(0.5))
  const files = await writeFiles(planned, frames, options, collected.lastUs)
  options.onProgress?.(1)
  return reportOf({ reader, collected, envelopes, gaps: opener.gaps.all, files })
}

/** Which files there will be, from what the envelopes say of the streams that hold packets. */
function planFiles(collected: Collected, { keys }: OpenedEnvelopes, format: MediaFormat): Planned[] {
  const files = new Map<string, Omit<Planned, 'name'>>()
  for (const { description, packets } of collected.streams.values()) {
    const owner = keys.ownerOf(description.producer)
    if (!owner || packets === 0) continue
    const source = fileSource(owner.sealed.source)
    const id = `${owner.person.pseudonym} ${source}`
    const file = files.get(id) ?? {
      person: owner.person,
      source,
      tracks: { audio: false, video: false },
      channels: 1,
    }
    file.tracks[description.kind] = true
    if (description.kind === 'audio') file.channels = Math.max(file.channels, description.channels)
    files.set(id, file)
  }
  const names = fileNames([...files.values()], format)
  return [...files.values()].map((file, i) => ({ ...file, name: names[i] as string }))
}

const fileSource = (source: string) => (source.startsWith('screen') ? 'screen' : 'person')

async function writeFiles(
  planned: Planned[],
  frames: AsyncIterable<OpenFrame>,
  options: OpenOptions,
  endUs: number,
): Promise<WrittenFile[]> {
  const open = new Map<string, PersonFile>()
  for await (const frame of frames) {
    const source = fileSource(frame.source)
    const plan = planned.find((p) => p.person.pseudonym === frame.person.pseudonym && p.source === source)
    if (!plan) continue
    const file = open.get(plan.name) ?? beginFile(plan, options)
    if (!open.has(plan.name)) {
      open.set(plan.name, file)
      await file.start()
    }
    await file.add(frame)
    options.onFrame?.({ file: plan.name, kind: frame.kind, timeUs: frame.timeUs })
  }
  const written: WrittenFile[] = []
  for (const { name, person, source } of planned) {
    const tracks = await open.get(name)?.finish(endUs)
    if (tracks && tracks.length > 0) written.push({ name, person, source, tracks })
  }
  return written
}

function beginFile({ name, person, tracks, channels }: Planned, options: OpenOptions): PersonFile {
  const { format, steadySound = false } = options
  const title = person.name || person.pseudonym
  return new PersonFile({
    format,
    tracks,
    channels,
    title,
    steady: steadySound,
    writable: options.createFile(name),
  })
}
