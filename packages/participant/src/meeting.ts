/**
 * One meeting as one participant lives it: the public face of the package, what screens and bots call. Everything
 * behind it is meeting-core.ts.
 */
import type { CaptionWords } from './caption-outlet.ts'
import type { WantedSize } from './incoming-tracks.ts'
import type { Source } from './media-adapter.ts'
import type { BridgeOptions, HostWish, MeetingControls, MeetingOptions } from './meeting-controls.ts'
import { MeetingCore } from './meeting-core.ts'
import type { MeetingView } from './meeting-view.ts'
import type { Caller } from './messages/phone.ts'
import type { Ports } from './ports.ts'

export class Meeting<Track> implements MeetingControls<Track> {
  readonly #core: MeetingCore<Track>

  /** Throws a `LinkError` for a link that `decodeLink` did not give. Does nothing before `start`. */
  constructor(options: MeetingOptions | BridgeOptions, ports: Ports<Track>) {
    this.#core = new MeetingCore<Track>(options, ports)
  }

  get view(): MeetingView<Track> {
    return this.#core.store.view
  }

  subscribe(changed: () => void): () => void {
    return this.#core.store.subscribe(changed)
  }

  async start(): Promise<void> {
    this.#core.start()
  }
  leave(): Promise<void> {
    return this.#core.leave()
  }
  farewell(): void {
    this.#core.farewell()
  }
  async rejoin(): Promise<void> {
    this.#core.start()
  }

  publish(source: Source, track: Track): Promise<void> {
    return this.#core.parts.hosts.own.publish(source, track)
  }
  unpublish(source: Source): Promise<void> {
    return this.#core.parts.hosts.own.unpublish(source)
  }
  setMuted(source: Source, muted: boolean): Promise<void> {
    return this.#core.parts.hosts.own.setMuted(source, muted)
  }
  want(leaf: number, source: Source, size: WantedSize): void {
    this.#core.parts.media.incoming.want(leaf, source, size)
  }
  sendChat(text: string): void {
    this.#core.parts.conversation.chat(text)
  }
  caption(words: CaptionWords): boolean {
    return this.#core.parts.conversation.caption(words)
  }
  setHand(up: boolean): void {
    this.#core.present({ hand: up })
  }
  setName(name: string): void {
    this.#core.present({ name })
  }
  compare(): Promise<void> {
    return this.#core.compare()
  }
  closeCode(): void {
    if (this.#core.parts.comparison.close()) this.#core.changed()
  }

  removeMember(leaf: number): Promise<void> {
    return this.#core.parts.hosts.orders.removeMember(leaf)
  }
  makeHost(leaf: number): Promise<void> {
    return this.#core.parts.hosts.orders.makeHost(leaf)
  }
  setLobby(on: boolean): Promise<void> {
    return this.#core.parts.hosts.orders.setLobby(on)
  }
  order(wish: HostWish): Promise<void> {
    return this.#core.parts.hosts.order(wish)
  }
  setSpotlight(leaf: number | null): Promise<void> {
    return this.order({ do: 'spotlight', leaf })
  }
  answerRequest(): void {
    this.#core.parts.hosts.answered()
  }
  requestMute(leaf: number): void {
    this.#core.parts.conversation.askToMute(leaf)
  }

  admit(knock: string): void {
    this.#core.parts.desk.admit(knock)
  }
  turnAway(knock: string): void {
    this.#core.parts.hosts.door.turnAway(knock)
  }
  startRecording(order: { publicKey: Uint8Array; owner: string; withMe: boolean }): Promise<void> {
    return this.#core.parts.recording.start(order)
  }
  pauseRecording(paused: boolean): Promise<void> {
    return this.#core.parts.recording.pause(paused)
  }
  stopRecording(): Promise<void> {
    return this.#core.parts.recording.stop()
  }
  answerRecording(recording: string, yes: boolean): void {
    this.#core.parts.recording.answer(recording, yes)
  }
  startLocalRecording(): Promise<string> {
    return this.#core.parts.recording.startLocal()
  }
  stopLocalRecording(): Promise<void> {
    return this.#core.parts.recording.stopLocal()
  }

  invitePhones(): Promise<void> {
    return this.#core.parts.phones.invite().finally(() => this.#core.changed())
  }
  orderCaller(leaf: number, caller: number, what: 'mute' | 'remove' | 'admit'): void {
    this.#core.parts.phones.order(leaf, caller, what)
  }
  /** For a bridge: what its profile says of its callers. `failed`: wrong PINs so far (TEL4). */
  setCallers(callers: readonly Caller[], failed: number): void {
    this.#core.parts.phones.own?.say(callers, failed)
    this.#core.present({})
  }

  dismissAlarm(id: number): void {
    this.#core.parts.journal.clear((alarm) => alarm.id === id)
    this.#core.changed()
  }
}
