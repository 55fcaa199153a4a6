/**
 * The port to meetings, as the telephone's side sees them: a PIN opens a seat, a seat takes sound in and gives sound
 * out. Before `open` resolves a caller has touched nothing (TEL4). Adapters: line-test-door.ts, and
 * meeting/encrypted-door.ts.
 */

export interface Caller {
  /** What others see: "+33 6 •• •• •• 42". */
  label: string
  trunk: string
  /** Whom limits count: never shown, never logged. */
  key: string
}

export interface SeatEvents {
  /** From the lobby to the table. */
  admitted(): void
  /** A host muted this caller. */
  muted(): void
  removed(): void
  ended(): void
}

export interface MeetingSeat {
  /** Before the lobby's door. */
  readonly waiting: boolean
  /** One frame of the caller's sound. */
  speak(frame: Int16Array): void
  /** One frame of everyone else's. */
  listen(): Int16Array
  setMuted(muted: boolean): void
  setHand(up: boolean): void
  leave(): void
}

export interface MeetingDoor {
  /** 20 ms have passed; called before each seat speaks and listens. */
  pulse(): void
  /** Null: no meeting opens with this PIN; one answer whatever the reason. */
  open(pin: string, caller: Caller, on: SeatEvents): Promise<MeetingSeat | null>
}
