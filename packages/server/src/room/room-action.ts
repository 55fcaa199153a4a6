/** What a room wants done. The composition root carries actions out in order; the room itself does no I/O. */
import type { Epoch, ErrorCode, EventBody, GroupId, Leaf, PeerId } from '@huisclos/protocol'

export type RoomAnswer = { ok: true; result: Record<string, unknown> } | { ok: false; code: ErrorCode }

export type RoomAction =
  /** Exactly one per request. */
  | { do: 'answer'; peer: PeerId; answer: RoomAnswer }
  | { do: 'tell'; to: readonly PeerId[]; event: EventBody }
  /** Sign that nobody sits on that leaf in that epoch (GRP7) and tell it as `group.gone`. */
  | { do: 'warrant'; to: readonly PeerId[]; group: GroupId; epoch: Epoch; leaf: Leaf }
  /** Stop forwarding from and to that peer at once (KEY4). */
  | { do: 'end-media'; peer: PeerId }
  /** The room knows that peer no more: end its session, with these last words where a socket is open. */
  | { do: 'end-session'; peer: PeerId; code: ErrorCode | null }
  /** Nobody has been here for a while: free the router and forget the state. */
  | { do: 'rest' }
