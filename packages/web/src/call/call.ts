/**
 * One call from the press of "Join" to its end: the meeting, what the devices send, screen sharing, a farewell when the
 * page goes, and the host's browser bringing a forgotten room back. View model without React.
 */

import type { MeetingControls, MeetingOptions } from '@huisclos/participant'
import type { MediaStatistics } from '../platform/media-statistics.ts'
import type { CallPort, ShareContent } from '../ui/ports.ts'
import type { DevicesModel } from './devices-model.ts'
import type { Engine } from './engine.ts'
import { LateMeeting } from './late-meeting.ts'
import { pageDisplay, ScreenShare } from './screen-share.ts'
import { sendDevices } from './sent-devices.ts'

export interface CallSetup {
  options: MeetingOptions
  devices: DevicesModel
  withDevices: boolean
  href: string
  /** Loads the engine and makes the meeting. */
  load(options: MeetingOptions): Promise<Engine>
  /** Tells the server a room of ours again; see `Home.bringBack`. */
  bringBack(room: string): Promise<boolean>
}

const BRING_BACK_EVERY_MS = 5_000

export class Call implements CallPort {
  readonly meeting: LateMeeting
  readonly devices: DevicesModel
  readonly screenShare: ScreenShare
  readonly href: string
  readonly #setup: CallSetup
  #engine: Engine | null = null
  #isOver = false
  #wasUnmuted = false
  #broughtBackAt = Number.NEGATIVE_INFINITY
  #stopSending: () => void = () => {}

  constructor(setup: CallSetup) {
    this.#setup = setup
    this.devices = setup.devices
    this.href = setup.href
    this.meeting = new LateMeeting(async () => {
      this.#engine = await setup.load(setup.options)
      return this.#engine.meeting
    })
    this.screenShare = new ScreenShare(this.meeting, pageDisplay())
    if (!setup.withDevices) joinBare(setup.devices)
    this.#stopSending = sendDevices(setup.devices, this.meeting)
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

  /** For the shield, tests and benches; null while media is closed. */
  stats(): Promise<MediaStatistics | null> {
    return this.#engine?.stats() ?? Promise.resolve(null)
  }

  /** The page goes on to another place: hangs up and lets the devices go. */
  close(): void {
    removeEventListener('pagehide', this.#farewell)
    this.#stopSending()
    this.screenShare.stop()
    this.devices.close()
    void this.meeting.leave().catch(() => undefined)
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
    if (view.phase.at === 'waiting-room-unknown') this.#bringBack()
    this.#obeyMute()
  }

  /** The engine muted us (a host asked): the toggle must say so. */
  #obeyMute(): void {
    const self = this.meeting.view.people.find((person) => person.self)
    const microphone = self?.streams.find(({ source }) => source === 'microphone')
    if (microphone?.muted && this.devices.view.microphone.on && this.#wasUnmuted) {
      this.devices.setOn('microphone', false)
    }
    this.#wasUnmuted = microphone !== undefined && !microphone.muted
  }

  #bringBack(): void {
    const now = Date.now()
    if (now - this.#broughtBackAt < BRING_BACK_EVERY_MS) return
    this.#broughtBackAt = now
    void this.#setup.bringBack(this.#setup.options.link.room)
  }
}

/** Off and let go: a microphone that is merely off would still listen to itself. */
function joinBare(devices: DevicesModel): void {
  for (const kind of ['microphone', 'camera'] as const) devices.setOn(kind, false)
  devices.suspend()
}
