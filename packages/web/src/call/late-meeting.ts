/**
 * A meeting whose engine is still being loaded: shows `connecting`, remembers what was asked of it in order, and hands
 * everything to the real one once that is there. A load that fails shows as the phase `ended`, `lost`; `rejoin` then
 * loads again. The encryption and media code is loaded after the pre-join screen, so joining stays light.
 */
import type {
  CaptionWords,
  HostWish,
  MeetingControls,
  MeetingView,
  Source,
  WantedSize,
} from '@huisclos/participant'
import { Snapshot } from './snapshot.ts'

type View = MeetingView<MediaStreamTrack>
type Controls = MeetingControls<MediaStreamTrack>

const CONNECTING: View = {
  phase: { at: 'connecting' },
  title: null,
  hosted: false,
  selfLeaf: null,
  selfHost: false,
  people: [],
  chat: [],
  captions: [],
  notices: [],
  alarms: [],
  security: { epoch: 0, members: 0, code: null, compared: null, sending: false },
  network: { signalling: 'open', media: 'connecting', tcpOnly: false },
  lobby: { on: false, lock: false, removed: [], knocking: [] },
  rules: { share: true, chat: true, unmute: true },
  spotlight: null,
  request: null,
  recording: { ordered: null, local: [], mayOrder: false, mayStop: false },
  phones: { bridge: null, mayInvite: false, invitation: null },
}

export class LateMeeting implements Controls {
  readonly #load: () => Promise<Controls>
  readonly #snapshot = new Snapshot<View>(CONNECTING)
  #coming: Promise<Controls>
  #here: Controls | null = null
  #isOver = false
  /** Where the screen's wishes for pictures go first, if anywhere; see hearing.ts. */
  limitWant: ((leaf: number, source: Source, size: WantedSize) => void) | null = null

  constructor(load: () => Promise<Controls>) {
    this.#load = load
    this.#coming = this.#begin()
  }

  get view(): View {
    return this.#snapshot.view
  }

  /** The engine itself once it is loaded, for what the port does not offer. */
  get loaded(): Controls | null {
    return this.#here
  }

  subscribe(changed: () => void): () => void {
    return this.#snapshot.subscribe(changed)
  }

  start(): Promise<void> {
    return this.#when((meeting) => meeting.start())
  }

  /** Ends at once for the person, also when the engine never came. */
  async leave(): Promise<void> {
    if (this.#here) return this.#here.leave()
    this.#end('left')
  }

  farewell(): void {
    this.#here?.farewell()
  }

  async rejoin(): Promise<void> {
    if (this.#here) return this.#here.rejoin()
    this.#isOver = false
    this.#snapshot.set(CONNECTING)
    this.#coming = this.#begin()
    await this.start()
  }

  publish(source: Source, track: MediaStreamTrack): Promise<void> {
    return this.#when((meeting) => meeting.publish(source, track))
  }

  unpublish(source: Source): Promise<void> {
    return this.#when((meeting) => meeting.unpublish(source))
  }

  setMuted(source: Source, muted: boolean): Promise<void> {
    return this.#when((meeting) => meeting.setMuted(source, muted))
  }

  sendChat(text: string): void {
    void this.#when((meeting) => meeting.sendChat(text))
  }

  /** What is said before there is anybody to say it to is not kept. */
  caption(words: CaptionWords): boolean {
    return this.#here?.caption(words) ?? false
  }

  setHand(up: boolean): void {
    void this.#when((meeting) => meeting.setHand(up))
  }

  setName(name: string): void {
    void this.#when((meeting) => meeting.setName(name))
  }

  compare(): Promise<void> {
    return this.#when((meeting) => meeting.compare())
  }

  closeCode(): void {
    void this.#when((meeting) => meeting.closeCode())
  }

  want(leaf: number, source: Source, size: WantedSize): void {
    if (this.limitWant) this.limitWant(leaf, source, size)
    else this.wantNow(leaf, source, size)
  }

  /** What `limitWant` lets through. */
  wantNow(leaf: number, source: Source, size: WantedSize): void {
    void this.#when((meeting) => meeting.want(leaf, source, size))
  }

  removeMember(leaf: number): Promise<void> {
    return this.#when((meeting) => meeting.removeMember(leaf))
  }

  makeHost(leaf: number): Promise<void> {
    return this.#when((meeting) => meeting.makeHost(leaf))
  }

  requestMute(leaf: number): void {
    void this.#when((meeting) => meeting.requestMute(leaf))
  }

  setLobby(on: boolean): Promise<void> {
    return this.#when((meeting) => meeting.setLobby(on))
  }

  order(wish: HostWish): Promise<void> {
    return this.#when((meeting) => meeting.order(wish))
  }

  setSpotlight(leaf: number | null): Promise<void> {
    return this.#when((meeting) => meeting.setSpotlight(leaf))
  }

  answerRequest(): void {
    void this.#when((meeting) => meeting.answerRequest())
  }

  admit(knock: string): void {
    void this.#when((meeting) => meeting.admit(knock))
  }

  turnAway(knock: string): void {
    void this.#when((meeting) => meeting.turnAway(knock))
  }

  invitePhones(): Promise<void> {
    return this.#when((meeting) => meeting.invitePhones())
  }

  orderCaller(leaf: number, caller: number, what: 'mute' | 'remove' | 'admit'): void {
    void this.#when((meeting) => meeting.orderCaller(leaf, caller, what))
  }

  dismissAlarm(id: number): void {
    void this.#when((meeting) => meeting.dismissAlarm(id))
  }

  startRecording(order: { publicKey: Uint8Array; owner: string; withMe: boolean }): Promise<void> {
    return this.#when((meeting) => meeting.startRecording(order))
  }

  pauseRecording(paused: boolean): Promise<void> {
    return this.#when((meeting) => meeting.pauseRecording(paused))
  }

  stopRecording(): Promise<void> {
    return this.#when((meeting) => meeting.stopRecording())
  }

  answerRecording(recording: string, yes: boolean): void {
    void this.#when((meeting) => meeting.answerRecording(recording, yes))
  }

  async startLocalRecording(): Promise<string> {
    const meeting = this.#here ?? (await this.#coming)
    return meeting.startLocalRecording()
  }

  stopLocalRecording(): Promise<void> {
    return this.#when((meeting) => meeting.stopLocalRecording())
  }

  /** Carried out at once when the engine is there; else in the order of asking, unless the person left meanwhile. */
  async #when(run: (meeting: Controls) => void | Promise<void>): Promise<void> {
    if (this.#here) return run(this.#here)
    const meeting = await this.#coming.catch(() => null)
    if (meeting && !this.#isOver) await run(meeting)
  }

  async #begin(): Promise<Controls> {
    try {
      const meeting = await this.#load()
      if (this.#isOver) return meeting
      this.#here = meeting
      meeting.subscribe(() => this.#snapshot.set(meeting.view))
      return meeting
    } catch (error) {
      this.#end('lost')
      throw error
    }
  }

  #end(why: 'left' | 'lost'): void {
    this.#isOver = true
    this.#snapshot.set({ ...CONNECTING, phase: { at: 'ended', why } })
  }
}
