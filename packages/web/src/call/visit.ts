/**
 * One visit of `/m/…`, from the pre-join screen to the end: the check of the room, the devices, the name, and the call
 * once the person joins. Closing it lets everything go.
 */

import type { MeetingLink } from '@huisclos/crypto/link'
import type { MeetingOptions } from '@huisclos/participant'
import type { DeviceMemory } from '../platform/device-memory.ts'
import type { JoinChoice, LobbyCheckView, MeetingPort } from '../ui/ports.ts'
import { Call } from './call.ts'
import type { DevicesModel } from './devices-model.ts'
import type { Engine } from './engine.ts'
import type { KeptRecordings } from './kept-recordings.ts'
import type { OwnMeeting } from './meeting-shelf.ts'
import type { RoomCheck } from './room-check.ts'

export interface VisitPorts {
  link: MeetingLink
  href: string
  check: RoomCheck
  devices: DevicesModel
  memory: DeviceMemory
  own(): OwnMeeting | undefined
  bringBack(room: string): Promise<boolean>
  /** Makes another meeting like this one of our own and resolves with its link. */
  renewLink(): Promise<string>
  recordings: KeptRecordings
  load(options: MeetingOptions): Promise<Engine>
  /** Brings the engine's code in the background, so that joining is quick. */
  preload(): void
}

export class Visit implements MeetingPort {
  readonly check: RoomCheck
  readonly devices: DevicesModel
  readonly #ports: VisitPorts
  readonly #endWatch: () => void
  #call: Call | null = null

  constructor(ports: VisitPorts) {
    this.#ports = ports
    this.check = ports.check
    this.devices = ports.devices
    for (const kind of ['microphone', 'camera'] as const) ports.devices.setOn(kind, true)
    this.#endWatch = ports.check.subscribe(() => this.#onChecked())
    void ports.check.run()
    ports.preload()
  }

  get rememberedName(): string {
    return this.#ports.memory.read('name')
  }

  /** The call that was begun, for statistics. */
  get call(): Call | null {
    return this.#call
  }

  checkAgain = (): void => void this.check.run()

  join = ({ name, withDevices, companion }: JoinChoice): Call => {
    const { link, href, devices, memory, own, bringBack, renewLink, load, recordings } = this.#ports
    this.#endWatch()
    this.check.close()
    this.#call?.close()
    if (name !== '') memory.write('name', name)
    this.#call = new Call({
      options: meetingOptions(link, name, own()),
      devices,
      withDevices,
      companion,
      href,
      load,
      bringBack,
      recordings,
      memory,
      renewLink: own() ? renewLink : null,
    })
    return this.#call
  }

  #onChecked(): void {
    if (CLOSED.has(this.check.view.room)) this.devices.suspend()
    else if (this.check.view.room === 'open') this.devices.resume()
  }

  close(): void {
    this.#endWatch()
    this.check.close()
    if (this.#call) this.#call.close()
    else this.devices.close()
  }
}

/** A page that cannot be joined shows no picture of oneself, so no camera may be on. */
const CLOSED: ReadonlySet<LobbyCheckView['room']> = new Set([
  'unknown',
  'access-refused',
  'damaged',
  'expired',
  'version',
])

function meetingOptions(link: MeetingLink, name: string, own: OwnMeeting | undefined): MeetingOptions {
  const { room, secret, hostHash } = link
  return {
    link: { room: room as MeetingOptions['link']['room'], secret, hostHash },
    name,
    ...(own ? { hostSeed: own.hostSeed, descriptorVersionSeen: own.descriptorVersion } : {}),
  }
}
