/**
 * Microphones, cameras and speakers of this machine: listing, opening with a way back to the default one, and what the
 * device remembers. `localStorage` holds device ids, the wish for noise suppression and the person's name, nothing of
 * any meeting. The browser's objects are injected, so that every failure can be tested.
 */
import type { DeviceProblem } from './device-problem.ts'
import { problemOf } from './device-problem.ts'

export type DeviceKind = 'microphone' | 'camera' | 'speaker'
export type CaptureKind = 'microphone' | 'camera'

export interface DeviceOption {
  readonly id: string
  /** Empty before permission was given. */
  readonly label: string
}
export type DeviceOptions = Readonly<Record<DeviceKind, readonly DeviceOption[]>>

/** The part of `navigator.mediaDevices` that is used. */
export interface MediaDevicesPort {
  getUserMedia(constraints: MediaStreamConstraints): Promise<MediaStream>
  enumerateDevices(): Promise<MediaDeviceInfo[]>
  addEventListener(type: 'devicechange', changed: () => void): void
  removeEventListener(type: 'devicechange', changed: () => void): void
}

/** `fellBack`: the wanted device is gone, and this is the default one. */
export type Capture =
  | { ok: true; track: MediaStreamTrack; fellBack: boolean }
  | { ok: false; problem: DeviceProblem }

export interface CaptureWish {
  kind: CaptureKind
  /** Empty: the default one. */
  id: string
  noiseSuppression: boolean
}

const KINDS: Readonly<Record<MediaDeviceKind, DeviceKind>> = {
  audioinput: 'microphone',
  videoinput: 'camera',
  audiooutput: 'speaker',
}
export const NO_OPTIONS: DeviceOptions = { microphone: [], camera: [], speaker: [] }

export class Devices {
  /** Null where the page is not in a secure context: then there are no devices at all. */
  readonly #port: MediaDevicesPort | null

  constructor(port: MediaDevicesPort | null) {
    this.#port = port
  }

  /** Never rejects: what cannot be listed is an empty list. */
  async list(): Promise<DeviceOptions> {
    const infos = (await this.#port?.enumerateDevices().catch(() => [])) ?? []
    const of = (kind: DeviceKind) =>
      infos
        .filter((info) => KINDS[info.kind] === kind && info.deviceId !== '')
        .map(({ deviceId, label }) => ({ id: deviceId, label }))
    return { microphone: of('microphone'), camera: of('camera'), speaker: of('speaker') }
  }

  /** Opens the wanted device, or the default one where it is gone. Never rejects. */
  async open(wish: CaptureWish): Promise<Capture> {
    const first = await this.#try(wish)
    if (first.ok || wish.id === '') return first
    if (first.problem !== 'gone' && first.problem !== 'none') return first
    const second = await this.#try({ ...wish, id: '' })
    return second.ok ? { ...second, fellBack: true } : second
  }

  /** Calls `changed` when something was plugged in or out; the result ends it. */
  onChange(changed: () => void): () => void {
    this.#port?.addEventListener('devicechange', changed)
    return () => this.#port?.removeEventListener('devicechange', changed)
  }

  async #try(wish: CaptureWish): Promise<Capture> {
    if (!this.#port) return { ok: false, problem: problemOf(null, false) }
    try {
      const stream = await this.#port.getUserMedia(constraintsFor(wish))
      const track = stream.getTracks()[0]
      return track ? { ok: true, track, fellBack: false } : { ok: false, problem: 'none' }
    } catch (error) {
      return { ok: false, problem: problemOf(error) }
    }
  }
}

/** Never fails for a size or rate that a camera does not have: only the device itself is exact. */
export function constraintsFor({ kind, id, noiseSuppression }: CaptureWish): MediaStreamConstraints {
  const which = id === '' ? {} : { deviceId: { exact: id } }
  if (kind === 'camera') {
    const size = { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 30, max: 30 } }
    return { video: { ...which, ...size } }
  }
  return {
    audio: { ...which, noiseSuppression, echoCancellation: true, autoGainControl: true, channelCount: 1 },
  }
}

/** This page's devices, or none where the browser gives none. */
export function pageDevices(): Devices {
  return new Devices(globalThis.isSecureContext ? (navigator.mediaDevices ?? null) : null)
}
