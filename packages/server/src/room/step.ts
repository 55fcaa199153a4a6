/**
 * The room as a state machine: `step(state, now, input) → actions`. Time enters, actions leave; no clock, no I/O, no
 * randomness. Implements ORD1–3, GRP1, GRP7, GRP10, KEY4's readiness, SIG9–SIG11 and REC9–12, one function a request.
 */
import type { ErrorCode, PeerId } from '@huisclos/protocol'
import { application } from './application.ts'
import { create, knock, turnAway } from './group-life.ts'
import { commit, refetch } from './ordering.ts'
import { comeBack, depart, enter, expire, lose, tellPeers } from './presence.ts'
import { ready } from './readiness.ts'
import { consent, forOwner, heed, pause, reviewStored, sign, start, stop } from './recording.ts'
import { envelope, reviewEnvelopes } from './recording-envelopes.ts'
import type { RoomAction, RoomAnswer } from './room-action.ts'
import type { RoomInput, RoomRequest, RoomRequestType } from './room-input.ts'
import type { Ms, Peer, RoomState } from './room-state.ts'
import { refuse } from './strikes.ts'
import type { JudgeIn, SeatedIn, Turn } from './turn.ts'
import { isSeated, ok, refused } from './turn.ts'

export { nextDeadline } from './presence.ts'

type Handler<T extends RoomRequestType> = (
  turn: Turn,
  peer: Peer,
  request: Extract<RoomRequest, { t: T }>,
) => RoomAnswer
type SeatedHandler<R> = (turn: Turn, seated: SeatedIn, request: R) => RoomAnswer

/** Only members of the group that the request names may ask (SIG10). */
function forSeated<R extends { group: string }>(handle: SeatedHandler<R>) {
  return (turn: Turn, peer: Peer, request: R): RoomAnswer => {
    const { group } = turn.state
    if (group?.id !== request.group) return refused('group-unknown')
    return isSeated(peer) ? handle(turn, { group, peer }, request) : refused('not-seated')
  }
}

/** Those whom a commit removed may ask too: whether it was one that members accept is theirs to say (ORD3). */
function forJudges<R extends { group: string }>(
  handle: (turn: Turn, judge: JudgeIn, request: R) => RoomAnswer,
) {
  return (turn: Turn, peer: Peer, request: R): RoomAnswer => {
    const { group } = turn.state
    if (group?.id !== request.group) return refused('group-unknown')
    const judges = isSeated(peer) || peer.seat.at === 'removed'
    return judges ? handle(turn, { group, peer }, request) : refused('not-seated')
  }
}

/** What a removed peer may still ask. */
const OPEN_TO_REMOVED: ReadonlySet<RoomRequestType> = new Set(['leave', 'group.refuse', 'group.refetch'])

const HANDLERS: { [T in RoomRequestType]: Handler<T> } = {
  leave: () => ok(),
  'group.create': create,
  'group.knock': knock,
  'group.commit': forSeated(commit),
  'group.app': forSeated(application),
  'group.turn-away': forSeated(turnAway),
  'group.ready': forSeated(ready),
  'group.refuse': forJudges(refuse),
  'group.refetch': forJudges(refetch),
  'recording.start': forOwner(start),
  'recording.pause': forOwner(pause),
  'recording.stop': forOwner(stop),
  'recording.consent': consent,
  'recording.envelope': forSeated(envelope),
  'recording.manifest': forOwner(sign),
}

/**
 * One thing happens to the room.
 * @returns what is to be done about it, in order; a request brings exactly one `answer`.
 * @throws Error when a peer that the room does not know is named: a bug of the caller's.
 */
export function step(state: RoomState, now: Ms, input: RoomInput): RoomAction[] {
  const turn: Turn = { state, now, actions: [] }
  happen(turn, input)
  reviewStored(turn)
  reviewEnvelopes(turn)
  tellPeers(turn)
  return turn.actions
}

function happen(turn: Turn, input: RoomInput): void {
  if (input.t === 'tick') expire(turn)
  else if (input.t === 'recorder') heed(turn, input.recording, input.news)
  else if (input.t === 'enter') enter(turn, input.peer, input.as)
  else if (input.t === 'lost') lose(turn, known(turn, input.peer))
  else if (input.t === 'back') comeBack(turn, known(turn, input.peer))
  else answer(turn, known(turn, input.peer), input.request)
}

function answer<T extends RoomRequestType>(
  turn: Turn,
  peer: Peer,
  request: Extract<RoomRequest, { t: T }>,
): void {
  const handle = HANDLERS[request.t as T]
  const barred = whyBarred(turn, peer, request.t)
  turn.actions.push({
    do: 'answer',
    peer: peer.id,
    answer: barred === null ? handle(turn, peer, request) : refused(barred),
  })
  if (request.t === 'leave') depart(turn, peer, null)
}

function whyBarred({ state }: Turn, { seat }: Peer, asked: RoomRequestType): ErrorCode | null {
  // As if there were no such request (REC8).
  if (asked.startsWith('recording.') && !state.recordings.allowed) return 'bad-message'
  return seat.at === 'removed' && !OPEN_TO_REMOVED.has(asked) ? 'removed' : null
}

function known(turn: Turn, id: PeerId): Peer {
  const peer = turn.state.peers.get(id)
  if (peer === undefined) throw new Error('the room does not know this peer')
  return peer
}
