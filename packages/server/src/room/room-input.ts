/** What may happen to a room: peers come, lose their socket, come back and ask; the recorder reports; time
 * passes. */
import type { PeerId, RecordingId, RequestOf, RequestType } from '@huisclos/protocol'
import type { RecorderNews } from './recording.ts'
import type { PeerKind } from './room-state.ts'

/** The requests that the state machine itself answers. */
export type RoomRequestType = 'leave' | Extract<RequestType, `group.${string}` | `recording.${string}`>
export type RoomRequest = { [T in RoomRequestType]: RequestOf<T> }[RoomRequestType]

export type RoomInput =
  /** A session began. */
  | { t: 'enter'; peer: PeerId; as: PeerKind }
  /** Its socket is gone; its session may come back. */
  | { t: 'lost'; peer: PeerId }
  /** It came back and lost no event. */
  | { t: 'back'; peer: PeerId }
  | { t: 'request'; peer: PeerId; request: RoomRequest }
  | { t: 'recorder'; recording: RecordingId; news: RecorderNews }
  /** Time passed; see `nextDeadline`. */
  | { t: 'tick' }
