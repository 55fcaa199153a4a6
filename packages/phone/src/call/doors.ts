/** Several doors as one: a PIN is tried at each until one opens. */
import type { Caller, MeetingDoor, MeetingSeat, SeatEvents } from './meeting-door.ts'

export class Doors implements MeetingDoor {
  readonly #doors: readonly MeetingDoor[]

  constructor(doors: readonly MeetingDoor[]) {
    this.#doors = doors
  }

  async open(pin: string, caller: Caller, on: SeatEvents): Promise<MeetingSeat | null> {
    for (const door of this.#doors) {
      const seat = await door.open(pin, caller, on)
      if (seat) return seat
    }
    return null
  }

  pulse(): void {
    for (const door of this.#doors) door.pulse()
  }
}
