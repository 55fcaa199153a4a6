/**
 * One meeting that the bridge was invited to (TEL2, TEL3): joins with the first caller as one visible member, carries each
 * caller as a stream of its own, obeys hosts, and leaves with the last one, so that the keys change. Erases the grant at
 * the end. Agrees to no recording for its callers.
 */
import { proveBridge } from '@huisclos/crypto/link'
import { createGroupEngine } from '@huisclos/crypto/mls'
import type { BridgeGrant, BridgeKey } from '@huisclos/crypto/seal'
import { eraseGrant } from '@huisclos/crypto/seal'
import type { EncodedTrack } from '@huisclos/node-media'
import { NodeMediaAdapter, systemClock } from '@huisclos/node-media'
import type { CallerSource, MeetingView, Socket } from '@huisclos/participant'
import { MAX_CALLERS, Meeting } from '@huisclos/participant'
import type { Caller, MeetingSeat, SeatEvents } from '../call/meeting-door.ts'
import { CallerSeat } from './caller-seat.ts'
import { MeetingMix } from './meeting-mix.ts'

export interface BridgedMeetingOptions {
  key: BridgeKey
  grant: BridgeGrant
  /** From the server, for this meeting. */
  ticket: Uint8Array
  connect(): Socket
  /** Wrong PINs at this bridge so far (TEL4). */
  failed(): number
  /** The meeting is over: no PIN opens it any more. */
  ended(): void
}

type View = MeetingView<EncodedTrack>

/** Callers whose meeting has nobody else in it any more are told that it has ended. */
const ALONE_MS = 60_000
/** A caller that waits longer is told that it waits. */
const ARRIVES_WITHIN_MS = 6_000

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms).unref())

export class BridgedMeeting {
  readonly #options: BridgedMeetingOptions
  readonly #mix = new MeetingMix()
  readonly #seats = new Map<number, CallerSeat>()
  readonly #failedBefore: number
  #meeting: Meeting<EncodedTrack> | null = null
  #unsubscribe = () => {}
  #wasIn = false
  /** In, or before a lobby's door, or over. */
  #arrival = Promise.withResolvers<void>()
  #aloneSince: number | null = null
  #over = false

  constructor(options: BridgedMeetingOptions) {
    this.#options = options
    this.#failedBefore = options.failed()
  }

  get callers(): number {
    return this.#seats.size
  }
  get view(): View | null {
    return this.#meeting?.view ?? null
  }

  /** Null: over, or full. */
  async seat(caller: Caller, on: SeatEvents): Promise<MeetingSeat | null> {
    const id = Array.from({ length: MAX_CALLERS }, (_, at) => at).find((at) => !this.#seats.has(at))
    if (this.#over || id === undefined) return null
    const meeting = this.#meeting ?? this.#join()
    const waiting = !this.#wasIn || meeting.view.lobby.on
    const owner = {
      mix: this.#mix,
      changed: () => this.#say(),
      setMuted: (source: CallerSource, muted: boolean) => void meeting.setMuted(source, muted),
      left: (seat: CallerSeat) => this.#left(seat),
    }
    const seat = new CallerSeat(owner, { id, label: caller.label, waiting, on })
    this.#seats.set(id, seat)
    if (!waiting) void meeting.publish(seat.source, seat.voice.track)
    this.#say()
    await Promise.race([this.#arrival.promise, sleep(ARRIVES_WITHIN_MS)])
    return this.#seats.get(id) === seat ? seat : null
  }

  /** 20 ms have passed. */
  pulse(): void {
    if (this.#meeting) this.#mix.pulse()
  }

  /** Everybody is told that it is over. */
  close(): void {
    this.#end('ended')
  }

  #join(): Meeting<EncodedTrack> {
    const { key, grant, ticket, connect } = this.#options
    const meeting = new Meeting<EncodedTrack>(
      {
        grant,
        ticket,
        name: key.card.name,
        self: {
          prove: (place) => proveBridge(key.signSeed, place),
          ordered: ({ do: what, caller }) => this.#ordered(what, caller),
          handsLowered: () => this.#lowerHands(),
        },
      },
      {
        connect,
        createGroup: () => createGroupEngine(),
        media: new NodeMediaAdapter({ clock: systemClock }),
        clock: systemClock,
        random: (sizeBytes) => crypto.getRandomValues(new Uint8Array(sizeBytes)),
      },
    )
    this.#meeting = meeting
    this.#unsubscribe = meeting.subscribe(() => this.#look(meeting))
    void meeting.start()
    return meeting
  }

  #look(meeting: Meeting<EncodedTrack>): void {
    if (this.#meeting !== meeting) return
    const { view } = meeting
    const { phase } = view
    this.#declineRecordings(meeting, view)
    if (phase.at === 'ended') {
      // The meeting's end, ours alone, and the server's loss are one thing to a caller; removal is another.
      this.#end(phase.why === 'removed' ? 'removed' : 'ended')
      return
    }
    if (phase.at === 'waiting-members' && phase.lobby) this.#arrival.resolve()
    if (phase.at === 'in' && !this.#wasIn) this.#entered(meeting)
    this.#mix.tracks(soundOf(view))
    this.#followMutes(view)
    this.#watchAlone(phase.at === 'in' && phase.alone)
  }

  /** The first callers are let in with the bridge: a host who opens the door to it opens it to them. */
  #entered(meeting: Meeting<EncodedTrack>): void {
    this.#wasIn = true
    this.#arrival.resolve()
    for (const seat of this.#seats.values()) this.#admit(meeting, seat)
    this.#say()
  }

  #admit(meeting: Meeting<EncodedTrack>, seat: CallerSeat): void {
    seat.admit()
    void meeting.publish(seat.source, seat.voice.track)
  }

  #ordered(what: 'mute' | 'remove' | 'admit', caller: number): void {
    const seat = this.#seats.get(caller)
    const meeting = this.#meeting
    if (!seat || !meeting) return
    if (what === 'remove') {
      this.#forget(seat)
      seat.on.removed()
      this.#settle()
    } else if (what === 'mute') {
      void meeting.setMuted(seat.source, true)
    } else {
      this.#admit(meeting, seat)
      this.#say()
    }
  }

  #lowerHands(): void {
    for (const seat of this.#seats.values()) seat.setHand(false)
  }

  /** A caller whose stream a host has muted is told so. */
  #followMutes(view: View): void {
    const own = view.people.find(({ self }) => self)
    for (const seat of this.#seats.values()) {
      const stream = own?.streams.find(({ source }) => source === seat.source)
      if (stream?.muted && !seat.muted) {
        seat.on.muted()
        seat.setMuted(true)
      }
    }
  }

  #declineRecordings(meeting: Meeting<EncodedTrack>, { recording }: View): void {
    const asked = [recording.ordered, ...recording.local.filter(({ self }) => !self)]
    for (const each of asked) if (each?.consent === 'unanswered') meeting.answerRecording(each.id, false)
  }

  #watchAlone(alone: boolean): void {
    const now = systemClock.now()
    this.#aloneSince = alone ? (this.#aloneSince ?? now) : null
    if (this.#aloneSince !== null && now - this.#aloneSince >= ALONE_MS) this.#end('ended')
  }

  #left(seat: CallerSeat): void {
    if (this.#seats.get(seat.id) !== seat) return
    this.#forget(seat)
    this.#settle()
  }

  #forget(seat: CallerSeat): void {
    this.#seats.delete(seat.id)
    this.#mix.silence(seat.id)
    void this.#meeting?.unpublish(seat.source)
  }

  /** With the last caller the bridge goes too (TEL3). */
  #settle(): void {
    if (this.#seats.size > 0) this.#say()
    else this.#leave()
  }

  #leave(): void {
    const meeting = this.#meeting
    this.#meeting = null
    this.#wasIn = false
    this.#arrival.resolve()
    this.#arrival = Promise.withResolvers()
    this.#aloneSince = null
    this.#unsubscribe()
    this.#mix.close()
    void meeting?.leave()
  }

  #end(why: 'ended' | 'removed'): void {
    const seats = [...this.#seats.values()]
    this.#seats.clear()
    this.#leave()
    for (const seat of seats) seat.on[why]()
    // Removed, the bridge may be let in again; a meeting that is over is not.
    if (why === 'removed' || this.#over) return
    this.#over = true
    eraseGrant(this.#options.grant)
    this.#options.ended()
  }

  #say(): void {
    const callers = [...this.#seats.values()].map(({ shown }) => shown)
    this.#meeting?.setCallers(callers, this.#options.failed() - this.#failedBefore)
  }
}

/** What others say and share, as far as it is sound. */
function soundOf({ people }: View): Set<EncodedTrack> {
  const tracks = people
    .filter(({ self }) => !self)
    .flatMap(({ streams }) => streams)
    .flatMap(({ track, muted }) => (track && track.kind === 'audio' && !muted ? [track] : []))
  return new Set(tracks)
}
