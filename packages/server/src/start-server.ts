/**
 * The composition root: builds every part from the settings, wires them and starts listening. Whoever starts a server
 * closes it; a start that fails half-way leaves nothing behind.
 */

import { readFileSync } from 'node:fs'
import { createSecureContext } from 'node:tls'
import { fileURLToPath } from 'node:url'
import type { FastifyInstance } from 'fastify'
import type { DestinationStream } from 'pino'
import type { Clock } from './clock.ts'
import { systemClock } from './clock.ts'
import { ConfigError } from './config/config-error.ts'
import { resolveSettings } from './config/resolve-settings.ts'
import type { ServerSettings, SettingsInput } from './config/server-settings.ts'
import { clientAddress } from './http/client-address.ts'
import { createHttp } from './http/http-server.ts'
import { registerOperations } from './http/operations.ts'
import { registerPages } from './http/pages.ts'
import { registerRecordingApi } from './http/recording-api.ts'
import { registerRoomApi } from './http/room-api.ts'
import type { FakeSfu } from './media/fake-sfu.ts'
import type { Sfu } from './media/sfu.ts'
import { addressToOpen, announcedAddresses } from './network-addresses.ts'
import { createLog } from './observe/log.ts'
import type { Metrics } from './observe/metrics.ts'
import { createMetrics } from './observe/metrics.ts'
import type { ReportFault } from './observe/report-fault.ts'
import { faultReporter } from './observe/report-fault.ts'
import { RoomAdmission } from './policy/room-admission.ts'
import { RoomQuota } from './policy/room-quota.ts'
import type { ArchiveRecorder } from './recording/archive-recorder.ts'
import { Bridges } from './signalling/bridges.ts'
import { Entrance } from './signalling/entrance.ts'
import { Gateway } from './signalling/gateway.ts'
import { Probes } from './signalling/probes.ts'
import { Rooms } from './signalling/rooms.ts'
import { startRecorder } from './start-recorder.ts'
import type { RunningSfu } from './start-sfu.ts'
import { startSfu } from './start-sfu.ts'
import { createMemoryStore } from './storage/memory-store.ts'
import type { Store } from './storage/store.ts'

export interface StartOptions extends SettingsInput {
  /** Which media engine. Default mediasoup. */
  sfu?: 'mediasoup' | 'fake'
  clock?: Clock
  /** Where log lines go. Default: standard output. */
  logDestination?: DestinationStream
}

export interface RunningServer {
  /** Address to open, without a path. */
  readonly url: string
  readonly port: number
  readonly mediaPorts: readonly number[]
  readonly settings: ServerSettings
  /** Process ids of the media workers that live now; none with the fake. */
  workerPids(): number[]
  /** The fake media engine, where that was asked for. */
  readonly fakeSfu: FakeSfu | null
  /** Says goodbye to clients and ends everything. Idempotent. */
  close(): Promise<void>
}

const WEB_ROOT = fileURLToPath(new URL('../../web/dist', import.meta.url))
const SWEEP_MS = 60_000

/**
 * Starts a server.
 * @throws ConfigError, SfuStartError, or the system's error when the HTTP port cannot be had.
 */
export async function startServer(options: StartOptions = {}): Promise<RunningServer> {
  const { sfu: engine = 'mediasoup', clock = systemClock, logDestination, ...input } = options
  const settings = resolveSettings(input)
  const log = createLog(settings.logLevel, logDestination)
  const metrics = createMetrics()
  const onFault = faultReporter(log, metrics)
  const tls = readCertificate(settings)
  const announced = await announcedAddresses(settings)
  const media = await startSfu(engine, { settings, announced, log })
  try {
    const recorder = await startRecorder({ settings, clock, log, onFault })
    const parts = build({
      recorder,
      settings,
      clock,
      metrics,
      onFault,
      tls,
      sfu: media.sfu,
      mediaPorts: media.ports,
    })
    await registerPages(parts.app, settings.webRoot ?? WEB_ROOT)
    const port = await listen(parts.app, settings)
    log.info({ port, mediaPorts: media.ports }, 'server started')
    return running(parts, { settings, media, port, log })
  } catch (error) {
    await media.sfu.close()
    throw error
  }
}

interface Parts {
  recorder: ArchiveRecorder | null
  app: FastifyInstance
  gateway: Gateway
  entrance: Entrance
  rooms: Rooms
  store: Store
  stopSweeping: () => void
}

interface BuildOptions {
  recorder: ArchiveRecorder | null
  settings: ServerSettings
  clock: Clock
  metrics: Metrics
  onFault: ReportFault
  tls: { cert: string; key: string } | null
  sfu: Sfu
  mediaPorts: readonly number[]
}

function build({ recorder, settings, clock, metrics, onFault, tls, sfu, mediaPorts }: BuildOptions): Parts {
  const store = createMemoryStore()
  const bridges = new Bridges(clock)
  const rooms = new Rooms({ clock, sfu, metrics, onFault, recorder, bridges })
  const entrance = new Entrance({ clock, store, rooms, peersPerRoom: settings.peersPerRoom, onFault })
  const probes = new Probes({ sfu, clock, most: settings.probes, mediaPorts })
  const app = createHttp({ tls, overTls: settings.public !== undefined, onFault })
  const { server } = app
  const { behindProxy, sockets, socketsPerAddress, create } = settings
  const gateway = new Gateway({
    server,
    entrance,
    probes,
    bridges,
    clock,
    metrics,
    onFault,
    sockets,
    socketsPerAddress,
    addressOf: (request) => clientAddress(request, behindProxy),
  })
  const operatorTokenHashes = settings.operatorTokenHashes.map((hash) => Buffer.from(hash, 'base64url'))
  const { totalRooms, linkDays } = settings
  const quota = new RoomQuota(settings.roomsPerAddressPerHour)
  const admission = new RoomAdmission({ create, operatorTokenHashes, totalRooms, linkDays }, store, quota)
  const addressOf = (request: { raw: Parameters<typeof clientAddress>[0] }) =>
    clientAddress(request.raw, behindProxy)
  const { recordings: allowed, recordingsDays } = settings
  const recording = { allowed, retentionDays: recordingsDays === 0 ? null : recordingsDays }
  if (recorder !== null) registerRecordingApi(app, recorder, clock)
  registerRoomApi(app, { admission, create, recording, clock, metrics, addressOf })
  registerOperations(app, { settings, metrics, clock, isHealthy: () => sfu.stats().workers > 0 })
  metrics.watch({
    rooms: () => rooms.count,
    sessions: () => entrance.sessions,
    sockets: () => gateway.sockets,
    probes: () => probes.count,
    media: () => sfu.stats(),
  })
  return { recorder, app, gateway, entrance, rooms, store, stopSweeping: sweep(store, clock, onFault) }
}

/** Forgets expired rooms, over and over. */
function sweep(store: Store, clock: Clock, onFault: ReportFault): () => void {
  let callOff = (): void => undefined
  const again = () => {
    callOff = clock.schedule(() => {
      store.removeExpired(clock.wallTime()).catch(onFault)
      again()
    }, SWEEP_MS)
  }
  again()
  return () => callOff()
}

interface RunningOptions {
  settings: ServerSettings
  media: RunningSfu
  port: number
  log: ReturnType<typeof createLog>
}

function running(parts: Parts, { settings, media, port, log }: RunningOptions): RunningServer {
  let closing: Promise<void> | null = null
  return {
    url: addressToOpen(settings, port),
    port,
    mediaPorts: media.ports,
    settings,
    workerPids: () => media.workerPids(),
    fakeSfu: media.fake,
    close: () => {
      closing ??= stop(parts, media).then(() => log.info('server stopped'))
      return closing
    },
  }
}

async function stop(
  { recorder, app, gateway, entrance, rooms, store, stopSweeping }: Parts,
  media: RunningSfu,
): Promise<void> {
  stopSweeping()
  entrance.close()
  rooms.closeAll('shutting-down')
  gateway.close()
  await recorder?.close()
  await Promise.all([app.close(), media.sfu.close()])
  await store.close()
}

async function listen(app: FastifyInstance, { listen: host, port }: ServerSettings): Promise<number> {
  try {
    await app.listen({ host, port })
  } catch (error) {
    const isWithoutIpv6 = error instanceof Error && 'code' in error && error.code === 'EAFNOSUPPORT'
    if (host !== '::' || !isWithoutIpv6) throw error
    await app.listen({ host: '0.0.0.0', port })
  }
  const address = app.server.address()
  if (address === null || typeof address === 'string') throw new Error('not listening on a port')
  return address.port
}

function readCertificate({ certificate, key }: ServerSettings): { cert: string; key: string } | null {
  if (certificate === undefined || key === undefined) return null
  try {
    const pair = { cert: readFileSync(certificate, 'utf8'), key: readFileSync(key, 'utf8') }
    createSecureContext(pair)
    return pair
  } catch (error) {
    const message =
      'The certificate or its key cannot be read, or they do not belong together (both must be PEM).'
    throw new ConfigError('certificate-unreadable', message, error)
  }
}
