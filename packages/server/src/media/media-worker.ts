/**
 * One mediasoup worker process on one fixed media port: starts it, notices its death, starts it again in the
 * background with growing pauses. Must never give its port up to another worker, and never restart after `close`.
 */
import { access, constants } from 'node:fs/promises'
import type { types } from 'mediasoup'
import { createWorker } from 'mediasoup'
import { listenFailure, SfuStartError } from './sfu-start-error.ts'

/** Where a worker listens: the socket's address, and the one told to clients when it differs (NAT, wildcard). */
export interface ListenAddress {
  ip: string
  announced?: string
}

/** The logger's face that this folder needs (pino fits). Nothing said here names a person, an address or a key. */
export interface MediaLog {
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}

/**
 * SIG17: the worker hears of a changed estimate only where the estimator moves by itself. Where every picture of a path
 * is held back no feedback comes and nothing moves, so that even a floor put under the estimate (PathNudge) was lost. Six
 * seconds after the last feedback the estimate therefore grows by 0.2 % every half second: nothing by itself, but it
 * takes the floor along. The first of the two is mediasoup's own default.
 */
const CONGESTION_CONTROL =
  'WebRTC-Bwe-AlrLimitedBackoff/Enabled/' +
  'WebRTC-Bwe-MaxRttLimit/limit:6s,fraction:1.002,interval:500ms,safe_timeout:0/'

export interface MediaWorkerOptions {
  workerBin: string
  port: number
  addresses: readonly ListenAddress[]
  log: MediaLog
  /** Called when the process died, after its rooms were told. */
  onDeath: () => void
  /** Called when it runs again. */
  onRestart: () => void
}

export interface LiveWorker {
  readonly worker: types.Worker
  readonly webRtcServer: types.WebRtcServer
}

const FIRST_PAUSE_MS = 50
const LONGEST_PAUSE_MS = 5000
const isIpv6 = (ip: string) => ip.includes(':')

export class MediaWorker {
  readonly port: number
  readonly #options: MediaWorkerOptions
  #live: LiveWorker | null = null
  #closed = false
  #timer: NodeJS.Timeout | null = null
  #opening: Promise<void> = Promise.resolve()

  constructor(options: MediaWorkerOptions) {
    this.#options = options
    this.port = options.port
  }

  /** The running process, or null between its death and its restart. */
  get live(): LiveWorker | null {
    return this.#live && !this.#live.worker.closed ? this.#live : null
  }

  get pid(): number | null {
    return this.live?.worker.pid ?? null
  }

  /** @throws SfuStartError */
  async start(): Promise<void> {
    await access(this.#options.workerBin, constants.X_OK).catch((cause: unknown) => {
      throw new SfuStartError('worker-missing', null, cause)
    })
    await this.#open()
  }

  async close(): Promise<void> {
    this.#closed = true
    if (this.#timer) clearTimeout(this.#timer)
    await this.#opening.catch(() => undefined)
    const live = this.#live
    this.#live = null
    if (!live || live.worker.subprocessClosed) return
    const gone = new Promise<void>((resolve) => live.worker.once('subprocessclose', resolve))
    live.worker.close()
    await gone
  }

  async #open(): Promise<void> {
    const worker = await createWorker({
      workerBin: this.#options.workerBin,
      logLevel: 'error',
      libwebrtcFieldTrials: CONGESTION_CONTROL,
    }).catch((cause: unknown) => {
      throw new SfuStartError('worker-failed', null, cause)
    })
    try {
      const webRtcServer = await this.#listen(worker)
      this.#live = { worker, webRtcServer }
      worker.on('died', () => this.#handleDeath())
      if (worker.died) this.#handleDeath()
    } catch (error) {
      worker.close()
      throw error
    }
  }

  /** Listens on all addresses; where the machine has no IPv6, on the others. */
  async #listen(worker: types.Worker): Promise<types.WebRtcServer> {
    const { addresses, port, log } = this.#options
    try {
      return await worker.createWebRtcServer({ listenInfos: this.#listenInfos(addresses) })
    } catch (error) {
      const failure = listenFailure(error, port)
      const rest = addresses.filter(({ ip }) => !isIpv6(ip))
      if (failure.code === 'port-in-use' || rest.length === 0 || rest.length === addresses.length)
        throw failure
      log.warn({ port }, 'no IPv6 for media here, listening on IPv4 alone')
      return await worker
        .createWebRtcServer({ listenInfos: this.#listenInfos(rest) })
        .catch((cause: unknown) => {
          throw listenFailure(cause, port)
        })
    }
  }

  #listenInfos(addresses: readonly ListenAddress[]): types.TransportListenInfo[] {
    const { port } = this.#options
    return addresses.flatMap(({ ip, announced }) =>
      (['udp', 'tcp'] as const).map((protocol) => ({
        protocol,
        ip,
        port,
        ...(announced === undefined ? {} : { announcedAddress: announced }),
        ...(isIpv6(ip) ? { flags: { ipv6Only: true } } : {}),
      })),
    )
  }

  #handleDeath(): void {
    if (this.#closed) return
    this.#live = null
    this.#options.log.error({ port: this.port }, 'media worker died, starting another')
    this.#options.onDeath()
    this.#restart(0)
  }

  #restart(attempt: number): void {
    if (this.#closed) return
    this.#opening = this.#open()
    this.#opening.then(
      () => {
        if (!this.#closed) this.#options.onRestart()
      },
      () => {
        if (this.#closed) return
        const pauseMs = Math.min(FIRST_PAUSE_MS * 2 ** attempt, LONGEST_PAUSE_MS)
        this.#options.log.warn({ port: this.port, pauseMs }, 'media worker did not start, trying again')
        this.#timer = setTimeout(() => this.#restart(attempt + 1), pauseMs)
      },
    )
  }
}
