/**
 * The HTTP side: fastify with its request log off (it holds addresses), WEB1's headers on every answer, errors as
 * codes for the API and as pages for people. Routes are in room-api, operations and pages.
 */

import type { RequestListener, Server } from 'node:http'
import { createServer } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import fastify from 'fastify'
import type { ReportFault } from '../observe/report-fault.ts'
import { sendNotFound, sendPlain } from './pages.ts'
import { FAULT_PAGE } from './plain-page.ts'
import { refuse } from './room-api.ts'
import { securityHeaders } from './security-headers.ts'

export interface HttpOptions {
  /** PEM texts; null serves plain HTTP. */
  tls: { cert: string; key: string } | null
  /** Browsers come by HTTPS, here or at the proxy. */
  overTls: boolean
  onFault: ReportFault
}

const BODY_LIMIT_BYTES = 64 * 1024
const TIMEOUTS = { headersMs: 15_000, requestMs: 30_000 } as const

/** A fastify instance without routes. `app.server` takes WebSocket upgrades. */
export function createHttp({ tls, overTls, onFault }: HttpOptions): FastifyInstance {
  const headers = securityHeaders(overTls)
  const app = fastify({
    logger: false,
    bodyLimit: BODY_LIMIT_BYTES,
    // Close idle keep-alive connections when stopping; the gateway ends the WebSockets.
    forceCloseConnections: true,
    // Addresses that cannot be decoded reach no hook.
    frameworkErrors: (_error, _request, reply) => {
      sendNotFound(reply.headers(headers))
    },
    serverFactory: (handler) => listenWith(tls, handler as RequestListener),
  })
  app.addHook('onRequest', async (_request, reply) => {
    reply.headers(headers)
  })
  app.setNotFoundHandler((request, reply) =>
    isApi(request) ? reply.code(404).send({ code: 'bad-message' }) : sendNotFound(reply),
  )
  app.setErrorHandler((error: FastifyError, request, reply) => answerError(error, request, reply, onFault))
  return app
}

function listenWith(tls: HttpOptions['tls'], handler: RequestListener): Server {
  const server: Server =
    tls === null ? createServer(handler) : createTlsServer({ ...tls, minVersion: 'TLSv1.2' }, handler)
  server.headersTimeout = TIMEOUTS.headersMs
  server.requestTimeout = TIMEOUTS.requestMs
  return server
}

const isApi = (request: FastifyRequest): boolean => request.url.startsWith('/api/')

function answerError(
  error: FastifyError,
  request: FastifyRequest,
  reply: FastifyReply,
  onFault: ReportFault,
): FastifyReply {
  const status = error.statusCode ?? 500
  if (status >= 500) {
    onFault(error)
    return isApi(request) ? refuse(reply, 'server-fault') : sendPlain(reply, 500, FAULT_PAGE)
  }
  if (!isApi(request)) return sendNotFound(reply)
  return refuse(reply, status === 413 ? 'too-large' : 'bad-message')
}
