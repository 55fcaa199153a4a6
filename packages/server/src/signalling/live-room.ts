/**
 * A room while somebody is in it: feeds the state machine with what happens and carries its actions out. Owns the
 * room's clock, its media and the key that signs warrants of absence (GRP7). Decides nothing itself.
 */

import type { KeyObject } from 'node:crypto'
import { sign } from 'node:crypto'
import type {
  ErrorCode,
  EventBody,
  GroupId,
  PeerId,
  RecordingId,
  RequestOf,
  RoomId,
} from '@huisclos/protocol'
import type { Clock } from '../clock.ts'
import type { Sfu } from '../media/sfu.ts'
import type { Metrics } from '../observe/metrics.ts'
import type { ReportFault } from '../observe/report-fault.ts'
import type { Recorder } from '../recording/recorder.ts'
import type { RoomAction, RoomAnswer } from '../room/room-action.ts'
import type { RoomInput, RoomRequest } from '../room/room-input.ts'
import type { PeerKind, RoomState } from '../room/room-state.ts'
import { emptyRoom } from '../room/room-state.ts'
import { nextDeadline, step } from '../room/step.ts'
import { warrantBytes } from '../room/warrants.ts'
import { BridgeTickets } from './bridge-tickets.ts'
import type { Bridges } from './bridges.ts'
import { failureCode } from './failure-code.ts'
import { RoomMedia } from './room-media.ts'
import { RoomRecordings } from './room-recordings.ts'
import type { Session } from './session.ts'

export interface LiveRoomOptions {
  id: RoomId
  clock: Clock
  sfu: Sfu
  metrics: Metrics
  serverKey: KeyObject
  /** SHA-256 of the room's owner token. */
  ownerHash: Uint8Array
  /** Null where recordings on the server are off. */
  recorder: Recorder | null
  bridges: Bridges
  onFault: ReportFault
  /** Nobody has been here for a while. */
  onRest: () => void
}

export class LiveRoom {
  readonly media: RoomMedia
  readonly #options: LiveRoomOptions
  readonly #state: RoomState
  readonly #recordings: RoomRecordings
  readonly #tickets: BridgeTickets
  readonly #sessions = new Map<PeerId, Session>()
  #callOff: (() => void) | null = null
  #closed = false

  constructor(options: LiveRoomOptions) {
    this.#options = options
    const { clock, ownerHash, recorder } = options
    this.#state = emptyRoom(clock.now(), { allowed: recorder !== null, ownerHash })
    this.media = new RoomMedia({
      sfu: options.sfu,
      onEvent: (peer, event) => this.#tell([peer], event),
      onLost: (peers) => this.#tell(peers, { t: 'media.lost' }),
    })
    this.#recordings = new RoomRecordings({
      recorder,
      ownerHash,
      openTap: (sink) => this.media.openTap(sink),
      onNews: (recording, news) => this.#apply({ t: 'recorder', recording, news }),
    })
    this.#tickets = new BridgeTickets(clock.now())
    this.#schedule()
  }

  /** Whether requests of recordings exist here (REC8). */
  get records(): boolean {
    return this.#state.recordings.allowed
  }

  /** For `Entered`. */
  get recording(): { recording: RecordingId } | null {
    const { now } = this.#state.recordings
    return now === null ? null : { recording: now.id }
  }

  get size(): number {
    return this.#state.peers.size
  }

  get group(): { id: NonNullable<RoomState['group']>['id']; epoch: number } | null {
    const { group } = this.#state
    return group === null ? null : { id: group.id, epoch: group.epoch }
  }

  /** Everybody as the state machine sees them, for `Entered`. */
  peers(): { peer: PeerId; leaf: number | null }[] {
    return [...this.#state.peers.values()]
      .filter((p) => p.seat.at !== 'removed')
      .map((p) => ({ peer: p.id, leaf: p.seat.at === 'seated' ? p.seat.leaf : null }))
  }

  isSeated(peer: PeerId): boolean {
    return this.#state.peers.get(peer)?.seat.at === 'seated'
  }

  isRemoved(peer: PeerId): boolean {
    return this.#state.peers.get(peer)?.seat.at === 'removed'
  }

  enter(session: Session, as: PeerKind): void {
    this.#sessions.set(session.peer, session)
    this.#apply({ t: 'enter', peer: session.peer, as })
  }

  peerLost(peer: PeerId): void {
    if (this.#state.peers.has(peer)) this.#apply({ t: 'lost', peer })
  }

  peerBack(peer: PeerId): void {
    if (this.#state.peers.has(peer)) this.#apply({ t: 'back', peer })
  }

  /** Carries a request out; `answer` is called once, before this returns. */
  request(peer: PeerId, request: RoomRequest, answer: (answer: RoomAnswer) => void): void {
    if (!this.#state.peers.has(peer)) answer({ ok: false, code: 'session-unknown' })
    else if (request.t === 'recording.start' && this.records && !this.#recordings.accepts())
      answer({ ok: false, code: 'recording-unavailable' })
    else this.#apply({ t: 'request', peer, request }, answer)
  }

  /** Whether this is the ticket of a telephone bridge to the meeting that is held now (TEL9). */
  admits(ticket: Uint8Array): boolean {
    return this.#tickets.admits(ticket, this.group?.id ?? null)
  }

  /** TEL9. `answer` is called once, when the bridge has answered or does not. */
  invite(
    peer: PeerId,
    { group, mailbox, grant }: RequestOf<'bridge.invite'>,
    answer: (answer: RoomAnswer) => void,
  ): void {
    const { id, bridges, onFault } = this.#options
    const ticket = this.#ticketFor(peer, group, mailbox)
    if (typeof ticket === 'string') {
      answer({ ok: false, code: ticket })
      return
    }
    bridges
      .offer(mailbox, { room: id, group, ticket: ticket.toString('base64url'), grant })
      .then((code) => {
        if (code !== null) this.#tickets.withdraw(ticket)
        answer(code === null ? { ok: true, result: {} } : { ok: false, code })
      })
      .catch(onFault)
  }

  /** Ends every session with these last words. */
  close(code: ErrorCode | null): void {
    this.#closed = true
    this.#callOff?.()
    this.#recordings.close()
    this.media.close()
    for (const session of [...this.#sessions.values()]) session.end(code)
    this.#sessions.clear()
  }

  /** The code that an operation's failure is answered with. */
  codeOf(error: unknown): ErrorCode {
    return failureCode(error, this.#options.onFault)
  }

  /** A defect ends this room, whose state can be trusted no more, and no other. */
  #apply(input: RoomInput, answer?: (answer: RoomAnswer) => void): void {
    if (this.#closed) return
    try {
      const actions = step(this.#state, this.#options.clock.now(), input)
      for (const action of actions) this.#perform(action, answer)
      this.#tellBridges()
      this.#schedule()
    } catch (error) {
      this.#options.onFault(error)
      this.#rest('server-fault')
    }
  }

  /** Or why there is none. */
  #ticketFor(peer: PeerId, group: GroupId, mailbox: string): Buffer | ErrorCode {
    if (!this.isSeated(peer)) return 'not-seated'
    if (this.group?.id !== group) return 'group-unknown'
    return this.#tickets.issue(group, mailbox, this.#options.clock.now()) ?? 'too-many'
  }

  /** TEL9: bridges learn that the meeting they were invited to has ended. */
  #tellBridges(): void {
    const { id, bridges } = this.#options
    for (const { group, mailbox } of this.#tickets.forgetBut(this.group?.id ?? null))
      bridges.over(mailbox, { room: id, group })
  }

  #rest(code: ErrorCode | null = null): void {
    this.close(code)
    this.#options.onRest()
  }

  #perform(action: RoomAction, answer?: (answer: RoomAnswer) => void): void {
    if (action.do === 'tell') this.#tell(action.to, action.event)
    else if (action.do === 'answer') answer?.(action.answer)
    else if (action.do === 'warrant') this.#warrant(action)
    else if (action.do === 'end-media') this.media.end(action.peer)
    else if (action.do === 'end-session') this.#endSession(action.peer, action.code)
    else if (action.do === 'tell-recording') this.#tellRecording(action)
    else if (action.do === 'rest') this.#rest()
    else this.#recordings.perform(action)
  }

  #tellRecording({ to, recording, state, why, since }: Extract<RoomAction, { do: 'tell-recording' }>): void {
    const { clock } = this.#options
    const wallTime = Math.round(clock.wallTime() - (clock.now() - since))
    this.#tell(to, { t: 'recording.state', recording, state, why, since: wallTime })
  }

  #tell(to: readonly PeerId[], event: EventBody): void {
    const bodyJson = JSON.stringify(event)
    this.#options.metrics.events.inc({ type: event.t }, to.length)
    for (const peer of to) {
      const session = this.#sessions.get(peer)
      if (session === undefined || session.tell(bodyJson)) continue
      this.#options.metrics.slowReaders.inc()
      this.#sessions.delete(peer)
      // Not now: the actions of this turn come first.
      queueMicrotask(() => this.peerLost(peer))
    }
  }

  #warrant({ to, group, epoch, leaf }: Extract<RoomAction, { do: 'warrant' }>): void {
    const signature = sign(null, warrantBytes(group, epoch, leaf), this.#options.serverKey).toString(
      'base64url',
    )
    this.#tell(to, { t: 'group.gone', group, epoch, leaf, signature })
  }

  #endSession(peer: PeerId, code: ErrorCode | null): void {
    const session = this.#sessions.get(peer)
    this.#sessions.delete(peer)
    session?.end(code)
  }

  #schedule(): void {
    this.#callOff?.()
    this.#callOff = null
    const due = this.#closed ? null : nextDeadline(this.#state)
    if (due === null) return
    const delayMs = due - this.#options.clock.now()
    this.#callOff = this.#options.clock.schedule(() => this.#apply({ t: 'tick' }), delayMs)
  }
}
