/** What a screen does with a meeting: the options it is made from and the calls it takes. */
import type { MeetingLink } from '@huisclos/crypto/link'
import type { CaptionWords } from './caption-outlet.ts'
import type { WantedSize } from './incoming-tracks.ts'
import type { Source } from './media-adapter.ts'
import type { MeetingView, RulesView } from './meeting-view.ts'

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
}
