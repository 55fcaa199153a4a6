/**
 * The built web client: one page for `/`, `/check`, `/recordings` and `/m/<room>`, hashed assets that never change, precompressed where built.
 * The part of a link after `#` never comes here (LINK1). Must never list a folder or leave the client's own.
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import fastifyStatic from '@fastify/static'
import { RoomId } from '@huisclos/protocol'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { NOT_BUILT_PAGE, NOT_FOUND_PAGE } from './plain-page.ts'
import { OPENER_POLICY, RECORDINGS_PAGE_POLICY } from './security-headers.ts'

const HASHED_ASSET = /[\\/]assets[\\/]/
const OPENER = /[\\/]assets[\\/]opener\.worker-[\w-]+\.js(\.br|\.gz)?$/

/** @param webRoot absolute path of the client's `dist`, which may not exist yet. */
export async function registerPages(app: FastifyInstance, webRoot: string): Promise<void> {
  await app.register(fastifyStatic, {
    root: webRoot,
    index: false,
    dotfiles: 'deny',
    preCompressed: true,
    cacheControl: false,
    suppressWarning: true,
    setHeaders: (reply, path) => {
      reply.header(
        'cache-control',
        HASHED_ASSET.test(path) ? 'public, max-age=31536000, immutable' : 'no-cache',
      )
      if (OPENER.test(path)) reply.header('content-security-policy', OPENER_POLICY)
    },
  })
  app.get('/', (_request, reply) => sendClient(reply, webRoot))
  app.get<{ Params: { room: string } }>('/m/:room', (request, reply) =>
    RoomId.safeParse(request.params.room).success ? sendClient(reply, webRoot) : reply.callNotFound(),
  )
  app.get('/check', (_request, reply) => sendClient(reply, webRoot))
  app.get('/recordings', (_request, reply) =>
    sendClient(reply.header('content-security-policy', RECORDINGS_PAGE_POLICY), webRoot),
  )
  app.get('/index.html', (_request, reply) => reply.redirect('/', 301))
}

function sendClient(reply: FastifyReply, webRoot: string): FastifyReply {
  if (existsSync(join(webRoot, 'index.html'))) return reply.sendFile('index.html')
  return sendPlain(reply, 503, NOT_BUILT_PAGE)
}

export const sendNotFound = (reply: FastifyReply): FastifyReply => sendPlain(reply, 404, NOT_FOUND_PAGE)

export function sendPlain(reply: FastifyReply, status: number, html: string): FastifyReply {
  return reply.code(status).header('cache-control', 'no-store').type('text/html; charset=utf-8').send(html)
}
