/**
 * Plays what was opened: a media element for each person, all kept to one clock (OPEN5). Knows no page: elements come as
 * the few members that are used, time and timers from outside.
 */
import { Snapshot } from '../../call/snapshot.ts'
import type { Store } from '../../ui/ports.ts'
import { stepBack } from './keep-step.ts'
import { PlayClock } from './play-clock.ts'

/** The parts of a media element that are used. Times in seconds. */
export interface PlayedElement {
  currentTime: number
  playbackRate: number
  muted: boolean
  readonly readyState: number
  readonly seeking: boolean
  readonly ended: boolean
  readonly error: unknown
  play(): Promise<void>
  pause(): void
}

export interface PlayerView {
  /** `waiting`: somebody's sound or picture is not there yet. */
  readonly state: 'paused' | 'waiting' | 'playing'
  readonly positionMs: number
  readonly durationMs: number
  readonly speed: number
  /** Files that are not heard. */
  readonly muted: ReadonlySet<string>
  /** Files that this browser cannot play. */
  readonly unplayable: ReadonlySet<string>
}

export interface PlayerPort extends Store<PlayerView> {
  /** The result takes it away again. */
  attach(file: string, element: PlayedElement): () => void
  toggle(): void
  seek(toMs: number): void
  setSpeed(speed: number): void
  setMuted(file: string, muted: boolean): void
}

export interface PlayerTimers {
  /** Milliseconds, never going back. */
  now(): number
  /** Calls back about ten times a second until the result is called. */
  tick(run: () => void): () => void
}

export const SPEEDS = [0.5, 1, 1.25, 1.5, 2] as const
/** HTMLMediaElement.HAVE_FUTURE_DATA. */
const ENOUGH = 3
/** Somebody who is not ready after that is left behind and caught up with. */
const PATIENCE_MS = 5_000
/** After a start or a jump an element's time means nothing for a while. */
const SETTLE_MS = 150

export class Player extends Snapshot<PlayerView> implements PlayerPort {
  readonly #timers: PlayerTimers
  readonly #clock: PlayClock
  readonly #elements = new Map<string, PlayedElement>()
  readonly #settledAt = new Map<PlayedElement, number>()
  #waitingSince = 0
  #stop: (() => void) | null = null

  constructor(durationMs: number, timers: PlayerTimers) {
    super({
      state: 'paused',
      positionMs: 0,
      durationMs,
      speed: 1,
      muted: new Set(),
      unplayable: new Set(),
    })
    this.#timers = timers
    this.#clock = new PlayClock(() => timers.now())
  }

  attach(file: string, element: PlayedElement): () => void {
    this.#elements.set(file, element)
    element.muted = this.view.muted.has(file)
    this.#place(element)
    return () => {
      element.pause()
      if (this.#elements.get(file) === element) this.#elements.delete(file)
    }
  }

  toggle(): void {
    if (this.view.state === 'paused') this.#play()
    else this.#pause()
  }

  seek(toMs: number): void {
    const positionMs = Math.min(this.view.durationMs, Math.max(0, toMs))
    const { state } = this.view
    this.#halt()
    this.#clock.jump(positionMs)
    this.patch({ positionMs })
    for (const element of this.#elements.values()) this.#place(element)
    if (state === 'paused') return
    if (positionMs < this.view.durationMs) this.#play()
    else this.patch({ state: 'paused' })
  }

  setSpeed(speed: number): void {
    this.#clock.setSpeed(speed)
    this.patch({ speed })
    for (const element of this.#elements.values()) element.playbackRate = speed
  }

  setMuted(file: string, isMuted: boolean): void {
    const muted = new Set(this.view.muted)
    if (isMuted) muted.add(file)
    else muted.delete(file)
    const element = this.#elements.get(file)
    if (element) element.muted = isMuted
    this.patch({ muted })
  }

  /** For good. */
  close(): void {
    this.#halt()
    this.#elements.clear()
  }

  #play(): void {
    if (this.#clock.positionMs >= this.view.durationMs) this.#clock.jump(0)
    for (const element of this.#elements.values()) this.#place(element)
    this.#waitingSince = this.#timers.now()
    this.patch({ state: 'waiting', positionMs: this.#clock.positionMs })
    this.#stop ??= this.#timers.tick(() => this.#tick())
    this.#tick()
  }

  #pause(): void {
    this.#halt()
    this.patch({ state: 'paused', positionMs: this.#clock.positionMs })
  }

  #halt(): void {
    this.#clock.stand()
    this.#stop?.()
    this.#stop = null
    for (const element of this.#elements.values()) element.pause()
  }

  #tick(): void {
    this.#lookForBroken()
    if (this.view.state === 'waiting') this.#begin()
    else if (this.#clock.positionMs >= this.view.durationMs) this.#reachEnd()
    else {
      for (const element of this.#elements.values()) this.#keepStep(element)
      this.patch({ positionMs: this.#clock.positionMs })
    }
  }

  #reachEnd(): void {
    this.#halt()
    this.#clock.jump(this.view.durationMs)
    this.patch({ state: 'paused', positionMs: this.view.durationMs })
  }

  /** All start together, once all are ready. */
  #begin(): void {
    const late = this.#timers.now() - this.#waitingSince > PATIENCE_MS
    const ready = [...this.#elements.values()].every((one) => isReady(one) || one.error !== null)
    if (!ready && !late) return
    this.#clock.run()
    for (const element of this.#elements.values()) this.#start(element)
    this.patch({ state: 'playing' })
  }

  #start(element: PlayedElement): void {
    element.playbackRate = this.#clock.speed
    this.#settledAt.set(element, this.#timers.now() + SETTLE_MS)
    // What cannot play shows as an error of the element.
    element.play().catch(() => undefined)
  }

  #keepStep(element: PlayedElement): void {
    const settledAt = this.#settledAt.get(element) ?? 0
    if (element.error !== null || element.ended || element.seeking || this.#timers.now() < settledAt) return
    const { speed, positionMs } = this.#clock
    const aheadMs = element.currentTime * 1000 - positionMs
    const step = stepBack(aheadMs, speed, element.playbackRate !== speed)
    if (!step.jump) {
      element.playbackRate = step.rate
      return
    }
    element.currentTime = positionMs / 1000
    this.#start(element)
  }

  #place(element: PlayedElement): void {
    const at = this.#clock.positionMs / 1000
    if (Math.abs(element.currentTime - at) > 0.001) element.currentTime = at
    element.playbackRate = this.#clock.speed
  }

  #lookForBroken(): void {
    const broken = [...this.#elements].filter(([, { error }]) => error !== null).map(([file]) => file)
    if (broken.every((file) => this.view.unplayable.has(file))) return
    this.patch({ unplayable: new Set([...this.view.unplayable, ...broken]) })
  }
}

function isReady({ seeking, readyState, ended }: PlayedElement): boolean {
  return !seeking && (readyState >= ENOUGH || ended)
}
