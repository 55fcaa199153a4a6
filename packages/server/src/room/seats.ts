/**
 * Seats (SIG10): a leaf belongs to one peer at most, or is noted as gone. Whoever loses a seat loses media in the same
 * turn (KEY4). Must never seat a peer that did not knock.
 */
import type { Leaf, PeerId } from '@huisclos/protocol'
import type { Group, Peer, RoomState } from './room-state.ts'
import type { Turn } from './turn.ts'
import { isConnected, isSeated, seatedPeers, tell } from './turn.ts'

export function peerOnLeaf(state: RoomState, leaf: Leaf): Peer | undefined {
  return seatedPeers(state).find((p) => p.seat.leaf === leaf)
}

/** The key package that a peer knocked with, null when it does not ask to be let in. */
export const knockOf = (peer: Peer): string | null =>
  peer.seat.at === 'knocking' || peer.seat.at === 'seated' ? peer.seat.keyPackage : null

/** A new seat: what was struck before counts no more. */
export function seat(turn: Turn, peer: Peer, leaf: Leaf): void {
  peer.strikes = 0
  // Whoever sits there anew has said nothing of a recording yet (REC3).
  peer.consents.clear()
  seatAgain(turn, peer, leaf)
}

/** A seat that a strike gives back. */
export function seatAgain(turn: Turn, peer: Peer, leaf: Leaf): void {
  peer.seat = { at: 'seated', leaf, keyPackage: null }
  turn.state.peersChanged = true
}

/** Removed by a commit: nothing more reaches it, its media ends now. */
export function removeFromSeat(turn: Turn, group: Group, peer: Peer): void {
  peer.seat = { at: 'removed', since: turn.now }
  group.ready.delete(peer.id)
  turn.state.peersChanged = true
  turn.actions.push({ do: 'end-media', peer: peer.id })
}

/** Back to the door: a strike undid its seat, or the group ended. */
export function putOutside(turn: Turn, peer: Peer): void {
  if (isSeated(peer)) turn.actions.push({ do: 'end-media', peer: peer.id })
  peer.seat = { at: 'outside' }
  turn.state.peersChanged = true
}

/** A newly seated peer may have to be the committer: it learns who knocks. */
export function tellKnocks(turn: Turn, to: readonly PeerId[]): void {
  for (const peer of turn.state.peers.values()) {
    const keyPackage = knockOf(peer)
    if (keyPackage !== null) tell(turn, to, { t: 'group.knocked', peer: peer.id, keyPackage })
  }
}

/** The list of peers, as everybody who is not removed may see it. */
export function peersList(state: RoomState): { peer: PeerId; leaf: Leaf | null; connected: boolean }[] {
  return [...state.peers.values()]
    .filter((p) => p.seat.at !== 'removed')
    .map((p) => ({
      peer: p.id,
      leaf: p.seat.at === 'seated' ? p.seat.leaf : null,
      connected: isConnected(p),
    }))
}
