/** The times and bounds of a room: rules GRP8, GRP10, ORD1, SIG6, SIG9. Milliseconds, and characters of base64url. */
import type { Rate } from '../policy/token-bucket.ts'

export const ROOM_TIMES = {
  /** A lost peer keeps its media for so long (SIG6). */
  mediaGraceMs: 30_000,
  /** … and its seat for so long; no warrant of absence is signed before (GRP10). */
  seatGraceMs: 120_000,
  /** The same for a telephone bridge, which holds keys for everybody's eyes: it is there or it is not (TEL10). */
  bridgeGraceMs: 20_000,
  /** A group whose members have all left is kept for so long unless somebody else is waiting (SIG9). */
  vacantGroupMs: 60_000,
  /** When all members lost their sockets for so long and somebody waits, the group is given up. */
  abandonedGroupMs: 30_000,
  /** A room without peers keeps its router for so long (SIG9). */
  emptyRoomMs: 60_000,
  /** A removed peer's session is ended after so long: time to refuse what removed it, and to be reinstated (ORD3). */
  removedSessionMs: 10_000,
  /**
   * A commit can be struck for so long. Without an end, two of its first members could undo a meeting that has long
   * gone on with others.
   */
  strikeWindowMs: 20_000,
  /** Without an envelope for so long, what is stored is said to be closed for good (REC2). */
  envelopeMs: 5_000,
  /** Lists of peers are sent at most this often. */
  peersIntervalMs: 250,
} as const

export const COMMITS_PER_GROUP: Rate = { perSecond: 4, burst: 4 }
export const COMMITS_PER_PEER: Rate = { perSecond: 1, burst: 3 }
/** Whose commits were struck so often makes none until it is seated anew (ORD3). */
export const STRIKES_PER_SEAT = 2
export const KNOCKS_PER_PEER: Rate = { perSecond: 0.5, burst: 4 }
export const APPLICATIONS_PER_PEER: Rate = { perSecond: 40, burst: 1_200 }
/** Every application message goes to every member: what one may send is much less than what a socket may carry. */
export const APPLICATION_CHARS_PER_PEER: Rate = { perSecond: 128 * 1024, burst: 1024 * 1024 }

/** Starting, pausing, stopping, consenting. */
export const RECORDING_REQUESTS_PER_PEER: Rate = { perSecond: 1, burst: 10 }
export const ENVELOPES_PER_PEER: Rate = { perSecond: 1, burst: 16 }
/** Members whose envelopes of one epoch are kept, beside those who showed the owner token (REC11). */
export const SEALERS_PER_EPOCH = 4
/** Recordings that one session can say yes to; the oldest word falls away. */
export const CONSENTS_PER_PEER = 4

export const COMMIT_LOG = { commits: 256, chars: 8 * 1024 * 1024 } as const
