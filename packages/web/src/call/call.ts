/**
 * One call from the press of "Join" to its end: the meeting, what the devices send, screen sharing, a farewell when the
 * page goes, and the host's browser bringing a forgotten room back. View model without React.
 */

import { encodeBase64url } from '@huisclos/crypto/bytes'
import { deriveOwnerToken } from '@huisclos/crypto/link'
import type { MeetingControls, MeetingOptions } from '@huisclos/participant'
import { PROTOCOL_VERSIONS } from '@huisclos/protocol'
import type { DeviceMemory } from '../platform/device-memory.ts'
import { askForNotices, noticePermission, showNotice } from '../platform/knock-notice.ts'
import { guardLeaving } from '../platform/leave-guard.ts'
import type { MediaStatistics } from '../platform/media-statistics.ts'
import { OnDeviceSpeech, pageRecogniser } from '../platform/on-device-speech.ts'
import { keepAwake } from '../platform/wake-lock.ts'
import type { CallPort, PictureMode, ShareContent } from '../ui/ports.ts'
import { Captioning, spokenLanguage } from './captioning.ts'
import type { DevicesModel } from './devices-model.ts'
import { DoorBell } from './door-bell.ts'
import type { Engine } from './engine.ts'
import { Hearing } from './hearing.ts'
import { HostObedience } from './host-obedience.ts'
import type { KeptRecordings } from './kept-recordings.ts'
import { LateMeeting } from './late-meeting.ts'
import { LocalRecorder } from './local-recorder.ts'
import { QualityWatch } from './quality-watch.ts'
import { startRecorder } from './recording-workers.ts'
import { roomApi } from './room-api.ts'
import { saveText } from './save-text.ts'
import { pageDisplay, ScreenShare } from './screen-share.ts'
import { sendDevices } from './sent-devices.ts'
import { ServerRecording } from './server-recording.ts'

export interface CallSetup {
  options: MeetingOptions
  devices: DevicesModel
  withDevices: boolean
  /** DEV8: without microphone and sound, beside another device of the same person. */
  companion: boolean
  href: string
  /** Loads the engine and makes the meeting. */
  load(options: MeetingOptions): Promise<Engine>
  /** Tells the server a room of ours again; see `Home.bringBack`. */
  bringBack(room: string): Promise<boolean>
  /** Makes another meeting of the same title; null where we hold no host key. */
  renewLink: (() => Promise<string>) | null
  recordings: KeptRecordings
  memory: DeviceMemory
}

const BRING_BACK_EVERY_MS = 5_000

export class Call implements CallPort {
  readonly meeting: LateMeeting
  readonly devices: DevicesModel
  readonly hearing: Hearing
  readonly quality: QualityWatch
  readonly screenShare: ScreenShare
  readonly href: string
  readonly bell: DoorBell
  readonly captioning: Captioning
  readonly renewLink: CallSetup['renewLink']
  readonly recorder: LocalRecorder
  readonly recordings: KeptRecordings
  readonly serverRecording: ServerRecording
  readonly #obedience: HostObedience
  readonly #setup: CallSetup
  #engine: Engine | null = null
  #isOver = false

  #broughtBackAt = Number.NEGATIVE_INFINITY
  #stopSending: () => void = () => {}
  #endVigil: (() => void) | null = null

  constructor(setup: CallSetup) {
    this.#setup = setup
    this.devices = setup.devices
    this.href = setup.href
    this.renewLink = setup.renewLink
    this.bell = new DoorBell({
      permission: noticePermission,
      ask: askForNotices,
      notify: showNotice,
      sound: async () => {
        if (!this.hearing.view.silent) await setup.devices.testSpeaker()
      },
      isHidden: () => document.visibilityState === 'hidden',
    })
    this.#obedience = new HostObedience({
      devices: setup.devices,
      stopSharing: () => this.screenShare.stop(),
    })
    this.meeting = new LateMeeting(async () => {
      this.#engine = await setup.load(setup.options)
      this.#engine.limitCamera(this.hearing.view.pictures !== 'all')
      return this.#engine.meeting
    })
    this.hearing = new Hearing(
      (leaf, source, size) => this.meeting.wantNow(leaf, source, size),
      (mode) => this.#onPictures(mode),
    )
    this.meeting.limitWant = (leaf, source, size) => this.hearing.wish(leaf, source, size)
    this.quality = new QualityWatch({
      stats: () => this.stats(),
      people: () => this.meeting.view.people,
      now: () => Date.now(),
    })
    this.quality.start()
    this.screenShare = new ScreenShare(this.meeting, pageDisplay())
    this.captioning = new Captioning({
      speech: new OnDeviceSpeech(pageRecogniser()),
      devices: setup.devices,
      say: (words) => this.meeting.caption(words),
      language: spokenLanguage(navigator.languages),
    })
    this.recordings = setup.recordings
    this.recorder = this.#newRecorder()
    this.serverRecording = orderRecordings(this.meeting, setup)
    this.recorder.subscribe(() => this.hearing.setRecording(this.recorder.view.at === 'on'))
    if (!setup.withDevices) joinBare(setup.devices)
    if (setup.companion) this.setCompanion(true)
    const stopSending = sendDevices(setup.devices, this.meeting)
    const stopLooking = setup.devices.subscribe(() => this.#obedience.look(this.meeting.view))
    this.#stopSending = () => {
      stopSending()
      stopLooking()
    }
    addEventListener('pagehide', this.#farewell)
    this.meeting.subscribe(() => this.#onChanged(this.meeting))
    void this.meeting.start().catch(() => undefined)
  }

  get canShareScreen(): boolean {
    return this.screenShare.isPossible
  }

  startSharing = (content: ShareContent): Promise<void> => this.screenShare.start(content)

  setShareContent = (content: ShareContent): void => void this.screenShare.setContent(content)

  stopSharing = (): void => this.screenShare.stop()

  setCompanion = (on: boolean): void => {
    this.devices.setCompanion(on)
    this.hearing.setSilent(on)
  }

  problemReport = async (): Promise<string> => {
    const { problemReport } = await import('./problem-report.ts')
    return problemReport({
      userAgent: navigator.userAgent,
      language: document.documentElement.lang === 'fr' ? 'fr' : 'en',
      protocolVersion: PROTOCOL_VERSIONS[0],
      secureContext: isSecureContext,
      visible: document.visibilityState === 'visible',
      widthPx: innerWidth,
      heightPx: innerHeight,
      now: Date.now(),
      devices: this.devices.view,
      hearing: this.hearing.view,
      meeting: this.meeting.view,
      statistics: await this.stats().catch(() => null),
    })
  }

  /** For the shield, tests and benches; null while media is closed. */
  stats(): Promise<MediaStatistics | null> {
    return this.#engine?.stats() ?? Promise.resolve(null)
  }

  /** The page goes on to another place: hangs up and lets the devices go. */
  close(): void {
    removeEventListener('pagehide', this.#farewell)
    this.#stopSending()
    this.quality.close()
    this.captioning.close()
    this.#keepVigil(false)
    this.screenShare.stop()
    this.recorder.close()
    this.devices.close()
    void this.meeting.leave().catch(() => undefined)
  }

  #newRecorder(): LocalRecorder {
    return new LocalRecorder({
      meeting: this.meeting,
      frames: () => this.#engine?.frames ?? null,
      startWorker: startRecorder,
      now: () => performance.timeOrigin + performance.now(),
      kept: () => void this.recordings.look(),
    })
  }

  #farewell = (): void => this.meeting.farewell()

  #onChanged({ view }: MeetingControls<MediaStreamTrack>): void {
    if (view.phase.at === 'ended') {
      this.screenShare.stop()
      this.devices.suspend()
    } else if (this.#isOver) {
      this.devices.resume()
    }
    this.#isOver = view.phase.at === 'ended'
    this.#keepVigil(view.phase.at === 'in' || view.phase.at === 'reconnecting')
    this.hearing.meet(view.people)
    this.captioning.meet(view)
    if (view.phase.at === 'waiting-room-unknown') this.#bringBack()
    this.#obedience.look(view)
  }

  /** DEV11: while the call lasts the screen stays on, and no tab is closed by mistake. */
  #keepVigil(on: boolean): void {
    if (on === (this.#endVigil !== null)) return
    this.#endVigil?.()
    this.#endVigil = on ? vigil() : null
  }

  #onPictures(mode: PictureMode): void {
    this.#engine?.limitCamera(mode !== 'all')
    if (mode === 'none') this.devices.setOn('camera', false)
  }

  #bringBack(): void {
    const now = Date.now()
    if (now - this.#broughtBackAt < BRING_BACK_EVERY_MS) return
    this.#broughtBackAt = now
    void this.#setup.bringBack(this.#setup.options.link.room)
  }
}

function vigil(): () => void {
  const ends = [keepAwake(), guardLeaving()]
  return () => {
    for (const end of ends) end()
  }
}

/** Off and let go: a microphone that is merely off would still listen to itself. */
function joinBare(devices: DevicesModel): void {
  for (const kind of ['microphone', 'camera'] as const) devices.setOn(kind, false)
  devices.suspend()
}

function orderRecordings(meeting: LateMeeting, { options, memory }: CallSetup): ServerRecording {
  const { hostSeed, link } = options
  return new ServerRecording({
    meeting,
    policy: async () => (await roomApi().config()).recording,
    loadKeys: () => import('@huisclos/crypto/seal'),
    memory: {
      read: () => memory.read('recording-key'),
      write: (text) => memory.write('recording-key', text),
    },
    origin: location.origin,
    ownerToken: hostSeed ? () => encodeBase64url(deriveOwnerToken(hostSeed, link.room)) : null,
    saveFile: saveText,
    now: () => Date.now(),
  })
}
