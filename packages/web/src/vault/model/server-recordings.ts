/**
 * Recordings that lie on this server (REC13): of the meetings whose host key this browser holds, and of those whose access
 * file was given. Asked for with the owner token, fetched as the ciphertext they are. No recording key ever comes here;
 * tokens stay in memory.
 */
import { encodeBase64url } from '@huisclos/crypto/bytes'
import { deriveOwnerToken, hasHost } from '@huisclos/crypto/link'
import { RecordingList } from '@huisclos/protocol'
import type { OwnMeeting } from '../../call/meeting-shelf.ts'
import { Snapshot } from '../../call/snapshot.ts'

export interface ServerRecording {
  readonly id: string
  readonly title: string
  /** Unix milliseconds. */
  readonly startedAt: number
  /** Null while it is being made. */
  readonly endedAt: number | null
  readonly sizeBytes: number
}

/** `none`: no meeting of this browser can have any. */
export type ServerView =
  | { readonly at: 'none' | 'looking' | 'unreachable' }
  | { readonly at: 'listed'; readonly recordings: readonly ServerRecording[] }

type Ask = (path: string, init: RequestInit) => Promise<Response>
type RecordingFiles = { name: string; blob: Blob }[]

interface Known {
  token: string
  files: RecordingList['recordings'][number]['files']
}

const FILE_NAME = /^(\d{6,10}\.hcs|manifest)$/
const TOKEN = /^[A-Za-z0-9_-]{43}$/
/** How often a file is gone on with that broke off. */
const ATTEMPTS = 4

export class FetchError extends Error {
  override readonly name = 'FetchError'
}

export class ServerRecordings extends Snapshot<ServerView> {
  readonly #meetings: () => Promise<OwnMeeting[]>
  readonly #ask: Ask
  readonly #known = new Map<string, Known>()
  readonly #tokens = new Set<string>()

  constructor(meetings: () => Promise<OwnMeeting[]>, ask: Ask = (path, init) => fetch(path, init)) {
    super({ at: 'none' })
    this.#meetings = meetings
    this.#ask = ask
  }

  /** What an access file holds; false where it is no token. */
  addToken(text: string): boolean {
    if (!TOKEN.test(text.trim())) return false
    this.#tokens.add(text.trim())
    void this.look()
    return true
  }

  /** Never rejects. */
  look = async (): Promise<void> => {
    const titles = new Map([...this.#tokens].map((token) => [token, '']))
    for (const meeting of await this.#meetings().catch(() => [])) {
      if (hasHost(meeting.link)) titles.set(tokenOf(meeting), meeting.title)
    }
    if (titles.size === 0) return this.set({ at: 'none' })
    this.set({ at: 'looking' })
    const lists = await Promise.all([...titles].map((one) => this.#list(...one).catch(() => null)))
    if (lists.every((list) => list === null)) return this.set({ at: 'unreachable' })
    const recordings = lists.flatMap((list) => list ?? []).sort((a, b) => b.startedAt - a.startedAt)
    this.set({ at: 'listed', recordings })
  }

  /** `onProgress`: 0 to 1. Rejects with a `FetchError`, or as `signal` was aborted. */
  async fetch(id: string, onProgress: (part: number) => void, signal: AbortSignal): Promise<RecordingFiles> {
    const known = this.#known.get(id)
    if (!known) throw new FetchError('unknown')
    const files = known.files.filter(({ name }) => FILE_NAME.test(name))
    const totalBytes = files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
    let done = 0
    const fetched: RecordingFiles = []
    for (const { name } of files) {
      const count = (bytes: number): void => {
        done += bytes
        onProgress(Math.min(1, done / Math.max(1, totalBytes)))
      }
      fetched.push({
        name,
        blob: await this.#file(`/api/recordings/${id}/${name}`, known.token, count, signal),
      })
    }
    return fetched
  }

  async #list(token: string, title: string): Promise<ServerRecording[]> {
    const answer = await this.#ask('/api/recordings', { headers: bearer(token), redirect: 'error' })
    // Where recordings are off, the address is one of nothing.
    if (answer.status === 404) return []
    const list = RecordingList.safeParse(await answer.json())
    if (!answer.ok || !list.success) throw new FetchError('refused')
    return list.data.recordings.map(({ recording, startedAt, endedAt, files }) => {
      this.#known.set(recording, { token, files })
      const sizeBytes = files.reduce((sum, file) => sum + file.sizeBytes, 0)
      return { id: recording, title, startedAt, endedAt, sizeBytes }
    })
  }

  async #file(
    path: string,
    token: string,
    count: (bytes: number) => void,
    signal: AbortSignal,
  ): Promise<Blob> {
    const parts: Blob[] = []
    let sizeBytes = 0
    for (let attempt = 1; ; attempt++) {
      const range: Record<string, string> = sizeBytes > 0 ? { range: `bytes=${sizeBytes}-` } : {}
      try {
        const headers = { ...bearer(token), ...range }
        const answer = await this.#ask(path, { headers, signal, redirect: 'error' })
        if (!answer.ok || (sizeBytes > 0 && answer.status !== 206)) throw new FetchError('refused')
        for await (const piece of piecesOf(answer)) {
          parts.push(new Blob([piece]))
          sizeBytes += piece.length
          count(piece.length)
        }
        return new Blob(parts)
      } catch (error) {
        if (signal.aborted || error instanceof FetchError || attempt === ATTEMPTS)
          throw error instanceof FetchError || signal.aborted ? error : new FetchError('unreachable')
      }
    }
  }
}

const tokenOf = ({ link, hostSeed }: OwnMeeting): string =>
  encodeBase64url(deriveOwnerToken(hostSeed, link.room))

const bearer = (token: string): Record<string, string> => ({ authorization: `Bearer ${token}` })

/** Not every browser lets a stream be iterated. */
async function* piecesOf(answer: Response): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const reader = answer.body?.getReader()
  for (;;) {
    const { done, value } = (await reader?.read()) ?? { done: true, value: undefined }
    if (done || !value) return
    yield value
  }
}
