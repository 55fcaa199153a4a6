/**
 * Recordings where they lie: in folders of this machine, or on a server, from which the ciphertext is fetched into a
 * folder that is removed afterwards. The owner token goes to that server alone, as a Bearer, over TLS or to this machine.
 */
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describeDamage, RecordingReader } from '@huisclos/archive'
import { folderStore, nativeSha256 } from '@huisclos/archive/node'
import { encodeBase64url } from '@huisclos/crypto/bytes'
import { RecordingList } from '@huisclos/protocol'
import type { OpenOptions } from '../opening/open-recording.ts'
import { openRecording } from '../opening/open-recording.ts'
import type { OpeningReport } from '../opening/report.ts'
import { VaultError } from '../vault-error.ts'

export interface ListedRecording {
  recording: string
  startedAtMs: number | null
  sizeBytes: number
}

const TOKEN_PATTERN = /^[A-Za-z0-9_-]{43}$/
const ID_PATTERN = /^[A-Za-z0-9_-]{22}$/
const FILE_PATTERN = /^(\d{6}\.hcs|manifest)$/
const isAddress = (where: string) => /^https?:\/\//.test(where)

/** Of a folder: itself if it is a recording, and its folders that are. Throws `file-unreadable`, `server-refused`. */
export async function listRecordings(where: string, token?: string): Promise<ListedRecording[]> {
  if (isAddress(where)) {
    const { recordings } = await fetchList(new URL(where).origin, token)
    return recordings.map(({ recording, startedAt, files }) => {
      const sizeBytes = files.reduce((sum, file) => sum + file.sizeBytes, 0)
      return { recording, startedAtMs: startedAt, sizeBytes }
    })
  }
  const entries = await readdir(where, { withFileTypes: true }).catch((cause) => {
    throw new VaultError('file-unreadable', where, cause)
  })
  const folders = [where, ...entries.filter((e) => e.isDirectory()).map(({ name }) => join(where, name))]
  const found = await Promise.all(folders.map(describeFolder))
  return found.flatMap((one) => one ?? [])
}

async function describeFolder(path: string): Promise<ListedRecording | null> {
  const names = await readdir(path)
  if (!names.some((name) => FILE_PATTERN.test(name))) return null
  const reader = await RecordingReader.open(folderStore(path), nativeSha256)
  if (!reader.recording) return null
  const sizeBytes = reader.segments.reduce((sum, segment) => sum + segment.sizeBytes, 0)
  return { recording: encodeBase64url(reader.recording), startedAtMs: reader.startedAtMs, sizeBytes }
}

/** Runs with a folder that holds the recording. An address ends with the recording's id. */
export async function withRecording<T>(
  where: string,
  token: string | undefined,
  run: (folder: string) => Promise<T>,
): Promise<T> {
  if (!isAddress(where)) {
    if ((await listRecordings(where)).length === 0) throw new VaultError('recording-not-found', where)
    return run(where)
  }
  const folder = await mkdtemp(join(tmpdir(), 'huisclos-recording-'))
  try {
    await download(where, token, folder)
    return await run(folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

export function openFrom(folder: string, options: OpenOptions): Promise<OpeningReport> {
  return openRecording(folderStore(folder), { ...options, sha256: nativeSha256 })
}

/** The container alone, without a key: chain, checksums, roots, manifest. */
export async function verifyFrom(
  folder: string,
): Promise<{ whole: boolean; durationUs: number; lines: string[] }> {
  const reader = await RecordingReader.open(folderStore(folder), nativeSha256)
  let durationUs = 0
  for await (const { timeUs } of reader.records()) durationUs = Math.max(durationUs, timeUs)
  const { damage } = reader
  return { whole: damage.length === 0, durationUs, lines: damage.map(describeDamage) }
}

async function download(where: string, token: string | undefined, folder: string): Promise<void> {
  const { origin, pathname } = new URL(where)
  const id = pathname.split('/').at(-1) ?? ''
  if (!ID_PATTERN.test(id)) throw new VaultError('recording-not-found', where)
  const { recordings } = await fetchList(origin, token)
  const entry = recordings.find(({ recording }) => recording === id)
  if (!entry) throw new VaultError('recording-not-found', where)
  for (const { name } of entry.files) {
    if (!FILE_PATTERN.test(name)) continue
    const answer = await ask(origin, `/api/recordings/${id}/${name}`, token)
    await writeFile(join(folder, name), new Uint8Array(await answer.arrayBuffer()), { mode: 0o600 })
  }
}

async function fetchList(origin: string, token: string | undefined): Promise<RecordingList> {
  const answer = await ask(origin, '/api/recordings', token)
  const list = RecordingList.safeParse(await answer.json().catch(() => null))
  if (!list.success) throw new VaultError('server-refused', origin)
  return list.data
}

async function ask(origin: string, path: string, token: string | undefined): Promise<Response> {
  const { protocol, hostname } = new URL(origin)
  const isPrivate = protocol === 'https:' || ['localhost', '127.0.0.1', '[::1]'].includes(hostname)
  if (!isPrivate || token === undefined || !TOKEN_PATTERN.test(token))
    throw new VaultError('usage', '--token-file, https://')
  const headers = { authorization: `Bearer ${token}` }
  const answer = await fetch(new URL(path, origin), { headers, redirect: 'error' }).catch((cause) => {
    throw new VaultError('server-refused', origin, cause)
  })
  if (!answer.ok) throw new VaultError('server-refused', `${origin} ${answer.status}`)
  return answer
}
