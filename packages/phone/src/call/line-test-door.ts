/**
 * A room of the bridge's own in which a trunk is tried out: callers hear one another, and a caller alone hears itself a
 * second later. No meeting and nothing encrypted: it shows that the telephone's side works.
 */
import { Mix } from '../audio/mix.ts'
import { FRAME_MS, FRAME_SAMPLES } from '../audio/samples.ts'
import type { Caller, MeetingDoor, MeetingSeat, SeatEvents } from './meeting-door.ts'
import { PinDesk } from './pin-desk.ts'

const ECHO_FRAMES = 1000 / FRAME_MS

class Seat implements MeetingSeat {
  readonly waiting = false
  readonly label: string
  readonly on: SeatEvents
  readonly #room: Set<Seat>
  #now: Int16Array = new Int16Array(FRAME_SAMPLES)
  #past: Int16Array[] = []
  #muted = false
  hand = false

  constructor(room: Set<Seat>, label: string, on: SeatEvents) {
    this.#room = room
    this.label = label
    this.on = on
    room.add(this)
  }

  get muted(): boolean {
    return this.#muted
  }

  speak(frame: Int16Array): void {
    this.#now = this.#muted ? new Int16Array(FRAME_SAMPLES) : frame
    this.#past.push(this.#now)
    if (this.#past.length > ECHO_FRAMES) this.#past.shift()
  }

  listen(): Int16Array {
    const [echo] = this.#past
    if (this.#room.size === 1)
      return this.#past.length === ECHO_FRAMES && echo ? echo : new Int16Array(FRAME_SAMPLES)
    const mix = new Mix()
    for (const seat of this.#room) mix.add(seat.#now)
    return mix.without(this.#now)
  }

  setMuted(muted: boolean): void {
    this.#muted = muted
  }

  setHand(up: boolean): void {
    this.hand = up
  }

  leave(): void {
    this.#room.delete(this)
  }
}

export class LineTestDoor implements MeetingDoor {
  readonly #desk = new PinDesk<true>()
  readonly #seats = new Set<Seat>()

  /** @throws Error on a PIN that is too short */
  static async make(pin: string): Promise<LineTestDoor> {
    const door = new LineTestDoor()
    await door.#desk.add(pin, true)
    return door
  }

  async open(pin: string, caller: Caller, on: SeatEvents): Promise<MeetingSeat | null> {
    return (await this.#desk.find(pin)) ? new Seat(this.#seats, caller.label, on) : null
  }

  pulse(): void {}

  get seats(): readonly { label: string; muted: boolean; hand: boolean; on: SeatEvents }[] {
    return [...this.#seats]
  }
}
