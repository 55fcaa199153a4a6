/**
 * `/api/recordings` (REC7, REC13): whoever shows the owner token lists, fetches and deletes the recordings that were made
 * with it. Anything else, and everything where recordings are off, is answered like an address of nothing.
 */

import { timingSafeEqual } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { join } from 'node:path'
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
  readonly shelf: {
    readonly ids: readonly RecordingId[]
    about(id: RecordingId): { ownerHash: string; startedAt: number; endedAt: number | null } | null
    folder(id: RecordingId): string
    files(id: RecordingId): Promise<{ name: string; sizeBytes: number }[]>
    delete(id: RecordingId, now: number, why: 'asked'): Promise<object>
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
    return sendFile(request, reply, { path: join(shelf.folder(id), file.name), sizeBytes: file.sizeBytes })
  })

  app.delete('/api/recordings/:recording', async (request: Ask, reply) => {
    const id = named(request)
    if (id === null) return reply.callNotFound()
    if (library.isLive(id)) return refuse(reply, 'recording-exists')
    return uncached(reply).send(await shelf.delete(id, clock.wallTime(), 'asked'))
  })
}

async function entryOf(library: RecordingLibrary, id: RecordingId): Promise<RecordingEntry> {
  const { startedAt = 0, endedAt = null } = library.shelf.about(id) ?? {}
  const files = await library.shelf.files(id)
  return { recording: id, startedAt, endedAt, deletedAt: library.deletedAt(id), files }
}

function sendFile(
  request: Ask,
  reply: FastifyReply,
  file: { path: string; sizeBytes: number },
): FastifyReply {
  const { path, sizeBytes } = file
  const range = parseRange(request.headers.range, sizeBytes)
  uncached(reply).type('application/octet-stream').header('accept-ranges', 'bytes')
  if (range === 'unsatisfiable') return reply.code(416).header('content-range', `bytes */${sizeBytes}`).send()
  const { from, to } = range ?? { from: 0, to: sizeBytes - 1 }
  if (range !== null) reply.code(206).header('content-range', `bytes ${from}-${to}/${sizeBytes}`)
  reply.header('content-length', to - from + 1)
  return reply.send(sizeBytes === 0 ? Buffer.alloc(0) : createReadStream(path, { start: from, end: to }))
}

const uncached = (reply: FastifyReply): FastifyReply => reply.header('cache-control', 'no-store')
