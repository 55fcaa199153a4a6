/**
 * `/api/recordings` (REC7, REC13): whoever shows the owner token lists, fetches and deletes the recordings that were made
 * with it. Anything else, and everything where recordings are off, is answered like an address of nothing.
 */

import { timingSafeEqual } from 'node:crypto'
import type { Readable } from 'node:stream'
import type { RecordingEntry, RecordingList } from '@huisclos/protocol'
import { RecordingId } from '@huisclos/protocol'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Clock } from '../clock.ts'
import { secretFrom, sha256 } from '../policy/secret-match.ts'
import { parseRange } from './byte-range.ts'
import { bearer, refuse } from './room-api.ts'

/** What the API needs of the recorder. */
export interface RecordingLibrary {
  isLive(id: RecordingId): boolean
  deletedAt(id: RecordingId): number | null
  /** Bytes of a file, both ends included. */
  read(id: RecordingId, name: string, from: number, to: number): Promise<Readable>
  delete(id: RecordingId, now: number, why: 'asked'): Promise<object>
  readonly shelf: {
    readonly ids: readonly RecordingId[]
    about(id: RecordingId): { ownerHash: string; startedAt: number; endedAt: number | null } | null
    files(id: RecordingId): Promise<{ name: string; sizeBytes: number }[]>
  }
}

type Ask = FastifyRequest<{ Params: { recording: string; file: string } }>

export function registerRecordingApi(app: FastifyInstance, library: RecordingLibrary, clock: Clock): void {
  const { shelf } = library
  /** Compares with every hash there is, whichever matches. */
  const ownedBy = (request: FastifyRequest): RecordingId[] => {
    const token = secretFrom(bearer(request))
    if (token === null) return []
    const hash = sha256(token)
    return shelf.ids.filter((id) => {
      const about = shelf.about(id)
      return about !== null && timingSafeEqual(hash, Buffer.from(about.ownerHash, 'base64url'))
    })
  }
  const named = (request: Ask): RecordingId | null => {
    const id = RecordingId.safeParse(request.params.recording)
    return id.success && ownedBy(request).includes(id.data) ? id.data : null
  }

  app.get('/api/recordings', async (request, reply) => {
    if (secretFrom(bearer(request)) === null) return reply.callNotFound()
    const recordings = await Promise.all(ownedBy(request).map((id) => entryOf(library, id)))
    return uncached(reply).send({ recordings } satisfies RecordingList)
  })

  app.get('/api/recordings/:recording/:file', async (request: Ask, reply) => {
    const id = named(request)
    const file =
      id === null ? undefined : (await shelf.files(id)).find(({ name }) => name === request.params.file)
    if (id === null || file === undefined) return reply.callNotFound()
    const read = (from: number, to: number) => library.read(id, file.name, from, to)
    return sendFile(request, reply, { read, sizeBytes: file.sizeBytes })
  })

  app.delete('/api/recordings/:recording', async (request: Ask, reply) => {
    const id = named(request)
    if (id === null) return reply.callNotFound()
    if (library.isLive(id)) return refuse(reply, 'recording-exists')
    const receipt = await answered(library.delete(id, clock.wallTime(), 'asked'))
    return receipt === null ? refuse(reply, 'recording-unavailable') : uncached(reply).send(receipt)
  })
}

async function entryOf(library: RecordingLibrary, id: RecordingId): Promise<RecordingEntry> {
  const { startedAt = 0, endedAt = null } = library.shelf.about(id) ?? {}
  const files = await library.shelf.files(id)
  return { recording: id, startedAt, endedAt, deletedAt: library.deletedAt(id), files }
}

interface SentFile {
  read: (from: number, to: number) => Promise<Readable>
  sizeBytes: number
}

async function sendFile(
  request: Ask,
  reply: FastifyReply,
  { read, sizeBytes }: SentFile,
): Promise<FastifyReply> {
  const range = parseRange(request.headers.range, sizeBytes)
  uncached(reply).type('application/octet-stream').header('accept-ranges', 'bytes')
  if (range === 'unsatisfiable') return reply.code(416).header('content-range', `bytes */${sizeBytes}`).send()
  const { from, to } = range ?? { from: 0, to: sizeBytes - 1 }
  const body = sizeBytes === 0 ? Buffer.alloc(0) : await answered(read(from, to))
  if (body === null) return refuse(reply, 'recording-unavailable')
  if (range !== null) reply.code(206).header('content-range', `bytes ${from}-${to}/${sizeBytes}`)
  return reply.header('content-length', to - from + 1).send(body)
}

/** Null where the store that has it does not answer. */
async function answered<T>(asked: Promise<T>): Promise<T | null> {
  try {
    return await asked
  } catch (error) {
    if (error instanceof Error && error.name === 'ObjectStoreError') return null
    throw error
  }
}

const uncached = (reply: FastifyReply): FastifyReply => reply.header('cache-control', 'no-store')
