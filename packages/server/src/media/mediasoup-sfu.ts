/**
 * The `Sfu` port on mediasoup: one worker per core, each on its own port, rooms placed on the least loaded one that
 * lives. Composition of media-worker.ts and mediasoup-room.ts. Must never answer for a room whose worker is gone.
 */
import { systemClock } from '../clock.ts'
import { freeMediaPort } from './free-media-port.ts'
import type { GateClock } from './key-frame-gate.ts'
import type { ListenAddress, MediaLog } from './media-worker.ts'
import { MediaWorker } from './media-worker.ts'
import { MediasoupRoom, ROUTER_CODECS } from './mediasoup-room.ts'
import type { Sfu, SfuRoom, SfuRoomOptions, SfuStats } from './sfu.ts'
import { SfuError } from './sfu.ts'

export interface MediasoupSfuConfig {
  /** Path of the mediasoup-worker binary (MEDIASOUP_WORKER_BIN). */
  workerBin: string
  /** How many workers; one a core is sensible. */
  workers: number
  /** Worker i listens on UDP and TCP port `mediaPort + i`. 0: free ports are chosen at start and kept. */
  mediaPort: number
  /** See listenAddresses(). */
  addresses: readonly ListenAddress[]
  log: MediaLog
  clock?: GateClock
  /** How long createRoom() may wait for a restart. */
  restartWaitMs?: number
}

const RESTART_WAIT_MS = 4500

/**
 * Starts every worker.
 * @throws SfuStartError naming the port where that is the reason; whatever had started is ended again.
 */
export async function startMediasoupSfu(config: MediasoupSfuConfig): Promise<MediasoupSfu> {
  const first =
    config.mediaPort === 0 ? await freeMediaPort(config.workers, config.addresses) : config.mediaPort
  const sfu = new MediasoupSfu(config, first)
  try {
    await sfu.start()
  } catch (error) {
    await sfu.close()
    throw error
  }
  return sfu
}

export class MediasoupSfu implements Sfu {
  readonly #config: MediasoupSfuConfig
  readonly #workers: MediaWorker[]
  readonly #rooms = new Map<MediasoupRoom, MediaWorker>()
  readonly #waiting = new Set<() => void>()
  #restarts = 0
  #closed = false

  constructor(config: MediasoupSfuConfig, firstPort: number) {
    this.#config = config
    this.#workers = Array.from(
      { length: config.workers },
      (_, index) =>
        new MediaWorker({
          workerBin: config.workerBin,
          port: firstPort + index,
          addresses: config.addresses,
          log: config.log,
          onDeath: () => {
            this.#restarts += 1
          },
          onRestart: () => this.#wake(),
        }),
    )
  }

  /** Process ids of the workers that live, for tests and the operator's eyes. */
  get workerPids(): number[] {
    return this.#workers.flatMap(({ pid }) => (pid === null ? [] : [pid]))
  }

  /** The media port of each worker. */
  get ports(): number[] {
    return this.#workers.map(({ port }) => port)
  }

  async start(): Promise<void> {
    const started = await Promise.allSettled(this.#workers.map((worker) => worker.start()))
    for (const result of started) if (result.status === 'rejected') throw result.reason
    this.#config.log.info({ ports: this.ports }, 'media workers started')
  }

  async createRoom(options: SfuRoomOptions): Promise<SfuRoom> {
    const waitMs = this.#config.restartWaitMs ?? RESTART_WAIT_MS
    const deadline = performance.now() + waitMs
    while (!this.#closed) {
      const room = await this.#tryCreateRoom(options)
      if (room) return room
      const leftMs = deadline - performance.now()
      if (leftMs <= 0) break
      if (!this.#leastLoaded()) await this.#restartOrTimeout(leftMs)
    }
    throw new SfuError('media-unavailable')
  }

  stats(): SfuStats {
    const sums = { transports: 0, producers: 0, consumers: 0, consumersRefused: 0 }
    for (const room of this.#rooms.keys()) {
      const each = room.counts()
      sums.transports += each.transports
      sums.producers += each.producers
      sums.consumers += each.consumers
      sums.consumersRefused += each.consumersRefused
    }
    const workers = this.workerPids.length
    return { workers, workerRestarts: this.#restarts, rooms: this.#rooms.size, ...sums }
  }

  async close(): Promise<void> {
    this.#closed = true
    this.#wake()
    for (const room of [...this.#rooms.keys()]) room.close()
    await Promise.all(this.#workers.map((worker) => worker.close()))
  }

  /** Null when there is no live worker, or the one chosen died under our hands. */
  async #tryCreateRoom(options: SfuRoomOptions): Promise<MediasoupRoom | null> {
    const place = this.#leastLoaded()
    const live = place?.live
    if (!place || !live) return null
    const router = await live.worker.createRouter({ mediaCodecs: ROUTER_CODECS }).catch((error: unknown) => {
      if (live.worker.closed) return null
      throw error
    })
    if (!router) return null
    if (router.closed || this.#closed) {
      if (!router.closed) router.close()
      return null
    }
    const { log, clock = systemClock } = this.#config
    const onEnd = (ended: MediasoupRoom) => this.#rooms.delete(ended)
    const room = new MediasoupRoom({ ...live, router, log, clock, room: options, onEnd })
    this.#rooms.set(room, place)
    return room
  }

  #leastLoaded(): MediaWorker | null {
    const loads = new Map<MediaWorker, number>()
    for (const worker of this.#workers) if (worker.live) loads.set(worker, 0)
    for (const [room, worker] of this.#rooms) {
      const load = loads.get(worker)
      const { producers, consumers } = room.counts()
      if (load !== undefined) loads.set(worker, load + 1 + producers + consumers)
    }
    const [best] = [...loads].sort((a, b) => a[1] - b[1])
    return best ? best[0] : null
  }

  #restartOrTimeout(timeoutMs: number): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer)
        this.#waiting.delete(done)
        resolve()
      }
      const timer = setTimeout(done, timeoutMs)
      this.#waiting.add(done)
    })
  }

  #wake(): void {
    for (const done of [...this.#waiting]) done()
  }
}
