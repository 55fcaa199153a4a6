/**
 * Counters for Prometheus. Every label comes from a closed list (message types, error codes), so that none can
 * identify a room, a person or an address (SIG14). Media counters come from the Sfu when asked for.
 */
import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client'
import type { SfuStats } from '../media/sfu.ts'

export interface LiveFigures {
  rooms(): number
  sessions(): number
  sockets(): number
  /** Connection tests under way. */
  probes(): number
  media(): SfuStats
}

export type Metrics = ReturnType<typeof createMetrics>

export function createMetrics() {
  const registry = new Registry()
  const registers = [registry]
  const counter = <L extends string>(name: string, help: string, labelNames: readonly L[] = []) =>
    new Counter({ name: `huisclos_${name}`, help, labelNames, registers })
  return {
    registry,
    requests: counter('requests_total', 'Requests carried out, by type.', ['type']),
    refusals: counter('refusals_total', 'Requests and frames refused, by code.', ['code']),
    events: counter('events_total', 'Events queued for sessions, by type.', ['type']),
    slowReaders: counter('slow_readers_total', 'Clients dropped because they did not read.'),
    roomWrites: counter('room_writes_total', 'Rooms written over HTTP, by outcome.', ['outcome']),
    faults: counter('faults_total', 'Defects of the server itself.'),
    /** Gauges that are read when somebody asks. */
    watch(figures: LiveFigures): void {
      collectDefaultMetrics({ register: registry })
      const gauge = (name: string, help: string, read: () => number) =>
        new Gauge({
          name: `huisclos_${name}`,
          help,
          registers,
          collect() {
            this.set(read())
          },
        })
      gauge('rooms', 'Rooms that somebody is in.', () => figures.rooms())
      gauge('sessions', 'Sessions, those without a socket included.', () => figures.sessions())
      gauge('sockets', 'Open WebSockets.', () => figures.sockets())
      gauge('probes', 'Connection tests under way.', () => figures.probes())
      gauge('media_workers', 'Live media workers.', () => figures.media().workers)
      gauge(
        'media_worker_restarts',
        'Media workers replaced since the start.',
        () => figures.media().workerRestarts,
      )
      gauge('media_rooms', 'Rooms with a router.', () => figures.media().rooms)
      gauge('media_transports', 'WebRTC transports.', () => figures.media().transports)
      gauge('media_producers', 'Streams sent by clients.', () => figures.media().producers)
      gauge('media_consumers', 'Streams forwarded to clients.', () => figures.media().consumers)
      gauge(
        'media_consumers_refused',
        'Forwards not made at the limit.',
        () => figures.media().consumersRefused,
      )
    },
  }
}
