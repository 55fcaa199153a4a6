/**
 * Keeps the media adapter alive: restarts ICE as soon as the path is lost and after each new socket, for what takes a
 * socket away takes the path along; opens anew when transports or the frame worker failed or the server lost its media
 * worker, and falls back to TCP after two failures. Without a socket nothing can be asked, so nothing is given up.
 */
import type { RtpCapabilities } from '@huisclos/protocol'
import type { AskServer, MediaAdapter, TransportState } from './media-adapter.ts'
import type { Clock } from './ports.ts'

const FAILED_ICE_MS = 15_000
const BACKOFF_MS = [0, 500, 1_500, 4_000, 10_000] as const
const FAILURES_BEFORE_TCP = 2

export interface MediaSessionDeps<Track> {
  media: MediaAdapter<Track>
  ask: AskServer
  clock: Clock
  tcpOnly: boolean
  opened(): void
  closed(): void
  changed(): void
}

export class MediaSession<Track> {
  readonly #deps: MediaSessionDeps<Track>
  #routerRtp: RtpCapabilities | null = null
  #state: TransportState = 'connecting'
  #tcpOnly: boolean
  #failures = 0
  /** Rises with each open and close, so that what comes too late is ignored. */
  #turn = 0
  /** The turn whose transports are there, and the one in which ICE is being restarted. */
  #opened = -1
  #restarting = -1
  /** There is no socket to the server. */
  #away = false
  #cancel = () => {}

  constructor(deps: MediaSessionDeps<Track>) {
    this.#deps = deps
    this.#tcpOnly = deps.tcpOnly
  }

  get state(): TransportState {
    return this.#state
  }
  get tcpOnly(): boolean {
    return this.#tcpOnly
  }

  /** Opens for a session of the server's that has just begun; closes what was open. */
  start(routerRtp: RtpCapabilities): void {
    this.#routerRtp = routerRtp
    this.reopen()
  }

  /** From nothing: everything published and consumed goes. */
  reopen(): void {
    if (!this.#routerRtp) return
    const routerRtp = this.#routerRtp
    this.#close({ reopens: true })
    const delayMs = BACKOFF_MS[Math.min(this.#failures, BACKOFF_MS.length - 1)] ?? 0
    const turn = this.#turn
    this.#cancel = this.#deps.clock.setTimer(delayMs, () => void this.#open(routerRtp, turn))
  }

  stop(): void {
    this.#routerRtp = null
    this.#close({ reopens: false })
  }

  /** The server cannot be reached. */
  lost(): void {
    this.#away = true
  }

  /**
   * It can again, in the same session. A path that had failed by then is not mended: what a browser has queued meanwhile
   * goes out at the last rate it believed in, which takes seconds longer than new transports.
   */
  resumed(): void {
    this.#away = false
    if (this.#state === 'failed') this.reopen()
    else this.#restartIce()
  }

  /** From the adapter. */
  transport(state: TransportState): void {
    if (!this.#routerRtp || state === this.#state) return
    this.#state = state
    this.#deps.changed()
    this.#cancel()
    if (state === 'connected') this.#failures = 0
    else if (state === 'disconnected') this.#restartIce()
    else if (state === 'failed' && !this.#away) this.#failed()
  }

  async #open(routerRtp: RtpCapabilities, turn: number): Promise<void> {
    if (turn !== this.#turn) return
    const { media, ask } = this.#deps
    try {
      await media.open({ request: ask, routerRtp, tcpOnly: this.#tcpOnly })
      if (turn !== this.#turn) return
      this.#opened = turn
      this.#deps.opened()
    } catch {
      if (turn === this.#turn) this.#failed()
    }
  }

  #failed(): void {
    this.#failures++
    if (this.#failures >= FAILURES_BEFORE_TCP) this.#tcpOnly = true
    this.reopen()
  }

  /** One at a time: a request that waits for a socket is as good as a new one. */
  #restartIce(): void {
    const turn = this.#turn
    if (!this.#routerRtp || this.#opened !== turn || this.#restarting === turn) return
    this.#restarting = turn
    const over = (): boolean => {
      if (turn !== this.#turn) return false
      this.#restarting = -1
      return this.#state !== 'connected'
    }
    this.#deps.media.restartIce().then(
      () => {
        if (over()) this.#giveTime()
      },
      () => {
        if (over()) this.#failed()
      },
    )
  }

  #giveTime(): void {
    this.#cancel()
    this.#cancel = this.#deps.clock.setTimer(FAILED_ICE_MS, () => {
      if (!this.#away) this.#failed()
    })
  }

  #close(how: { reopens: boolean }): void {
    this.#turn++
    this.#cancel()
    this.#state = 'connecting'
    this.#deps.media.close(how)
    this.#deps.closed()
    this.#deps.changed()
  }
}
