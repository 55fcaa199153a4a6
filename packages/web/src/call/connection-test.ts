/**
 * The connection test as a view: one line to the server, media over UDP, then over TCP. Sends nothing until it is
 * started, and nothing after `close`.
 */
import type { Socket } from '@huisclos/participant'
import { MediaError } from '../platform/media-error.ts'
import type { ConnectionTestPort, ConnectionTestView, PathResult } from '../ui/quality-ports.ts'
import type { PathTest } from './path-engine.ts'
import { ProbeError, ProbeLine } from './probe-line.ts'
import { Snapshot } from './snapshot.ts'

export interface ConnectionTestPorts {
  connect(): Socket
  location: Pick<Location, 'host' | 'protocol'>
  /** Loads the media code. */
  load(): Promise<{ measurePath(test: PathTest): Promise<PathResult> }>
}

const PROTOCOLS = ['udp', 'tcp'] as const

export class ConnectionTest extends Snapshot<ConnectionTestView> implements ConnectionTestPort {
  readonly #ports: ConnectionTestPorts
  #ending: AbortController | null = null

  constructor(ports: ConnectionTestPorts) {
    super({
      at: 'ready',
      progress: 0,
      host: ports.location.host,
      scheme: ports.location.protocol === 'http:' ? 'http' : 'https',
      udp: { state: 'waiting' },
      tcp: { state: 'waiting' },
      mediaPorts: [],
    })
    this.#ports = ports
  }

  start = (): void => {
    if (this.view.at === 'running') return
    const ending = new AbortController()
    this.#ending = ending
    this.patch({ at: 'running', progress: 0, udp: { state: 'waiting' }, tcp: { state: 'waiting' } })
    void this.#run(ending.signal).then((at) => {
      if (!ending.signal.aborted) this.patch({ at, progress: 1 })
    })
  }

  /** Nothing is sent or shown any more. */
  close(): void {
    this.#ending?.abort()
  }

  async #run(signal: AbortSignal): Promise<ConnectionTestView['at']> {
    const line = new ProbeLine(this.#ports.connect())
    signal.addEventListener('abort', () => line.close())
    try {
      const [{ measurePath }, { routerRtp, mediaPorts }] = await Promise.all([
        this.#ports.load(),
        line.begin(),
      ])
      this.patch({ mediaPorts })
      for (const [index, protocol] of PROTOCOLS.entries()) {
        if (signal.aborted) break
        this.patch({ [protocol]: { state: 'running' } })
        const result = await measurePath({
          request: line.ask,
          routerRtp,
          protocol,
          onConsumer: (heard) => line.onConsumer(heard),
          signal,
          progress: (done) => this.#progress(signal, (index + done) / PROTOCOLS.length),
        })
        if (!signal.aborted) this.patch({ [protocol]: result })
      }
      return 'done'
    } catch (error) {
      return endOf(error)
    } finally {
      line.close()
    }
  }

  #progress(signal: AbortSignal, progress: number): void {
    if (!signal.aborted) this.patch({ progress: Math.round(progress * 100) / 100 })
  }
}

function endOf(error: unknown): ConnectionTestView['at'] {
  if (error instanceof ProbeError) return error.code === 'probe-busy' ? 'busy' : 'unreachable'
  if (error instanceof MediaError) return 'unsupported'
  return 'unreachable'
}
