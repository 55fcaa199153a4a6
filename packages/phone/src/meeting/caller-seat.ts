/**
 * One caller's place in a meeting (TEL3): its number there, its voice as a stream of its own, its hand, and whether a host
 * has let it in. Says nothing before it is admitted (TEL4).
 */
import type { Caller, CallerSource } from '@huisclos/participant'
import { callerSource } from '@huisclos/participant'
import type { MeetingSeat, SeatEvents } from '../call/meeting-door.ts'
import type { MeetingMix } from './meeting-mix.ts'
import { VoiceOut } from './voice-out.ts'

/** What a seat asks of the meeting that it is in. */
export interface SeatOwner {
  readonly mix: MeetingMix
  changed(): void
  /** Resolves when what is sent has changed. */
  setMuted(source: CallerSource, muted: boolean): void
  left(seat: CallerSeat): void
}

const SILENT = new Int16Array(320)

export class CallerSeat implements MeetingSeat {
  readonly id: number
  readonly source: CallerSource
  readonly voice = new VoiceOut()
  readonly on: SeatEvents
  readonly #label: string
  readonly #owner: SeatOwner
  #waiting: boolean
  #hand = false
  #muted = false

  constructor(owner: SeatOwner, who: { id: number; label: string; waiting: boolean; on: SeatEvents }) {
    this.#owner = owner
    this.id = who.id
    this.source = callerSource(who.id)
    this.on = who.on
    this.#label = who.label
    this.#waiting = who.waiting
  }

  get waiting(): boolean {
    return this.#waiting
  }
  get muted(): boolean {
    return this.#muted
  }

  /** As the bridge's profile has it. */
  get shown(): Caller {
    return { id: this.id, label: this.#label, hand: this.#hand, waiting: this.#waiting }
  }

  speak(frame: Int16Array): void {
    if (this.#waiting) return
    this.voice.speak(frame)
    this.#owner.mix.speak(this.id, this.#muted ? SILENT : frame)
  }

  listen(): Int16Array {
    return this.#waiting ? SILENT : this.#owner.mix.heardBy(this.id)
  }

  setMuted(muted: boolean): void {
    this.#muted = muted
    this.#owner.setMuted(this.source, muted)
  }

  setHand(up: boolean): void {
    this.#hand = up
    this.#owner.changed()
  }

  admit(): void {
    if (!this.#waiting) return
    this.#waiting = false
    this.on.admitted()
  }

  leave(): void {
    this.#owner.left(this)
  }
}
