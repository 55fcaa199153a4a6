/**
 * A recording on the server as its key's owner opens it, for browser tests: files in memory, what they hold, and whether
 * anything that the recorded people sent lies in the clear on the server's disk.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { RecordingReader } from '@huisclos/archive'
import { folderStore, nativeSha256 } from '@huisclos/archive/node'
import type { OpeningReport, RecordingKey } from '@huisclos/vault'
import { openRecording } from '@huisclos/vault'
import type { RecordedTrack } from './recorded-file.ts'
import { recordedTracks } from './recorded-file.ts'

export interface OpenedFile {
  readonly person: string
  readonly tracks: readonly RecordedTrack[]
}

export interface Opened {
  readonly report: OpeningReport
  readonly files: readonly OpenedFile[]
}

export async function openFolder(folder: string, key: RecordingKey): Promise<Opened> {
  const written = new Map<string, { data: Uint8Array; position: number }[]>()
  const report = await openRecording(folderStore(folder), {
    key,
    format: 'webm',
    sha256: nativeSha256,
    createFile: (name) => {
      const chunks: { data: Uint8Array; position: number }[] = []
      written.set(name, chunks)
      return new WritableStream({
        write: ({ data, position }) => void chunks.push({ data: data.slice(), position }),
      })
    },
  })
  const files = report.files.map(async ({ name, person }) => ({
    person: person.name,
    tracks: await recordedTracks(joined(written.get(name) ?? [])),
  }))
  return { report, files: await Promise.all(files) }
}

function joined(chunks: readonly { data: Uint8Array; position: number }[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(Math.max(0, ...chunks.map(({ data, position }) => position + data.length)))
  for (const { data, position } of chunks) whole.set(data, position)
  return whole
}

/** How many packets of each sound or picture have come to the disk, also while it is being made. */
export async function packetsOnDisk(folder: string): Promise<{ kind: 'audio' | 'video'; packets: number }[]> {
  const reader = await RecordingReader.open(folderStore(folder), nativeSha256)
  const sources = new Map<string, { kind: 'audio' | 'video'; packets: number }>()
  const producers = new Map<number, string>()
  for await (const record of reader.records()) {
    if (record.type === 'stream-opened') {
      const { producer, kind } = record.description
      producers.set(record.stream, producer)
      if (!sources.has(producer)) sources.set(producer, { kind, packets: 0 })
    }
    const source = record.type === 'rtp' ? sources.get(producers.get(record.stream) ?? '') : undefined
    if (source) source.packets += 1
  }
  return [...sources.values()]
}

/** The signs of media: bytes from the middle of frames, beyond what a relay has to read of them. */
export function windowsOf({ files }: Opened): Buffer[] {
  const packets = files.flatMap(({ tracks }) => tracks.flatMap((track) => track.packets.slice(0, 20)))
  return packets
    .map(({ data }) => Buffer.from(data, 'base64').subarray(20, 36))
    .filter((bytes) => bytes.length === 16 && new Set(bytes).size > 8)
}

export function diskOf(folder: string): Buffer {
  return Buffer.concat(readdirSync(folder).map((name) => readFileSync(join(folder, name))))
}
