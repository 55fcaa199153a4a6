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
  /** Equal for what is one piece of hardware, such as a headset; may be empty. */
  readonly group: string
}
export type DeviceOptions = Readonly<Record<DeviceKind, readonly DeviceOption[]>>

/** The part of `navigator.mediaDevices` that is used. */
export interface MediaDevicesPort {
  getUserMedia(constraints: MediaStreamConstraints): Promise<MediaStream>
  enumerateDevices(): Promise<MediaDeviceInfo[]>
  addEventListener(type: 'devicechange', changed: () => void): void
  removeEventListener(type: 'devicechange', changed: () => void): void
}

/** What the browser says about a permission; the part of `navigator.permissions` that is used. */
export interface PermissionsPort {
  query(what: { name: PermissionName }): Promise<PermissionStatus>
}

/** `fellBack`: the wanted device is gone, and this is the default one. `id`: the device's, empty where unknown. */
export type Capture =
  | { ok: true; track: MediaStreamTrack; fellBack: boolean; id: string }
  | { ok: false; problem: DeviceProblem }

export interface CaptureWish {
  kind: CaptureKind
  /** Empty: the default one. */
  id: string
  noiseSuppression: boolean
  /** Any other device of the kind will do: the one in use was lost in the middle of a call. */
  fallOver?: boolean
}

const KINDS: Readonly<Record<MediaDeviceKind, DeviceKind>> = {
  audioinput: 'microphone',
  videoinput: 'camera',
  audiooutput: 'speaker',
}
/** Asking again changes nothing: the person or the system has to. */
const REFUSED: ReadonlySet<DeviceProblem> = new Set(['site-refused', 'system-refused', 'no-https'])
export const NO_OPTIONS: DeviceOptions = { microphone: [], camera: [], speaker: [] }

export class Devices {
  /** Null where the page is not in a secure context: then there are no devices at all. */
  readonly #port: MediaDevicesPort | null
  readonly #permissions: PermissionsPort | null

  constructor(port: MediaDevicesPort | null, permissions: PermissionsPort | null = null) {
    this.#port = port
    this.#permissions = permissions
  }

  /** Never rejects: what cannot be listed is an empty list. */
  async list(): Promise<DeviceOptions> {
    const infos = (await this.#port?.enumerateDevices().catch(() => [])) ?? []
    const of = (kind: DeviceKind) =>
      infos
        .filter((info) => KINDS[info.kind] === kind && info.deviceId !== '')
        .map(({ deviceId, label, groupId }) => ({ id: deviceId, label, group: groupId }))
    return { microphone: of('microphone'), camera: of('camera'), speaker: of('speaker') }
  }

  /** Opens the wanted device, or the default one where it is gone. Never rejects. */
  async open(wish: CaptureWish): Promise<Capture> {
    const first = await this.#try(wish)
    if (first.ok || REFUSED.has(first.problem)) return first
    const isGone = first.problem === 'gone' || first.problem === 'none'
    if (!isGone && wish.fallOver !== true) return first
    let last = first
    for (const id of await this.#others(wish)) {
      const next = await this.#try({ ...wish, id })
      if (next.ok) return { ...next, fellBack: true }
      last = next
    }
    return last
  }

  /** Calls `allowed` when the person or the browser gives a permission that was refused; the result ends it. */
  onAllowed(kind: CaptureKind, allowed: () => void): () => void {
    const ended = new AbortController()
    void this.#permission(kind).then((status) => {
      const changed = () => {
        if (status?.state === 'granted') allowed()
      }
      status?.addEventListener('change', changed, { signal: ended.signal })
    })
    return () => ended.abort()
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
      if (!track) return { ok: false, problem: 'none' }
      return { ok: true, track, fellBack: false, id: track.getSettings().deviceId ?? '' }
    } catch (error) {
      const problem = problemOf(error)
      const isSystem = problem === 'site-refused' && (await this.#permission(wish.kind))?.state === 'granted'
      return { ok: false, problem: isSystem ? 'system-refused' : problem }
    }
  }

  /** Where else to try: the default device, then, where any will do, each other one. */
  async #others({ kind, id, fallOver }: CaptureWish): Promise<string[]> {
    const first = id === '' ? [] : ['']
    if (fallOver !== true) return first
    const options = await this.list()
    return [...first, ...options[kind].map((option) => option.id).filter((other) => other !== id)]
  }

  /** Null where the browser does not tell (Firefox knows these names only of late). */
  async #permission(kind: CaptureKind): Promise<PermissionStatus | null> {
    try {
      return (await this.#permissions?.query({ name: kind })) ?? null
    } catch {
      return null
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
  const port = globalThis.isSecureContext ? (navigator.mediaDevices ?? null) : null
  return new Devices(port, navigator.permissions ?? null)
}
