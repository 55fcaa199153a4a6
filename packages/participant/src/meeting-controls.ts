/** What a screen does with a meeting: the options it is made from and the calls it takes. */
import type { MeetingLink } from '@huisclos/crypto/link'
import type { BridgeGrant } from '@huisclos/crypto/seal'
import type { CaptionWords } from './caption-outlet.ts'
import type { WantedSize } from './incoming-tracks.ts'
import type { Source } from './media-adapter.ts'
import type { MeetingView, RulesView } from './meeting-view.ts'
import type { BridgeSelf } from './phones/own-bridge.ts'

export interface MeetingOptions {
  /** A link taken apart by `decodeLink`. */
  link: MeetingLink
  name: string
  /** 32 bytes, where this person hosts the room. */
  hostSeed?: Uint8Array
  /** LINK3: the highest descriptor version that this person has seen of this room; lower ones are refused. */
  descriptorVersionSeen?: number
  /** Media over TCP only. */
  tcpOnly?: boolean
}

/** Of a telephone bridge, which was invited to one meeting (TEL2). */
export interface BridgeOptions {
  grant: BridgeGrant
  /** From the server, with the grant. */
  ticket: Uint8Array
  name: string
  self: BridgeSelf
  tcpOnly?: boolean
}

/** What a host may want of everybody (HOST1–HOST7). */
export type HostWish =
  | { readonly do: 'lock'; readonly on: boolean }
  | { readonly do: 'rules'; readonly change: Partial<RulesView> }
  /** `mayUnmute`: whether they may turn the microphone on again by themselves. */
  | { readonly do: 'mute-all'; readonly mayUnmute: boolean }
  | { readonly do: 'stop'; readonly leaf: number; readonly what: 'camera' | 'screen' }
  | { readonly do: 'ask-unmute'; readonly leaf: number }
  /** Null: everybody's. */
  | { readonly do: 'lower-hands'; readonly leaf: number | null }
  | { readonly do: 'spotlight'; readonly leaf: number | null }
  | { readonly do: 'admit-all' }
  | { readonly do: 'end' }

/** The methods of `Meeting`. */
export interface MeetingControls<Track> {
  readonly view: MeetingView<Track>
  /** Calls `changed` after each change of `view`; the result ends it. */
  subscribe(changed: () => void): () => void
  /** Enters. Resolves when connecting has begun; failures show as `view.phase`. */
  start(): Promise<void>
  /** Says farewell, waits for it to be sent (at most 2 s) and ends. */
  leave(): Promise<void>
  /** Synchronous best effort for `pagehide`: hands the socket a farewell that was sealed ahead of time, and `leave`. */
  farewell(): void
  /** From `ended` (`lost`, `removed`, `not-echoed`): enters again as somebody new. */
  rejoin(): Promise<void>
  /** Starts or replaces what this source sends. Held back until the group lets us send (GRP5). */
  publish(source: Source, track: Track): Promise<void>
  unpublish(source: Source): Promise<void>
  setMuted(source: Source, muted: boolean): Promise<void>
  sendChat(text: string): void
  /** CAP1. False where the hosts' rules, or not being in, keep us from saying it: nothing was sent. */
  caption(words: CaptionWords): boolean
  setHand(up: boolean): void
  setName(name: string): void
  /** ROS3: begins a comparison on every screen. */
  compare(): Promise<void>
  closeCode(): void
  /** What size of this stream to receive; `none` stops it. Audio is received unless `none` is asked. */
  want(leaf: number, source: Source, size: WantedSize): void
  /** Host orders; reject with a `MeetingError` for others. */
  removeMember(leaf: number): Promise<void>
  makeHost(leaf: number): Promise<void>
  requestMute(leaf: number): void
  setLobby(on: boolean): Promise<void>
  order(wish: HostWish): Promise<void>
  setSpotlight(leaf: number | null): Promise<void>
  /** Takes `view.request` away. */
  answerRequest(): void
  admit(knock: string): void
  turnAway(knock: string): void
  dismissAlarm(id: number): void
  /**
   * TEL2: invites the telephone bridge that the room names, by the room's host key; then `view.phones.invitation` holds
   * the PIN. Rejects with a `MeetingError`: `not-host`, `phones-off`, `bridge-away`, `bridge-refused`.
   */
  invitePhones(): Promise<void>
  /** A host's order for one caller of the bridge on this leaf. Throws a `MeetingError`. */
  orderCaller(leaf: number, caller: number, what: 'mute' | 'remove' | 'admit'): void
  /**
   * REC1: orders a recording on the server, for the holder of this public key (1,216 bytes); `withMe`: our own answer.
   * Rejects with a `MeetingError`: `not-host` without the room's host key, `recording-off`, `recording-exists`,
   * `recording-unavailable`, `bad-recording-key`.
   */
  startRecording(order: { publicKey: Uint8Array; owner: string; withMe: boolean }): Promise<void>
  /** By any host; the promises resolve when the group has it. */
  pauseRecording(paused: boolean): Promise<void>
  stopRecording(): Promise<void>
  /** REC3: our own answer to a recording on the server or on somebody's computer; may be changed at any time. */
  answerRecording(recording: string, yes: boolean): void
  /**
   * Tells everybody that we record on this computer; resolves with the recording's id once that was sent, and only then
   * may a frame be written, of the leaves in `view.recording.local[0].consenting` alone.
   */
  startLocalRecording(): Promise<string>
  /** To be called after the last frame was written. */
  stopLocalRecording(): Promise<void>
}
