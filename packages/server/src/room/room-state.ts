/**
 * What the server knows of one room while somebody is in it: who is connected, who sits on which leaf, which commit
 * won which epoch. Lives in memory only, holds no key and no name (SEE1). Changed by step.ts alone.
 */
import type { Epoch, GroupId, Leaf, PeerId, RecordingId } from '@huisclos/protocol'
import type { Bucket } from '../policy/token-bucket.ts'
import type { RecordingDesk } from './recording-state.ts'

/** Milliseconds of the caller's clock. */
export type Ms = number

/** SIG10. A seated peer with a key package has lost its MLS state and asks to be let in again (GRP10, ORD3). */
export type Seat =
  | { at: 'outside' }
  | { at: 'knocking'; keyPackage: string }
  | { at: 'seated'; leaf: Leaf; keyPackage: string | null }
  | { at: 'removed'; since: Ms }

export type Link = { at: 'connected' } | { at: 'lost'; since: Ms; mediaEnded: boolean }

/** By what it showed at the door: the link's `access`, or a bridge's ticket (TEL9). */
export type PeerKind = 'person' | 'bridge'

export interface Peer {
  readonly id: PeerId
  readonly kind: PeerKind
  seat: Seat
  link: Link
  readonly commits: Bucket
  /** Commits of its that were struck since it was last seated (ORD3). */
  strikes: number
  readonly knocks: Bucket
  readonly applications: Bucket
  readonly applicationChars: Bucket
  /** Recordings that it said yes to in this seat (REC3). */
  readonly consents: Set<RecordingId>
  showedOwner: boolean
  readonly recordingRequests: Bucket
  readonly envelopes: Bucket
}

/** One winner of the log, with what is needed to undo it (ORD3). */
export interface CommitRecord {
  /** The epoch that it was made in. */
  readonly epoch: Epoch
  readonly from: PeerId
  readonly at: Ms
  readonly commit: string
  /** SHA-256 of the commit's bytes, base64url. */
  readonly hash: string
  readonly joins: readonly { peer: PeerId; leaf: Leaf }[]
  /** Leaves that it blanked; null: nobody was there any more. */
  readonly leaves: readonly { leaf: Leaf; peer: PeerId | null }[]
  /** Members before and after: those who can judge it. */
  readonly voters: ReadonlySet<PeerId>
  /** Who lost their seat by it: they may refuse it, so that nobody is put out by bytes that mean nothing. */
  readonly unseated: ReadonlySet<PeerId>
  /** All members before it. */
  readonly members: ReadonlySet<PeerId>
  readonly refusedBy: Set<PeerId>
}

export interface Group {
  readonly id: GroupId
  epoch: Epoch
  /** Oldest first, consecutive; the last one made `epoch`. */
  readonly log: CommitRecord[]
  logChars: number
  /** Leaves in the tree whose peer has gone: warranted anew in each epoch (SIG11). */
  readonly gone: Set<Leaf>
  readonly ready: Set<PeerId>
  allReadyTold: boolean
  /** When the last member left; null while there are members. */
  vacatedAt: Ms | null
  readonly commits: Bucket
}

export interface RoomState {
  readonly peers: Map<PeerId, Peer>
  group: Group | null
  /** When the last peer left; null while there are peers. */
  emptySince: Ms | null
  peersChanged: boolean
  peersToldAt: Ms | null
  readonly recordings: RecordingDesk
}

export const emptyRoom = (now: Ms, recordings: Pick<RecordingDesk, 'allowed' | 'ownerHash'>): RoomState => ({
  peers: new Map(),
  group: null,
  emptySince: now,
  peersChanged: false,
  peersToldAt: null,
  recordings: { ...recordings, now: null, unsigned: new Set() },
})
