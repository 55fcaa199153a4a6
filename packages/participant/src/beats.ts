/** When to send a heartbeat (ROS2): drives heartbeat.ts with the clock. */
import type { MemberView } from '@huisclos/crypto/mls'
import type { Hearing } from './heartbeat.ts'
import { beatIntervalMs, Heartbeat } from './heartbeat.ts'
import type { Clock, Ms } from './ports.ts'

/** Looked at every second: so much later means that the device slept, or that its clock was put forward. */
const SLEPT_MS = 10_000

export interface BeatsDeps {
  clock: Clock
  random(sizeBytes: number): Uint8Array
  /** Send one; with `ask` others are to answer soon. */
  ask(ask: boolean): Promise<void>
}

export class Beats {
  readonly #deps: BeatsDeps
  readonly #heartbeat = new Heartbeat()
  #members: readonly MemberView[] = []
  #self = ''
  #nextAt: Ms = 0
  #lookedAt: Ms = 0
  #ask = true

  constructor(deps: BeatsDeps) {
    this.#deps = deps
  }

  start(): void {
    const now = this.#deps.clock.now()
    this.#heartbeat.start(now)
    this.#members = []
    this.#nextAt = now + 1_000
    this.#lookedAt = now
    this.#ask = true
  }

  members(members: readonly MemberView[], self: string): void {
    this.#members = members
    this.#self = self
    this.#heartbeat.members(this.#deps.clock.now(), members)
  }

  /** After a gap others are asked to answer soon, so that we know that we are heard. */
  resumed(): void {
    this.#heartbeat.resumed(this.#deps.clock.now())
    this.#ask = true
    this.soon(0)
  }

  /** A removal was struck (ORD3): others are asked to answer at once. */
  doubt(restored: ReadonlySet<string>): void {
    this.#heartbeat.doubt(this.#deps.clock.now(), restored)
    this.#ask = true
    this.soon(0)
  }

  /** Within this time, spread over it and more in a large group. */
  soon(withinMs: Ms): void {
    const spread = withinMs * Math.max(1, this.#members.length / 20)
    const at = this.#deps.clock.now() + ((this.#deps.random(1)[0] ?? 0) / 256) * spread
    this.#nextAt = Math.min(this.#nextAt, at)
  }

  tick(): void {
    const now = this.#deps.clock.now()
    const slept = now - this.#lookedAt > SLEPT_MS
    this.#lookedAt = now
    // What nobody could say meanwhile is nobody's silence: sending waits for an echo, but nothing is given up.
    if (slept) this.resumed()
    if (now < this.#nextAt || this.#members.length < 2) return
    this.#nextAt = now + beatIntervalMs(this.#members.length) * (0.9 + (this.#deps.random(1)[0] ?? 0) / 2_560)
    const ask = this.#ask
    this.#ask = false
    void this.#deps.ask(ask)
  }

  sent(n: number): void {
    this.#heartbeat.sent(n, this.#deps.clock.now())
  }

  heard(pseudonym: string, echoed: number | null): void {
    this.#heartbeat.heard(pseudonym, this.#deps.clock.now(), echoed)
  }

  silent(pseudonym: string): boolean {
    return (
      pseudonym !== this.#self &&
      this.#heartbeat.silent(pseudonym, this.#deps.clock.now(), this.#members.length)
    )
  }

  hearing(connectedLeaves: ReadonlySet<number>): Hearing {
    const connected = new Set(
      this.#members.flatMap((m) => (connectedLeaves.has(m.leaf) ? [m.pseudonym] : [])),
    )
    return this.#heartbeat.hearing({
      now: this.#deps.clock.now(),
      self: this.#self,
      members: this.#members,
      connected,
    })
  }
}
