/**
 * What the screens need from call/ and nothing more: small interfaces that call/ fulfils and the demo page imitates
 * with fixtures. Every `view` is an immutable snapshot, a new object on each change (fits `useSyncExternalStore`).
 * Nothing here holds a key; a link is a secret and is only ever shown to the person who has it.
 */
import type { MeetingControls } from '@huisclos/participant'
import type { ConnectionTestPort, QualityPort } from './quality-ports.ts'
import type { KeptRecordingsPort, LocalRecorderPort, ServerRecordingPort } from './recording-ports.ts'

export interface Store<View> {
  readonly view: View
  /** Calls `changed` after each change of `view`; the result ends it. */
  subscribe(changed: () => void): () => void
}

/* ---- home ---- */

/** Why a pasted text is not a link that can be joined. */
export type LinkProblem = 'empty' | 'not-a-link' | 'no-secret' | 'damaged' | 'other-server' | 'newer-version'
export type ReadLink =
  | { readonly ok: true; readonly href: string }
  | { readonly ok: false; readonly why: LinkProblem }

/** A meeting that this browser made or has imported the host key of. */
export interface KnownMeeting {
  readonly room: string
  /** Empty where the host gave none. */
  readonly title: string
  /** The whole link, with its secret. */
  readonly href: string
  readonly hosted: boolean
  /** Unix milliseconds. */
  readonly expiresAt: number
}

export type HomeProblem =
  | 'create-refused'
  | 'too-many'
  | 'unreachable'
  | 'storage-refused'
  | 'key-unreadable'
  | 'fault'
/** Thrown by `HomePort`'s promises; `code` is worded by the catalogues. */
export class HomeError extends Error {
  readonly code: HomeProblem
  constructor(code: HomeProblem, cause?: unknown) {
    super(code, { cause })
    this.name = 'HomeError'
    this.code = code
  }
}

export interface HomeView {
  readonly meetings: readonly KnownMeeting[]
  /** Who may create: with `token`, the form asks for the operator's token. Null until the server has told. */
  readonly create: 'anyone' | 'token' | null
}

export interface MeetingWish {
  readonly title: string
  readonly expiresInDays: number
  readonly operatorToken: string
  /** The card of the telephone bridge that may join; empty or absent: none may. */
  readonly bridge?: string
}

/** A telephone bridge, as people compare it. */
export interface BridgeShown {
  readonly runBy: string
  readonly number: string
  readonly fingerprint: string
}

export interface HomePort extends Store<HomeView> {
  /** Rejects with a `HomeError`. */
  create(wish: MeetingWish): Promise<KnownMeeting>
  /** Null for what is no card of a telephone bridge (TEL2). Surrounding blanks are forgiven. */
  readCard(text: string): BridgeShown | null
  /** Tolerant: surrounding text, spaces, line breaks and a missing scheme are forgiven. */
  readLink(text: string): ReadLink
  /** Goes to the meeting's pre-join screen. */
  open(href: string): void
  forget(room: string): void
  /** The host key of one meeting as a text to paste or scan on another device. Rejects with a `HomeError`. */
  exportHostKey(room: string): Promise<string>
  /** Rejects with `HomeError` `key-unreadable`. */
  importHostKey(text: string): Promise<KnownMeeting>
}

/* ---- devices ---- */

export type DeviceKind = 'microphone' | 'camera' | 'speaker'
/** The table in the design: each has its words and its way out. */
export type DeviceProblem =
  | 'site-refused'
  | 'system-refused'
  | 'in-use'
  | 'none'
  | 'gone'
  | 'no-https'
  | 'unknown'

export interface DeviceOption {
  readonly id: string
  /** Empty before permission was given. */
  readonly label: string
  /** Equal for what is one piece of hardware, such as a headset; may be empty. */
  readonly group: string
}

export interface CaptureView {
  /** What the person wants: on or off. */
  readonly on: boolean
  readonly state: 'off' | 'starting' | 'live' | 'failed'
  readonly problem: DeviceProblem | null
}

export interface DevicesView {
  readonly microphone: CaptureView
  readonly camera: CaptureView
  /** The self-view's track while the camera is live. */
  readonly cameraTrack: MediaStreamTrack | null
  readonly options: Readonly<Record<DeviceKind, readonly DeviceOption[]>>
  readonly chosen: Readonly<Record<DeviceKind, string>>
  /** The device that is open or would be played on; empty for the default or an unknown one. */
  readonly inUse: Readonly<Record<DeviceKind, string>>
  /** False where the browser cannot choose an output: no picker is shown. */
  readonly speakerSelectable: boolean
  readonly noiseSuppression: boolean
  /** Null where neither browser nor camera can blur (no code of ours does). */
  readonly backgroundBlur: boolean | null
  /** True while this device is without sound beside another one of the same person. */
  readonly companion: boolean
  readonly hint: DeviceHint | null
}

/**
 * Something the person would want to know now.
 * - `companion`: the microphone stays off here, the person is heard from another device
 * - `held`: the system has silenced or frozen it; it comes back by itself
 * - `saved-gone`: the remembered device is not there, the default one is used
 * - `unplugged`: it went in the middle of the call; `label` is what took over, empty where unknown
 * - `plugged`: a new device could be used
 */
export type DeviceHint =
  | { readonly what: 'talking-while-muted' | 'silent-microphone' | 'companion' }
  | { readonly what: 'held' | 'saved-gone'; readonly kind: 'microphone' | 'camera' }
  | { readonly what: 'unplugged'; readonly kind: DeviceKind; readonly label: string }
  | { readonly what: 'plugged'; readonly label: string }

export interface DevicesPort extends Store<DevicesView> {
  setOn(kind: 'microphone' | 'camera', on: boolean): void
  choose(kind: DeviceKind, id: string): void
  setNoiseSuppression(on: boolean): void
  setBackgroundBlur(on: boolean): void
  /** Asks for the device again after a failure. */
  retry(kind: 'microphone' | 'camera'): void
  /** Plays a short tone on the chosen speaker; resolves when it has ended. */
  testSpeaker(): Promise<void>
  dismissHint(): void
  /** Takes the device of a `plugged` hint into use. */
  takeOffer(): void
  /** Calls `heard` about 20 times a second with the microphone's level, 0..1; the result ends it. */
  onLevel(heard: (level: number) => void): () => void
}

/* ---- before joining ---- */

export interface LobbyCheckView {
  /** `checking` until the server has answered; the others are screens of their own, except `unreachable`. */
  readonly room:
    | 'checking'
    | 'open'
    | 'unknown'
    | 'access-refused'
    | 'damaged'
    | 'expired'
    | 'version'
    | 'unreachable'
  readonly title: string | null
  /** Who runs the telephone bridge that may join; null: no telephone (TEL2). */
  readonly phones: string | null
  /** False: nobody vouches for who is here (LINK1). */
  readonly hosted: boolean
  /** True where a host lets people in: the button says "Ask to join". */
  readonly lobby: boolean
  /** `untested`: no verdict; the path is tried on entering. */
  readonly network: 'untested' | 'checking' | 'direct' | 'tcp-only' | 'blocked'
}

export interface JoinChoice {
  readonly name: string
  /** False: "Join without camera and microphone". */
  readonly withDevices: boolean
  /** "I am already in the room on another device": without microphone and without sound. */
  readonly companion: boolean
}

/* ---- the call ---- */

/** `saver`: small pictures, sent and received. `none`: sound alone. */
export type PictureMode = 'all' | 'saver' | 'none'

export interface HearingView {
  /** Nothing is played here: the person hears the meeting from another device. */
  readonly silent: boolean
  readonly pictures: PictureMode
  /** In percent, 0..200, by leaf; 100 where absent. */
  readonly volumes: ReadonlyMap<number, number>
}

export interface HearingPort extends Store<HearingView> {
  setVolume(leaf: number, percent: number): void
  setPictures(mode: PictureMode): void
}

/** What a shared screen shows: pages to read, pages that rarely change, or a film. */
export type ShareContent = 'text' | 'still' | 'motion'
export type ScreenShareView = { readonly at: 'off' | 'starting' | 'on' }

/** Captions that one gives (CAP5). */
export interface CaptioningView {
  /** Whether this browser can hear `lang` on this device alone. `unsupported`: in no language. */
  readonly offer: 'checking' | 'available' | 'downloadable' | 'downloading' | 'unavailable' | 'unsupported'
  /** `waiting`: wanted, but the microphone is off or nobody is there. */
  readonly voice: 'off' | 'waiting' | 'on' | 'failed'
  /** BCP 47: what is spoken and typed. */
  readonly lang: string
  /** The browser could not fetch the language. */
  readonly installFailed: boolean
}

export interface CaptioningPort extends Store<CaptioningView> {
  /** BCP 47, what `setLanguage` takes. */
  readonly languages: readonly string[]
  /** Asks the browser what it can do. */
  look(): void
  setVoice(on: boolean): void
  setLanguage(lang: string): void
  /** Has the browser fetch the language from its maker; to be called from a press. */
  install(): Promise<void>
  /** All of the present line. False where the hosts' rules forbid it. */
  type(text: string, final: boolean): boolean
}

/** HOST8. */
export interface DoorBellPort extends Store<{ readonly notices: 'granted' | 'default' | 'denied' | 'none' }> {
  /** Asks the browser for notifications; to be called from a press. */
  ask(): void
  /** Somebody knocks: sounds, and says so outside a hidden tab. */
  ring(text: string): void
}

/** Everything the room's screens do to the call. Obtained from `MeetingPort.join`. */
export interface CallPort {
  readonly meeting: MeetingControls<MediaStreamTrack>
  readonly devices: DevicesPort
  readonly hearing: HearingPort
  /** Sound and microphone on this device, or none beside another device of the same person. */
  setCompanion(on: boolean): void
  /** A text for whoever helps: no name, link, key, address or device's name is in it. */
  problemReport(): Promise<string>
  readonly quality: QualityPort
  readonly screenShare: Store<ScreenShareView>
  /** False where the browser has no `getDisplayMedia` (phones): no button is shown. */
  readonly canShareScreen: boolean
  startSharing(content: ShareContent): Promise<void>
  /** Changes a share that is under way; nothing otherwise. */
  setShareContent(content: ShareContent): void
  stopSharing(): void
  /** The whole link, for inviting. */
  readonly href: string
  readonly bell: DoorBellPort
  readonly captioning: CaptioningPort
  readonly recorder: LocalRecorderPort
  readonly recordings: KeptRecordingsPort
  readonly serverRecording: ServerRecordingPort
  /** GRP9: makes another meeting of the same title, resolves with its link; null where we hold no host key. */
  readonly renewLink: (() => Promise<string>) | null
}

/** One visit of `/m/…`, from the pre-join screen to the end. */
export interface MeetingPort {
  readonly check: Store<LobbyCheckView>
  readonly devices: DevicesPort
  /** Remembered on this device; empty at first. */
  readonly rememberedName: string
  /** Asks the server again (room unknown, unreachable). */
  checkAgain(): void
  /** Begins. Never rejects: what goes wrong shows as the meeting's phase. */
  join(choice: JoinChoice): CallPort
}

/** What `src/call` gives to `main.tsx`. */
export interface AppPort {
  home: HomePort
  recordings: KeptRecordingsPort
  /**
   * Reads the address once and takes its fragment away (LINK1). A meeting, the connection test, a link problem, or null on
   * the home page.
   * Called at start and after each navigation.
   */
  visit():
    | { readonly meeting: MeetingPort }
    | { readonly check: ConnectionTestPort }
    | { readonly problem: LinkProblem }
    | null
  /** Calls `moved` after a navigation inside the page (`HomePort.open`, `goHome`, back button). */
  onMove(moved: () => void): () => void
  goHome(): void
  goCheck(): void
  /** Back to the screen that the connection test was opened from. */
  leaveCheck(): void
}
