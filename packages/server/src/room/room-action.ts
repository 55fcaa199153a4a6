/** What a room wants done. The composition root carries actions out in order; the room itself does no I/O. */
import type {
  Epoch,
  ErrorCode,
  EventBody,
  EventOf,
  GroupId,
  Leaf,
  PeerId,
  RecordingId,
  RecordingReason,
} from '@huisclos/protocol'

export type RoomAnswer = { ok: true; result: Record<string, unknown> } | { ok: false; code: ErrorCode }

/** What the recorder is to do, in the order given (REC4, REC9–12). */
export type RecordingAction =
  | { do: 'start-recording'; recording: RecordingId }
  /** From now on exactly these peers' streams, no others. */
  | { do: 'store-streams'; recording: RecordingId; of: readonly PeerId[] }
  | {
      do: 'keep-envelope'
      recording: RecordingId
      group: GroupId
      epoch: Epoch
      peer: PeerId
      part: number
      /** base64url, sealed to a key that is not here. */
      body: string
    }
  | { do: 'note-recording'; recording: RecordingId; state: 'running' | 'paused'; why: RecordingReason }
  | { do: 'end-recording'; recording: RecordingId; why: RecordingReason }
  | { do: 'sign-recording'; recording: RecordingId; signature: string }
export type RecordingActionKind = RecordingAction['do']

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
  | RecordingAction
  /** Tell it as `recording.state`, with the wall's time for `since`. */
  | ({ do: 'tell-recording'; to: readonly PeerId[] } & Omit<EventOf<'recording.state'>, 't' | 'seq'>)
  /** Nobody has been here for a while: free the router and forget the state. */
  | { do: 'rest' }
