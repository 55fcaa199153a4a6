/**
 * ORD3 on the server: members who refuse a commit vote against it, those whom it unseated too. It is struck when half
 * of those who stay refuse, or more than half of all before it; the epoch opens again and all learn who posted it.
 * Whatever was built on it is undone first, newest first. One removed member alone must never undo its own removal.
 */
import type { PeerId, RequestOf } from '@huisclos/protocol'
import { drain } from '../policy/token-bucket.ts'
import { resetReadiness } from './readiness.ts'
import type { RoomAnswer } from './room-action.ts'
import { ROOM_TIMES } from './room-limits.ts'
import type { CommitRecord, Group, Peer } from './room-state.ts'
import { putOutside, seatAgain, tellKnocks } from './seats.ts'
import type { JudgeIn, Turn } from './turn.ts'
import { isSeated, ok, refused, tell } from './turn.ts'
import { warrant } from './warrants.ts'

export function refuse(turn: Turn, { group, peer }: JudgeIn, request: RequestOf<'group.refuse'>): RoomAnswer {
  const record = group.log.find((r) => r.epoch === request.epoch)
  if (record === undefined || record.hash !== request.hash || isOld(turn, record))
    return refused('epoch-stale')
  if (!record.voters.has(peer.id) && !record.unseated.has(peer.id))
    return refused(isSeated(peer) ? 'not-seated' : 'removed')
  record.refusedBy.add(peer.id)
  reviewStrikes(turn, group)
  return ok()
}

/** To be called whenever somebody refused or left: strikes the oldest commit that enough refuse. */
export function reviewStrikes(turn: Turn, group: Group): void {
  const struck = group.log.find(
    (record) => record.refusedBy.size > 0 && !isOld(turn, record) && isStruck(turn, record),
  )
  if (struck !== undefined) strike(turn, group, struck)
}

const isOld = (turn: Turn, record: CommitRecord): boolean => turn.now > record.at + ROOM_TIMES.strikeWindowMs

/**
 * Half of the voters who are still members, or more than half of all members before it, wherever they sit now: a later
 * commit may have unseated them. Those who left no longer count on either side.
 */
function isStruck(turn: Turn, record: CommitRecord): boolean {
  const refused = (id: PeerId) => record.refusedBy.has(id)
  const voters = [...record.voters].filter((id) => turn.state.peers.get(id)?.seat.at === 'seated')
  const against = voters.filter(refused)
  if (against.length > 0 && against.length * 2 >= voters.length) return true
  const members = membersHere(turn, record)
  return members.filter(refused).length * 2 > members.length
}

const membersHere = (turn: Turn, record: CommitRecord): PeerId[] =>
  [...record.members].filter((id) => turn.state.peers.has(id))

function strike(turn: Turn, group: Group, record: CommitRecord): void {
  const reinstated: Peer[] = []
  hold(turn, record)
  for (
    let last = group.log.at(-1);
    last !== undefined && last.epoch >= record.epoch;
    last = group.log.at(-1)
  ) {
    group.log.pop()
    group.logChars -= last.commit.length
    reinstated.push(...undo(turn, group, last))
  }
  const back = reinstated.filter(isSeated)
  if (back.length > 0) group.vacatedAt = null
  // They were told nothing of who knocked meanwhile.
  tellKnocks(turn, [...new Set(back.map((p) => p.id))])
  warrant(turn, group, group.gone)
}

/**
 * Who posted it waits before its next commit, and after the second time is seated anew or makes none. Not where only
 * two are left: a guest could take a host's right to remove it by refusing what the host commits.
 */
function hold(turn: Turn, record: CommitRecord): void {
  const poster = turn.state.peers.get(record.from)
  if (poster === undefined) return
  drain(poster.commits, turn.now)
  if (membersHere(turn, record).length > 2) poster.strikes += 1
}

/** @returns who sits again. */
function undo(turn: Turn, group: Group, record: CommitRecord): Peer[] {
  const reinstated: Peer[] = []
  const concerned = new Set<PeerId>([...record.voters])
  group.epoch = record.epoch
  resetReadiness(group)
  for (const { peer, leaf } of record.joins) {
    concerned.add(peer)
    unseatJoiner(turn, group, peer, leaf)
  }
  for (const { peer, leaf } of record.leaves) {
    if (peer !== null) concerned.add(peer)
    reinstated.push(...reinstate(turn, group, peer, leaf))
  }
  const to = [...concerned].filter((id) => turn.state.peers.has(id))
  tell(turn, to, {
    t: 'group.struck',
    group: group.id,
    epoch: record.epoch,
    from: record.from,
    hash: record.hash,
  })
  return reinstated
}

/** It holds an epoch that never was: it must knock again. */
function unseatJoiner(turn: Turn, group: Group, id: PeerId, leaf: number): void {
  group.gone.delete(leaf)
  const peer = turn.state.peers.get(id)
  if (peer !== undefined && isSeated(peer)) putOutside(turn, peer)
}

/** Who was removed sits again, with media to make anew; who has gone meanwhile is a leaf to warrant. */
function reinstate(turn: Turn, group: Group, id: PeerId | null, leaf: number): Peer[] {
  const peer = id === null ? undefined : turn.state.peers.get(id)
  if (peer === undefined) {
    group.gone.add(leaf)
    return []
  }
  seatAgain(turn, peer, leaf)
  tell(turn, [peer.id], { t: 'media.lost' })
  return [peer]
}
