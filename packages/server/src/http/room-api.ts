/**
 * `/api`: what a client may know of this server, and writing rooms (SIG8). The owner's and operator's tokens come in
 * headers, are compared by hash in constant time and are kept nowhere.
 */

import type { ErrorCode, RecordingPolicy, ServerConfig } from '@huisclos/protocol'
import { OPERATOR_HEADER, PROTOCOL_VERSIONS, RoomId, RoomPut } from '@huisclos/protocol'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Clock } from '../clock.ts'
import type { Metrics } from '../observe/metrics.ts'
import type { RoomAdmission } from '../policy/room-admission.ts'

export interface RoomApiOptions {
  admission: RoomAdmission
  create: ServerConfig['create']
  recording: RecordingPolicy
  clock: Clock
  metrics: Metrics
  addressOf: (request: FastifyRequest) => string
}

const STATUS: Partial<Record<ErrorCode, number>> = {
  'bad-message': 400,
  'too-large': 413,
  'create-refused': 403,
  'owner-refused': 403,
  'recording-exists': 409,
  'recording-unavailable': 503,
  'server-fault': 500,
}

export function registerRoomApi(app: FastifyInstance, options: RoomApiOptions): void {
  const { admission, create, recording, clock, metrics, addressOf } = options
  const config: ServerConfig = {
    version: String(Math.max(...PROTOCOL_VERSIONS)),
    create,
    recording,
  }
  app.get('/api/config', (_request, reply) => reply.header('cache-control', 'no-store').send(config))

  app.put<{ Params: { room: string } }>('/api/rooms/:room', async (request, reply) => {
    const room = RoomId.safeParse(request.params.room)
    const body = RoomPut.safeParse(request.body)
    if (!room.success || !body.success) return refuse(reply, 'bad-message')
    const write = {
      room: room.data,
      body: body.data,
      ownerToken: bearer(request),
      operatorToken: single(request.headers[OPERATOR_HEADER]),
      address: addressOf(request),
    }
    const outcome = await admission.write(write, clock.wallTime())
    metrics.roomWrites.inc({ outcome: outcome.ok ? (outcome.created ? 'created' : 'changed') : outcome.code })
    return outcome.ok ? reply.code(outcome.created ? 201 : 200).send({}) : refuse(reply, outcome.code)
  })
}

/** An error of the API: `{"code": …}`, from the list that the WebSocket uses. */
export function refuse(reply: FastifyReply, code: ErrorCode): FastifyReply {
  return reply
    .code(STATUS[code] ?? 400)
    .header('cache-control', 'no-store')
    .send({ code })
}

const single = (header: string | string[] | undefined): string | undefined =>
  typeof header === 'string' ? header : undefined

/** The token of the Authorization header as sent. */
export function bearer(request: FastifyRequest): string | undefined {
  return /^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1]
}
