/**
 * How a meeting's group begins and ends (GRP1, SIG9): the first to create it sits on leaf 0, others knock at it, and
 * when all its members have left it vanishes, so that the next one can create another.
 */
import type { RequestOf } from '@huisclos/protocol'
import { fullBucket, take } from '../policy/token-bucket.ts'
import { end } from './recording.ts'
import type { RoomAnswer } from './room-action.ts'
import { COMMITS_PER_GROUP, KNOCKS_PER_PEER, ROOM_TIMES } from './room-limits.ts'
import type { Group, Ms, Peer, RoomState } from './room-state.ts'
import { putOutside, seat } from './seats.ts'
import type { SeatedIn, Turn } from './turn.ts'
import { audience, isConnected, ok, refused, seatedPeers, tell, tellSeated } from './turn.ts'

export function create(turn: Turn, peer: Peer, request: RequestOf<'group.create'>): RoomAnswer {
  if (turn.state.group !== null) return refused('group-exists')
  turn.state.group = {
    id: request.group,
    epoch: 0,
    log: [],
    logChars: 0,
    gone: new Set(),
    ready: new Set(),
    allReadyTold: false,
    vacatedAt: null,
    commits: fullBucket(COMMITS_PER_GROUP, turn.now),
  }
  seat(turn, peer, 0)
  const others = audience(turn.state).filter((id) => id !== peer.id)
  tell(turn, others, { t: 'group.changed', group: { id: request.group, epoch: 0 } })
  return ok()
}

/** All members learn of it; a new knock replaces the former one. */
export function knock(turn: Turn, peer: Peer, request: RequestOf<'group.knock'>): RoomAnswer {
  if (turn.state.group?.id !== request.group) return refused('group-unknown')
  if (!take(peer.knocks, KNOCKS_PER_PEER, turn.now)) return refused('too-many')
  const { keyPackage } = request
  peer.seat = peer.seat.at === 'seated' ? { ...peer.seat, keyPackage } : { at: 'knocking', keyPackage }
  tellSeated(turn, { t: 'group.knocked', peer: peer.id, keyPackage }, peer.id)
  return ok()
}

/** A member's word to somebody at the door (HOST7); who is there no more is not told. */
export function turnAway(turn: Turn, _: SeatedIn, request: RequestOf<'group.turn-away'>): RoomAnswer {
  const { group, peer, why } = request
  const isAtDoor = turn.state.peers.get(peer)?.seat.at === 'knocking'
  tell(turn, isAtDoor ? [peer] : [], { t: 'group.turned-away', group, why })
  return ok()
}

/** To be called whenever somebody left, came or waited: ends a group that nobody can let anybody into. */
export function reviewVacancy(turn: Turn, group: Group): void {
  const { state, now } = turn
  if (seatedPeers(state).length === 0) {
    // Whom a commit removed may yet refuse it and be back (ORD3): else its poster could end the group by leaving.
    if ([...state.peers.values()].some((p) => p.seat.at === 'removed')) return
    group.vacatedAt ??= now
    if (isAwaited(state) || now >= group.vacatedAt + ROOM_TIMES.vacantGroupMs) vanish(turn)
    return
  }
  const givenUpAt = abandonedUntil(state)
  if (givenUpAt !== null && now >= givenUpAt) vanish(turn)
}

/** When the group will be given up because all its members lost their sockets while somebody waits; else null. */
export function abandonedUntil(state: RoomState): Ms | null {
  if (!isAwaited(state)) return null
  const lostAt = seatedPeers(state).map((p) =>
    p.link.at === 'lost' ? p.link.since : Number.POSITIVE_INFINITY,
  )
  const last = Math.max(...lostAt)
  return Number.isFinite(last) ? last + ROOM_TIMES.abandonedGroupMs : null
}

function isAwaited(state: RoomState): boolean {
  return [...state.peers.values()].some(
    (p) => isConnected(p) && (p.seat.at === 'outside' || p.seat.at === 'knocking'),
  )
}

function vanish(turn: Turn): void {
  end(turn, 'meeting-over')
  turn.state.group = null
  for (const peer of turn.state.peers.values()) if (peer.seat.at !== 'removed') putOutside(turn, peer)
  tell(turn, audience(turn.state), { t: 'group.changed', group: null })
}
