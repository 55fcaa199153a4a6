/** One call of `step`: the state, the time, and the actions gathered so far. Helpers that every rule uses. */
import type { ErrorCode, EventBody, PeerId } from '@huisclos/protocol'
import type { RoomAction, RoomAnswer } from './room-action.ts'
import type { Group, Ms, Peer, RoomState, Seat } from './room-state.ts'

export interface Turn {
  readonly state: RoomState
  readonly now: Ms
  readonly actions: RoomAction[]
}

export type SeatedPeer = Peer & { seat: Extract<Seat, { at: 'seated' }> }
export type SeatedIn = { group: Group; peer: SeatedPeer }
/** A member, or who was one until a commit removed it a moment ago (ORD3). */
export type JudgeIn = { group: Group; peer: Peer }

export const isSeated = (peer: Peer): peer is SeatedPeer => peer.seat.at === 'seated'
export const isConnected = (peer: Peer): boolean => peer.link.at === 'connected'

export const seatedPeers = (state: RoomState): SeatedPeer[] => [...state.peers.values()].filter(isSeated)

/** Everybody who may be told about the room at all: not those who were removed (SIG10). */
export const audience = (state: RoomState): PeerId[] =>
  [...state.peers.values()].filter((p) => p.seat.at !== 'removed').map((p) => p.id)

export const ok = (result: Record<string, unknown> = {}): RoomAnswer => ({ ok: true, result })
export const refused = (code: ErrorCode): RoomAnswer => ({ ok: false, code })

/** Tells `to` of it; nobody to tell is no action. */
export function tell(turn: Turn, to: readonly PeerId[], event: EventBody): void {
  if (to.length > 0) turn.actions.push({ do: 'tell', to, event })
}

export function tellSeated(turn: Turn, event: EventBody, except?: PeerId): void {
  const to = seatedPeers(turn.state).map((p) => p.id)
  tell(turn, except === undefined ? to : to.filter((id) => id !== except), event)
}
