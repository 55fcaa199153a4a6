/**
 * ORD1 and ORD2 on the server: compare-and-swap per (group, epoch), the first commit wins and everybody, its sender
 * included, gets it; its Welcome is released only then. Keeps a bounded log. Never looks inside a commit.
 */
import { createHash } from 'node:crypto'
import type { ErrorCode, Leaf, PeerId, RequestOf } from '@huisclos/protocol'
import { holds, take } from '../policy/token-bucket.ts'
import { resetReadiness } from './readiness.ts'
import type { RoomAnswer } from './room-action.ts'
import { COMMIT_LOG, COMMITS_PER_GROUP, COMMITS_PER_PEER, STRIKES_PER_SEAT } from './room-limits.ts'
import type { CommitRecord, Group, Peer, RoomState } from './room-state.ts'
import { knockOf, peerOnLeaf, removeFromSeat, seat, tellKnocks } from './seats.ts'
import type { JudgeIn, SeatedIn, SeatedPeer, Turn } from './turn.ts'
import { isSeated, ok, refused, seatedPeers, tell } from './turn.ts'
import { warrant } from './warrants.ts'

type Commit = RequestOf<'group.commit'>

/** The winner moves the group to the next epoch; all others get `epoch-taken`. */
export function commit(turn: Turn, { group, peer }: SeatedIn, request: Commit): RoomAnswer {
  if (request.epoch !== group.epoch) return refused('epoch-taken')
  const fault = faultIn(turn.state, group, peer, request)
  if (fault !== null) return refused(fault)
  if (peer.strikes >= STRIKES_PER_SEAT) return refused('too-many')
  if (!holds(peer.commits, COMMITS_PER_PEER, turn.now)) return refused('too-many')
  if (!take(group.commits, COMMITS_PER_GROUP, turn.now)) return refused('too-many')
  take(peer.commits, COMMITS_PER_PEER, turn.now)
  accept(turn, group, peer, request)
  return ok()
}

/** What speaks against the envelope of a commit, before it may win. */
function faultIn(state: RoomState, group: Group, sender: SeatedPeer, request: Commit): ErrorCode | null {
  const { joins, leaves } = request
  if (new Set(leaves).size < leaves.length) return 'bad-message'
  if (new Set(joins.map((j) => j.peer)).size < joins.length) return 'bad-message'
  if (new Set(joins.map((j) => j.leaf)).size < joins.length) return 'bad-message'
  if (joins.length > 0 && request.welcome === undefined) return 'bad-message'
  if (leaves.includes(sender.seat.leaf)) return 'bad-message'
  if (leaves.some((leaf) => !group.gone.has(leaf) && peerOnLeaf(state, leaf) === undefined))
    return 'unknown-target'
  return joins.map((join) => faultInJoin(state, group, leaves, join)).find((fault) => fault !== null) ?? null
}

function faultInJoin(
  state: RoomState,
  group: Group,
  leaves: Leaf[],
  join: Commit['joins'][number],
): ErrorCode | null {
  const joiner = state.peers.get(join.peer)
  if (joiner === undefined || knockOf(joiner) === null) return 'unknown-target'
  if (joiner.seat.at === 'seated' && !leaves.includes(joiner.seat.leaf)) return 'unknown-target'
  const taken = group.gone.has(join.leaf) || peerOnLeaf(state, join.leaf) !== undefined
  return taken && !leaves.includes(join.leaf) ? 'bad-message' : null
}

function accept(turn: Turn, group: Group, sender: Peer, request: Commit): void {
  const joining = new Set(request.joins.map((j) => j.peer))
  const left = request.leaves.map((leaf) => ({ leaf, peer: peerOnLeaf(turn.state, leaf) ?? null }))
  const removed = left.flatMap(({ peer }) => (peer !== null && !joining.has(peer.id) ? [peer] : []))
  const members = seatedPeers(turn.state)
  const stay = members.filter((p) => !removed.includes(p) && !joining.has(p.id))
  remember(group, {
    epoch: group.epoch,
    from: sender.id,
    at: turn.now,
    commit: request.commit,
    hash: createHash('sha256').update(request.commit, 'base64url').digest('base64url'),
    joins: request.joins,
    leaves: left.map(({ leaf, peer }) => ({ leaf, peer: peer?.id ?? null })),
    voters: new Set(stay.map((p) => p.id)),
    unseated: new Set(removed.map((p) => p.id)),
    members: new Set(members.map((p) => p.id)),
    refusedBy: new Set(),
  })
  // Who is removed sees by what: nothing follows but `group.removed`.
  tell(
    turn,
    [...stay, ...removed].map((p) => p.id),
    {
      t: 'group.committed',
      group: group.id,
      epoch: group.epoch,
      from: sender.id,
      commit: request.commit,
    },
  )
  group.epoch += 1
  resetReadiness(group)
  for (const leaf of request.leaves) group.gone.delete(leaf)
  for (const peer of removed) {
    tell(turn, [peer.id], { t: 'group.removed', group: group.id, epoch: group.epoch })
    removeFromSeat(turn, group, peer)
  }
  welcome(turn, group, request)
  warrant(turn, group, group.gone)
}

function welcome(turn: Turn, group: Group, request: Commit): void {
  const newcomers: PeerId[] = []
  for (const { peer: id, leaf } of request.joins) {
    const peer = turn.state.peers.get(id)
    if (peer === undefined) throw new Error('a joiner vanished within one turn')
    seat(turn, peer, leaf)
    newcomers.push(id)
  }
  if (request.welcome === undefined) return
  tell(turn, newcomers, { t: 'group.welcome', group: group.id, epoch: group.epoch, welcome: request.welcome })
  tellKnocks(turn, newcomers)
}

function remember(group: Group, record: CommitRecord): void {
  group.log.push(record)
  group.logChars += record.commit.length
  while (group.log.length > COMMIT_LOG.commits || group.logChars > COMMIT_LOG.chars) {
    const oldest = group.log.shift()
    if (oldest === undefined) break
    group.logChars -= oldest.commit.length
  }
}

/** A commit of the log again, for who could not authenticate what came (ORD3); nothing that followed a removal. */
export function refetch(
  _turn: Turn,
  { group, peer }: JudgeIn,
  request: RequestOf<'group.refetch'>,
): RoomAnswer {
  const record = group.log.find((r) => r.epoch === request.epoch)
  if (!isSeated(peer) && !(record?.members.has(peer.id) ?? false)) return refused('removed')
  return record === undefined ? refused('log-missing') : ok({ commit: record.commit })
}
