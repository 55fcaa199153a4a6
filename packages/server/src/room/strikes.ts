/**
 * ORD3 on the server: members who refuse a commit vote against it; when half of those who can judge it have, it is
 * struck, the epoch opens again and all learn who posted it. Whatever was built on it is undone first, newest first.
 */
import type { PeerId, RequestOf } from '@huisclos/protocol'
import { resetReadiness } from './readiness.ts'
import type { RoomAnswer } from './room-action.ts'
import { ROOM_TIMES } from './room-limits.ts'
import type { CommitRecord, Group } from './room-state.ts'
import { putOutside, seat } from './seats.ts'
import type { SeatedIn, Turn } from './turn.ts'
import { isSeated, ok, refused, tell } from './turn.ts'
import { warrant } from './warrants.ts'

export function refuse(
  turn: Turn,
  { group, peer }: SeatedIn,
  request: RequestOf<'group.refuse'>,
): RoomAnswer {
  const record = group.log.find((r) => r.epoch === request.epoch)
  if (record === undefined || record.hash !== request.hash || isOld(turn, record))
    return refused('epoch-stale')
  if (!record.voters.has(peer.id)) return refused('not-seated')
  record.refusedBy.add(peer.id)
  reviewStrikes(turn, group)
  return ok()
}

/** To be called whenever somebody refused or left: strikes the oldest commit that half its judges refuse. */
export function reviewStrikes(turn: Turn, group: Group): void {
  const struck = group.log.find(
    (record) => record.refusedBy.size > 0 && !isOld(turn, record) && isStruck(turn, record),
  )
  if (struck !== undefined) strike(turn, group, struck)
}

const isOld = (turn: Turn, record: CommitRecord): boolean => turn.now > record.at + ROOM_TIMES.strikeWindowMs

/** Half of the voters who are still members; those who left no longer count on either side. */
function isStruck(turn: Turn, record: CommitRecord): boolean {
  const present = (id: PeerId) => turn.state.peers.get(id)?.seat.at === 'seated'
  const voters = [...record.voters].filter(present)
  const against = voters.filter((id) => record.refusedBy.has(id))
  return against.length > 0 && against.length * 2 >= voters.length
}

function strike(turn: Turn, group: Group, record: CommitRecord): void {
  for (
    let last = group.log.at(-1);
    last !== undefined && last.epoch >= record.epoch;
    last = group.log.at(-1)
  ) {
    group.log.pop()
    group.logChars -= last.commit.length
    undo(turn, group, last)
  }
  warrant(turn, group, group.gone)
}

function undo(turn: Turn, group: Group, record: CommitRecord): void {
  const concerned = new Set<PeerId>([...record.voters])
  group.epoch = record.epoch
  resetReadiness(group)
  for (const { peer, leaf } of record.joins) {
    concerned.add(peer)
    unseatJoiner(turn, group, peer, leaf)
  }
  for (const { peer, leaf } of record.leaves) {
    if (peer !== null) concerned.add(peer)
    reinstate(turn, group, peer, leaf)
  }
  const to = [...concerned].filter((id) => turn.state.peers.has(id))
  tell(turn, to, {
    t: 'group.struck',
    group: group.id,
    epoch: record.epoch,
    from: record.from,
    hash: record.hash,
  })
}

/** It holds an epoch that never was: it must knock again. */
function unseatJoiner(turn: Turn, group: Group, id: PeerId, leaf: number): void {
  group.gone.delete(leaf)
  const peer = turn.state.peers.get(id)
  if (peer !== undefined && isSeated(peer)) putOutside(turn, peer)
}

/** Who was removed sits again, with media to make anew; who has gone meanwhile is a leaf to warrant. */
function reinstate(turn: Turn, group: Group, id: PeerId | null, leaf: number): void {
  const peer = id === null ? undefined : turn.state.peers.get(id)
  if (peer === undefined) {
    group.gone.add(leaf)
    return
  }
  seat(turn, peer, leaf)
  tell(turn, [peer.id], { t: 'media.lost' })
}
