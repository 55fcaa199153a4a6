/**
 * Keeps the media adapter alive: opens it, restarts ICE after 2 s without a connection, opens it anew when transports
 * or the frame worker failed or the server lost its media worker, and falls back to TCP after two failures.
 */
import type { RtpCapabilities } from '@huisclos/protocol'
import type { AskServer, MediaAdapter, TransportState } from './media-adapter.ts'
import type { Clock, Ms } from './ports.ts'

const RESTART_ICE_MS = 2_000
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
    this.#close()
    const delayMs = BACKOFF_MS[Math.min(this.#failures, BACKOFF_MS.length - 1)] ?? 0
    const turn = this.#turn
    this.#cancel = this.#deps.clock.setTimer(delayMs, () => void this.#open(routerRtp, turn))
  }

  stop(): void {
    this.#routerRtp = null
    this.#close()
  }

  /** From the adapter. */
  transport(state: TransportState): void {
    if (!this.#routerRtp || state === this.#state) return
    this.#state = state
    this.#deps.changed()
    this.#cancel()
    if (state === 'connected') this.#failures = 0
    else if (state === 'failed') this.#failed()
    else if (state === 'disconnected') this.#restartIceAfter(RESTART_ICE_MS)
  }

  async #open(routerRtp: RtpCapabilities, turn: number): Promise<void> {
    if (turn !== this.#turn) return
    const { media, ask } = this.#deps
    try {
      await media.open({ request: ask, routerRtp, tcpOnly: this.#tcpOnly })
      if (turn !== this.#turn) return
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

  #restartIceAfter(delayMs: Ms): void {
    const turn = this.#turn
    this.#cancel = this.#deps.clock.setTimer(delayMs, () => {
      if (turn !== this.#turn) return
      this.#deps.media.restartIce().catch(() => {})
      this.#cancel = this.#deps.clock.setTimer(FAILED_ICE_MS, () => this.#failed())
    })
  }

  #close(): void {
    this.#turn++
    this.#cancel()
    this.#state = 'connecting'
    this.#deps.media.close()
    this.#deps.closed()
    this.#deps.changed()
  }
}
