/**
 * What a host's word means for this page's devices (HOST3, HOST4): the engine has already stopped what it said, here the
 * toggles follow, and a source that the rules forbid is not left on.
 */
import type { MeetingView } from '@huisclos/participant'
import type { DevicesModel } from './devices-model.ts'

type View = MeetingView<MediaStreamTrack>

export interface HostObedienceDeps {
  devices: Pick<DevicesModel, 'setOn' | 'view'>
  stopSharing(): void
}

export class HostObedience {
  readonly #deps: HostObedienceDeps
  #wasUnmuted = false
  #noticed = 0

  constructor(deps: HostObedienceDeps) {
    this.#deps = deps
  }

  /** To be called when the meeting or the devices have changed. */
  look(view: View): void {
    const { devices, stopSharing } = this.#deps
    const fresh = view.notices.filter(({ id }) => id > this.#noticed)
    this.#noticed = view.notices.at(-1)?.id ?? this.#noticed
    if (fresh.some(({ kind }) => kind === 'camera-stopped')) devices.setOn('camera', false)
    const mayShare = view.selfHost || view.rules.share
    if (!mayShare || fresh.some(({ kind }) => kind === 'share-stopped')) stopSharing()
    const self = view.people.find((person) => person.self)
    const microphone = self?.streams.find(({ source }) => source === 'microphone')
    const wasMuted = microphone?.muted === true && this.#wasUnmuted
    this.#wasUnmuted = microphone !== undefined && !microphone.muted
    if (devices.view.microphone.on && (wasMuted || self?.mayUnmute === false))
      devices.setOn('microphone', false)
  }
}
