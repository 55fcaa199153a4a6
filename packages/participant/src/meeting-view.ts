/**
 * What a screen shows of a meeting: one immutable snapshot, a new object on every change (fits
 * `useSyncExternalStore`); parts that did not change keep their identity. The roster is the MLS tree (ROS1). Holds no
 * key and no secret, except the comparison code, which is made to be read out.
 */
import type { Source, TransportState } from './media-adapter.ts'
import type { BridgeView, PhonesView } from './phones/phone-view.ts'
import type { Ms } from './ports.ts'
import type { RecordingView } from './recording/recording-view.ts'

export type EndReason =
  | 'left'
  | 'removed'
  | 'ended-by-host'
  /** The server says that we were removed; no commit that we could accept does. */
  | 'unseated'
  | 'access-refused'
  | 'room-full'
  | 'descriptor-damaged'
  | 'descriptor-rolled-back'
  | 'host-mismatch'
  | 'server-lied'
  | 'not-echoed'
  | 'lost'
  | 'version'
  | 'expired'
  | 'duplicate'

export type Phase =
  | { readonly at: 'connecting' }
  /** The server does not know the room (it restarted): waiting for the host to bring it back. */
  | { readonly at: 'waiting-room-unknown' }
  /** Knocking; nobody has answered yet. `lobby`: a host must let one in. `door`: what the server relayed, if anything. */
  | { readonly at: 'waiting-members'; readonly lobby: boolean; readonly door?: DoorAnswer }
  /** REC3: in the group, which is being recorded; nothing of us leaves before `answerRecording`, or `leave`. */
  | { readonly at: 'waiting-consent' }
  | { readonly at: 'in'; readonly since: Ms; readonly alone: boolean }
  | { readonly at: 'reconnecting'; readonly since: Ms }
  /** `by`: the name of the member who removed us or ended the meeting, where that is `why` and the name is known. */
  | { readonly at: 'ended'; readonly why: EndReason; readonly by?: string }

/** HOST7: what somebody at the door is told. */
export type DoorAnswer = 'locked' | 'refused' | 'no-host'

/** HOST3: what those may do who are no hosts. */
export interface RulesView {
  readonly share: boolean
  readonly chat: boolean
  readonly unmute: boolean
}

export interface StreamView<Track> {
  readonly source: Source
  readonly track: Track | null
  readonly muted: boolean
  /** FRM2: show "Waiting for keys" on the tile. */
  readonly waitingForKeys: boolean
  /** A picture that was asked for and does not come: our path is too narrow (says the server), or its sender's is. */
  readonly held?: 'ours' | 'theirs'
}

export interface PersonView<Track> {
  readonly leaf: number
  /** Empty until the profile has come; told apart from equal names, as "Anna (2)" (WEB1). */
  readonly name: string
  readonly self: boolean
  readonly host: boolean
  readonly hand: boolean
  /** HOST3: false where the rules keep the microphone off. */
  readonly mayUnmute: boolean
  /** `silent`: no heartbeat (ROS2). `lost`: the server says the connection is gone. */
  readonly state: 'here' | 'silent' | 'lost'
  readonly streams: readonly StreamView<Track>[]
  /** Said yes to the recording on the server (`view.recording.ordered`); false while there is none. */
  readonly recorded: boolean
  /** Set where this is the room's telephone bridge (TEL3). */
  readonly bridge?: BridgeView
}

export interface ChatLine {
  readonly id: string
  readonly leaf: number
  readonly name: string
  readonly self: boolean
  readonly text: string
  readonly at: Ms
  readonly state: 'sending' | 'sent' | 'failed'
}

/** One line of captions (CAP1): of a voice, by that speaker's own device, or typed by that member. */
export interface CaptionLine {
  readonly id: number
  readonly leaf: number
  readonly name: string
  readonly self: boolean
  readonly text: string
  /** BCP 47, as its sender says. */
  readonly lang: string
  readonly how: 'speech' | 'typed'
  /** False while it grows. */
  readonly final: boolean
  /** When it began. */
  readonly at: Ms
}

export interface Notice {
  readonly id: number
  readonly at: Ms
  readonly kind:
    | 'joined'
    | 'left'
    | 'lost'
    | 'removed'
    | 'code-compared'
    | 'messages-missing'
    | 'muted-by'
    | 'made-host'
    | 'camera-stopped'
    | 'share-stopped'
    | 'spotlit'
    | 'recording-started'
    | 'recording-paused'
    | 'recording-resumed'
    | 'recording-stopped'
    /** On one's own computer. */
    | 'records-started'
    | 'records-stopped'
    /** By telephone; the name is the masked number. */
    | 'phone-joined'
    | 'phone-left'
    | `${keyof RulesView}-${'allowed' | 'forbidden'}`
  /** Whom it is about. */
  readonly name: string
  readonly by?: string
  /** GRP9, with `removed`: members who have not shown the new epoch yet. */
  readonly notYet?: readonly string[]
}

export interface Alarm {
  readonly id: number
  readonly kind:
    | 'stranger-forwarded'
    | 'member-unseen'
    | 'refused-commit'
    | 'struck-commit'
    | 'not-echoed'
    /** No host has been heard of lately; sending goes on because most others hear us (ROS2). */
    | 'host-silent'
    | 'reset'
    | 'keys-rolled-back'
    | 'forged-frame'
    /** More frames opened in a member's name than it sent (ROS2). */
    | 'unsent-frames'
    /** REC2: no envelope within 5 s: this span of the recording cannot be opened. */
    | 'recording-unsealed'
    /** The server says that it records what no host of this group ordered; nobody can open it. */
    | 'recording-unordered'
    /** A recording is ordered, and the server says that it stores none, or no longer. */
    | 'recording-not-stored'
    /** A member says it is a telephone bridge and is not the one that the host named (TEL2): it is not heard. */
    | 'false-bridge'
  readonly at: Ms
  readonly leaf?: number
}

export interface CodeView {
  readonly words: { readonly en: readonly string[]; readonly fr: readonly string[] }
  readonly digits: string
  /** True while it must be on screen (a comparison is under way); false where it is merely available (GRP11). */
  readonly opened: boolean
  /** Who began the comparison; empty where nobody did. */
  readonly by: string
}

export interface SecurityView {
  readonly epoch: number
  readonly members: number
  readonly code: CodeView | null
  /** ROS3: "Compared at 10:02; since then Bob joined." */
  readonly compared: { readonly at: Ms; readonly joinedSince: readonly string[] } | null
  /** False while media is withheld: before a member answered (GRP5), or not echoed (ROS2). */
  readonly sending: boolean
}

export interface NetworkView {
  readonly signalling: 'open' | 'lost'
  readonly media: TransportState
  readonly tcpOnly: boolean
}

/** Who waits at the door; only hosts can let them in (GRP6). */
export interface LobbyView {
  readonly on: boolean
  /** Nobody new comes in at all (GRP2). */
  readonly lock: boolean
  /** Names of those who were removed: they have the link still, and may be who knocks (GRP9). */
  readonly removed: readonly string[]
  readonly knocking: readonly { readonly id: string; readonly since: Ms }[]
}

export interface MeetingView<Track> {
  readonly phase: Phase
  readonly title: string | null
  /** False: nobody vouches for who is here (LINK1). */
  readonly hosted: boolean
  readonly selfLeaf: number | null
  readonly selfHost: boolean
  /** In tree order, self first. */
  readonly people: readonly PersonView<Track>[]
  readonly chat: readonly ChatLine[]
  /** The latest lines of everybody, in the order in which they began. */
  readonly captions: readonly CaptionLine[]
  readonly notices: readonly Notice[]
  readonly alarms: readonly Alarm[]
  readonly security: SecurityView
  readonly network: NetworkView
  readonly lobby: LobbyView
  readonly rules: RulesView
  /** The leaf that a host has put before everybody (HOST3). */
  readonly spotlight: number | null
  /** A host asks us to turn the microphone on. */
  readonly request: { readonly id: number; readonly by: string } | null
  readonly recording: RecordingView
  readonly phones: PhonesView
}
