/**
 * Who is connected (SIG6, SIG11, GRP10): peers enter, lose their socket, come back or go. A lost peer keeps its media
 * for 30 s and its seat for 120 s, a telephone bridge both for 20 s (TEL10); one that says `leave` goes at once. A leaf
 * left behind is warranted.
 */
import type { ErrorCode, PeerId } from '@huisclos/protocol'
import { fullBucket } from '../policy/token-bucket.ts'
import { abandonedUntil, reviewVacancy } from './group-life.ts'
import { reviewReadiness } from './readiness.ts'
import { tellState } from './recording.ts'
import { envelopeDueAt } from './recording-envelopes.ts'
import {
  APPLICATION_CHARS_PER_PEER,
  APPLICATIONS_PER_PEER,
  COMMITS_PER_PEER,
  ENVELOPES_PER_PEER,
  KNOCKS_PER_PEER,
  RECORDING_REQUESTS_PER_PEER,
  ROOM_TIMES,
} from './room-limits.ts'
import type { Ms, Peer, PeerKind, RoomState } from './room-state.ts'
import { peersList } from './seats.ts'
import { reviewStrikes } from './strikes.ts'
import type { Turn } from './turn.ts'
import { audience, isSeated, tell } from './turn.ts'
import { warrant } from './warrants.ts'

export function enter(turn: Turn, id: PeerId, kind: PeerKind): void {
  const { state, now } = turn
  if (state.peers.has(id)) throw new Error('a peer entered twice')
  state.peers.set(id, {
    id,
    kind,
    seat: { at: 'outside' },
    link: { at: 'connected' },
    commits: fullBucket(COMMITS_PER_PEER, now),
    strikes: 0,
    knocks: fullBucket(KNOCKS_PER_PEER, now),
    applications: fullBucket(APPLICATIONS_PER_PEER, now),
    applicationChars: fullBucket(APPLICATION_CHARS_PER_PEER, now),
    consents: new Set(),
    showedOwner: false,
    recordingRequests: fullBucket(RECORDING_REQUESTS_PER_PEER, now),
    envelopes: fullBucket(ENVELOPES_PER_PEER, now),
  })
  state.emptySince = null
  state.peersChanged = true
  if (state.recordings.now !== null) tellState(turn, state.recordings.now, [id])
  if (state.group !== null) reviewVacancy(turn, state.group)
}

export function lose(turn: Turn, peer: Peer): void {
  if (peer.link.at === 'lost') return
  peer.link = { at: 'lost', since: turn.now, mediaEnded: false }
  turn.state.peersChanged = true
  if (turn.state.group !== null) reviewReadiness(turn, turn.state.group)
}

export function comeBack(turn: Turn, peer: Peer): void {
  const former = peer.link
  if (former.at === 'connected') return
  peer.link = { at: 'connected' }
  turn.state.peersChanged = true
  if (former.mediaEnded && isSeated(peer)) tell(turn, [peer.id], { t: 'media.lost' })
  if (turn.state.group !== null) reviewVacancy(turn, turn.state.group)
}

/** The peer is no more: its session ends, its leaf is warranted at once. */
export function depart(turn: Turn, peer: Peer, code: ErrorCode | null): void {
  const { state, now, actions } = turn
  state.peers.delete(peer.id)
  state.peersChanged = true
  if (state.peers.size === 0) state.emptySince = now
  if (isSeated(peer)) actions.push({ do: 'end-media', peer: peer.id })
  actions.push({ do: 'end-session', peer: peer.id, code })
  const { group } = state
  if (group === null) return
  group.ready.delete(peer.id)
  if (isSeated(peer)) {
    group.gone.add(peer.seat.leaf)
    warrant(turn, group, [peer.seat.leaf])
  }
  reviewReadiness(turn, group)
  reviewStrikes(turn, group)
  reviewVacancy(turn, group)
}

/** What time alone brings about. */
export function expire(turn: Turn): void {
  const { state, now, actions } = turn
  for (const peer of [...state.peers.values()]) expirePeer(turn, peer)
  if (state.group !== null) reviewVacancy(turn, state.group)
  if (state.emptySince !== null && now >= state.emptySince + ROOM_TIMES.emptyRoomMs)
    actions.push({ do: 'rest' })
}

/** While a killed bridge has its seat, everybody's shield is amber for a door that is not there. */
const seatGraceMs = ({ kind }: Peer): Ms =>
  kind === 'bridge' ? ROOM_TIMES.bridgeGraceMs : ROOM_TIMES.seatGraceMs

function expirePeer(turn: Turn, peer: Peer): void {
  const { now } = turn
  if (peer.seat.at === 'removed' && now >= peer.seat.since + ROOM_TIMES.removedSessionMs) {
    depart(turn, peer, 'removed')
    return
  }
  if (peer.link.at !== 'lost') return
  if (now >= peer.link.since + seatGraceMs(peer)) {
    depart(turn, peer, null)
  } else if (!peer.link.mediaEnded && now >= peer.link.since + ROOM_TIMES.mediaGraceMs) {
    peer.link = { ...peer.link, mediaEnded: true }
    if (isSeated(peer)) turn.actions.push({ do: 'end-media', peer: peer.id })
  }
}

/** The list of peers, where it changed and was not sent just before. */
export function tellPeers(turn: Turn): void {
  const { state, now } = turn
  if (!state.peersChanged || now < peersDueAt(state)) return
  state.peersChanged = false
  state.peersToldAt = now
  tell(turn, audience(state), { t: 'room.peers', peers: peersList(state) })
}

const peersDueAt = (state: RoomState): Ms =>
  state.peersToldAt === null ? Number.NEGATIVE_INFINITY : state.peersToldAt + ROOM_TIMES.peersIntervalMs

/** When `tick` will next have something to do, null when nothing waits for time. */
export function nextDeadline(state: RoomState): Ms | null {
  const times: Ms[] = []
  for (const peer of state.peers.values()) {
    const { seat, link } = peer
    if (seat.at === 'removed') times.push(seat.since + ROOM_TIMES.removedSessionMs)
    if (link.at !== 'lost') continue
    const grace = seatGraceMs(peer)
    times.push(link.since + (link.mediaEnded ? grace : Math.min(grace, ROOM_TIMES.mediaGraceMs)))
  }
  if (state.group !== null) {
    const { vacatedAt } = state.group
    const givenUpAt = vacatedAt === null ? abandonedUntil(state) : vacatedAt + ROOM_TIMES.vacantGroupMs
    if (givenUpAt !== null) times.push(givenUpAt)
  }
  const envelopeAt = state.recordings.now === null ? null : envelopeDueAt(state.recordings.now)
  if (envelopeAt !== null) times.push(envelopeAt)
  if (state.peersChanged && audience(state).length > 0) times.push(peersDueAt(state))
  if (state.emptySince !== null) times.push(state.emptySince + ROOM_TIMES.emptyRoomMs)
  return times.length === 0 ? null : Math.min(...times)
}
