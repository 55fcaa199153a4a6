/** KEY4: who holds the present epoch's keys. When all connected members do, all are told, once an epoch. */
import type { RequestOf } from '@huisclos/protocol'
import type { RoomAnswer } from './room-action.ts'
import type { Group } from './room-state.ts'
import type { SeatedIn, Turn } from './turn.ts'
import { isConnected, ok, refused, seatedPeers, tellSeated } from './turn.ts'

export function ready(turn: Turn, { group, peer }: SeatedIn, request: RequestOf<'group.ready'>): RoomAnswer {
  if (request.epoch !== group.epoch) return refused('epoch-stale')
  group.ready.add(peer.id)
  reviewReadiness(turn, group)
  return ok()
}

/** To be called whenever somebody said ready, was lost or left. */
export function reviewReadiness(turn: Turn, group: Group): void {
  if (group.allReadyTold || group.ready.size === 0) return
  const waitingFor = seatedPeers(turn.state).filter((p) => isConnected(p) && !group.ready.has(p.id))
  if (waitingFor.length > 0) return
  group.allReadyTold = true
  tellSeated(turn, { t: 'group.all-ready', group: group.id, epoch: group.epoch })
}

export function resetReadiness(group: Group): void {
  group.ready.clear()
  group.allReadyTold = false
}
