/**
 * The port through which everything else uses MLS: one engine holds one member of one group [GRP1]. Arguments and
 * results are structured-cloneable, so that a worker can host it. Nothing here names the MLS library, and nothing
 * that the server says decides whether a commit is accepted [GRP7].
 */
import type { MlsCode } from './mls-error.ts'

/** What the GroupContext says all members agree on [GRP2]. */
export interface MeetingPolicy {
  /** Hosts admit people; everyone else waits. */
  lobby: boolean
  /** Nobody new comes in. */
  lock: boolean
  /** The RTP audio-level extension, which shows the server who speaks, may be used. */
  audioLevel: boolean
  /** Visible participants that are bridges (telephone) are allowed. */
  bridges: boolean
  /** The room's descriptor allows recordings on the server; changes with the descriptor's version alone [REC1]. */
  recording: boolean
  /** The order to record, while there is one (`encodeRecordingOrder`) [REC1]. */
  recordingKey: Uint8Array | null
  /** The recording that is ordered stands still: nobody seals keys for it. */
  recordingPaused: boolean
}

/** One host: `key` is a leaf's signature key, signed over ("huisclos/1 host", group id, key) by `signerKey`. */
export interface HostEntry {
  key: Uint8Array
  /** The room's host key (its hash is `hostHash`) or the key of an earlier entry. */
  signerKey: Uint8Array
  signature: Uint8Array
}

export interface MeetingContext {
  /** Room id, 16 characters of base32. */
  room: string
  /** First 16 bytes of SHA-512 of the room's host key; zeros: nobody hosts [LINK1]. */
  hostHash: Uint8Array
  descriptorVersion: number
  /** Ed25519 key of the room's server side, which signs warrants of absence [GRP7]. */
  serverKey: Uint8Array
  policy: MeetingPolicy
  hosts: HostEntry[]
}

/** What link, descriptor and server told a joiner before it joins [GRP5]. */
export interface Expectation {
  room: string
  hostHash: Uint8Array
  descriptorVersion: number
  lobby: boolean
  /** The descriptor allows recordings on the server. */
  recording: boolean
  serverKey: Uint8Array
}

/** Why a Remove is legitimate [GRP7]. `newKeyPackage` is the index, in `adds`, of the one that resumes [GRP10]. */
export type Warrant =
  | { by: 'leaver'; signature: Uint8Array }
  | { by: 'server'; signature: Uint8Array }
  | { by: 'resume'; newKeyPackage: number }
  | { by: 'host' }

export type RemovalReason = 'left' | 'gone' | 'resumed' | 'removed'

export interface MemberView {
  /** Index in the tree, under 1,024 [KEY2]. */
  leaf: number
  /** The credential: 16 random bytes in base64url [GRP3]. */
  pseudonym: string
  signatureKey: Uint8Array
  host: boolean
}

export interface EpochChange {
  /** The committer's leaf. */
  by: number
  added: number[]
  /** `resumedAs`: the added leaf on which the same person came back, where `why` is `resumed` [GRP10]. */
  removed: { leaf: number; pseudonym: string; why: RemovalReason; resumedAs?: number }[]
  contextChanged: boolean
}

export interface EpochView {
  groupId: Uint8Array
  epoch: number
  /** Own leaf. */
  self: number
  /** 32 bytes, MLS-Exporter("SFrame 1.0 Base Key", "", 32) [KEY1]. */
  baseKey: Uint8Array
  /** 64 bytes, what a comparison code is made from [ROS3]. */
  authenticator: Uint8Array
  /** In tree order. */
  members: MemberView[]
  context: MeetingContext
  /** What the commit that made this epoch did; null after create, join and rollback. */
  change: EpochChange | null
}

/** How a commit changes the GroupContext [GRP2]; only a host's may. */
export interface ContextChange {
  descriptorVersion?: number
  policy?: Partial<MeetingPolicy>
  /** Leaves that become hosts, vouched for by this leaf. */
  makeHosts?: number[]
  /** The room's host seed (32 bytes): lists this very leaf, so that the host who returns is host again. */
  claimHost?: Uint8Array
}

export interface CommitInput {
  /** Encoded key packages that `inspect` admitted. */
  adds: Uint8Array[]
  removes: { leaf: number; warrant: Warrant }[]
  context?: ContextChange
}

export interface CommitOutput {
  commit: Uint8Array
  welcome: Uint8Array | null
  /** The epoch the commit was made in. */
  epoch: number
  /** The leaf of each add, in order. */
  joins: number[]
  leaves: number[]
  /** SHA-256 of `commit`. */
  hash: Uint8Array
}

/**
 * What a message from the group was.
 * - `removed`: an accepted commit removed this member; only rollback, keyPackage and close are of use afterwards
 * - `refused`: authentic, from a member, and against the rules; the state is as before. `hash` is SHA-256 of it
 * - `unauthentic`: nobody in this epoch wrote it, or it belongs to an epoch this state cannot open; as before
 */
export type Processed =
  | { kind: 'commit'; view: EpochView }
  | { kind: 'application'; leaf: number; epoch: number; data: Uint8Array }
  | { kind: 'removed'; by: number; why: RemovalReason }
  | { kind: 'refused'; code: MlsCode; hash: Uint8Array }
  | { kind: 'unauthentic' }

export interface GroupEngine {
  /**
   * A group of one, epoch 0 [GRP1]. With `hostSeed` (Ed25519 seed of the room's host key) own leaf is a host; a lobby
   * needs one.
   */
  create(a: {
    groupId: Uint8Array
    context: MeetingContext
    psk: Uint8Array
    admission: Uint8Array
    hostSeed?: Uint8Array
  }): Promise<EpochView>
  /**
   * A fresh key package [GRP4]; the one before is forgotten. `resume`: signed by the leaf held so far [GRP10].
   * `roomSeed`, the seed of the room's host key: signed by it where it does not resume, so that neither lobby nor lock
   * shuts out its holder, and any member may let it in [GRP6].
   */
  keyPackage(a: {
    psk: Uint8Array
    admission: Uint8Array
    groupId: Uint8Array
    resume?: boolean
    roomSeed?: Uint8Array
  }): Promise<{ keyPackage: Uint8Array }>
  /** Joins, or throws and erases everything on any doubt [GRP5]. */
  join(welcome: Uint8Array, expect: Expectation): Promise<EpochView>
  /**
   * Whether a key package may be added now; `resumes` is the leaf it proves to come back to [GRP10], `host` whether the
   * room's host key signed for it [GRP6].
   */
  inspect(keyPackage: Uint8Array): Promise<{ pseudonym: string; resumes: number | null; host: boolean }>
  /**
   * Builds a commit and holds the new state until `confirm` or `discard` [ORD2]. Without adds, removes or context it
   * is an empty path commit. A host's removal turns the lobby on [GRP9].
   */
  commit(input: CommitInput): Promise<CommitOutput>
  /** Own commit was echoed [ORD2]. */
  confirm(): Promise<EpochView>
  /** Own commit lost the race; without one, nothing happens. */
  discard(): Promise<void>
  /** Any message of the group. A commit that is accepted discards a pending one of ours. */
  process(message: Uint8Array): Promise<Processed>
  /** The commit that made this epoch was struck: back to the one state before it, once, within 30 s [ORD3] [KEY4]. */
  rollback(): Promise<EpochView>
  seal(data: Uint8Array): Promise<{ body: Uint8Array; epoch: number }>
  /** By the leaf key, over lp("huisclos/1 " + label) ‖ lp(group id) ‖ data; lp is a length in two bytes. */
  sign(label: string, data: Uint8Array): Promise<Uint8Array>
  verify(leaf: number, label: string, data: Uint8Array, signature: Uint8Array): Promise<boolean>
  /** Erases all secrets as far as JavaScript allows. */
  close(): void
}

export interface GroupEngineDeps {
  /** Milliseconds since 1970, for lifetimes of key packages and of the former state; the MLS library reads the wall clock. */
  now?: () => number
  random?: (sizeBytes: number) => Uint8Array
}
