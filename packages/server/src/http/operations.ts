/** What operators and security researchers ask: `/healthz`, `/metrics` (SIG14) and security.txt (RFC 9116). */
import type { FastifyInstance } from 'fastify'
import type { Clock } from '../clock.ts'
import type { ServerSettings } from '../config/server-settings.ts'
import type { Metrics } from '../observe/metrics.ts'
import { isFromThisMachine } from './client-address.ts'

export interface OperationsOptions {
  settings: Pick<ServerSettings, 'metrics' | 'securityContact' | 'public'>
  metrics: Metrics
  clock: Clock
  /** Whether meetings can be held now. */
  isHealthy: () => boolean
}

const HALF_YEAR_MS = 182 * 86_400_000

export function registerOperations(app: FastifyInstance, options: OperationsOptions): void {
  const { settings, metrics, clock, isHealthy } = options
  app.get('/healthz', (_request, reply) => {
    const healthy = isHealthy()
    return reply
      .code(healthy ? 200 : 503)
      .header('cache-control', 'no-store')
      .send({ ok: healthy })
  })
  app.get('/metrics', async (request, reply) => {
    const mayRead = settings.metrics === 'everyone' || isFromThisMachine(request.raw)
    if (settings.metrics === 'off' || !mayRead) return reply.callNotFound()
    return reply.type(metrics.registry.contentType).send(await metrics.registry.metrics())
  })
  app.get('/.well-known/security.txt', (_request, reply) => {
    if (settings.securityContact.length === 0) return reply.callNotFound()
    return reply.type('text/plain; charset=utf-8').send(securityText(settings, clock.wallTime()))
  })
}

/** RFC 9116 asks for an expiry: always half a year ahead, since the server is there to say so. */
function securityText({ securityContact, public: name }: OperationsOptions['settings'], now: number): string {
  const lines = [
    ...securityContact.map((contact) => `Contact: ${contact}`),
    `Expires: ${new Date(now + HALF_YEAR_MS).toISOString()}`,
    'Preferred-Languages: en, fr',
    ...(name === undefined ? [] : [`Canonical: https://${name}/.well-known/security.txt`]),
  ]
  return `${lines.join('\n')}\n`
}
