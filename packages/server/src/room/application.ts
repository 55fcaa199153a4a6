/**
 * Application messages (ROS4): opaque bytes from one member to all others, in the order in which they came. What one
 * member may send is bounded, since each byte is multiplied by the size of the room.
 */
import type { RequestOf } from '@huisclos/protocol'
import { holds, take } from '../policy/token-bucket.ts'
import type { RoomAnswer } from './room-action.ts'
import { APPLICATION_CHARS_PER_PEER, APPLICATIONS_PER_PEER } from './room-limits.ts'
import type { SeatedIn, Turn } from './turn.ts'
import { ok, refused, tellSeated } from './turn.ts'

/** Relayed when sealed in the present epoch or the one before; receivers keep no older keys. */
export function application(
  turn: Turn,
  { group, peer }: SeatedIn,
  request: RequestOf<'group.app'>,
): RoomAnswer {
  const { epoch, body } = request
  if (epoch > group.epoch || epoch < group.epoch - 1) return refused('epoch-stale')
  if (!holds(peer.applications, APPLICATIONS_PER_PEER, turn.now)) return refused('too-many')
  if (!take(peer.applicationChars, APPLICATION_CHARS_PER_PEER, turn.now, body.length))
    return refused('too-many')
  take(peer.applications, APPLICATIONS_PER_PEER, turn.now)
  tellSeated(turn, { t: 'group.said', group: group.id, epoch, from: peer.id, body }, peer.id)
  return ok()
}
