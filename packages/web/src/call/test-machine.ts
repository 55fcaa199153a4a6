/**
 * A machine for tests: devices that can be plugged in and out, refused, held by another program, put to sleep. It stands
 * behind `Devices` as `navigator.mediaDevices` and `navigator.permissions` do in a browser.
 */
import type { CaptureKind, MediaDevicesPort, PermissionsPort } from '../platform/devices.ts'

export class FakeTrack extends EventTarget {
  readyState: 'live' | 'ended' = 'live'
  muted = false
  readonly kind: CaptureKind
  readonly device: string
  readonly label: string
  constructor(kind: CaptureKind, device: string) {
    super()
    this.kind = kind
    this.device = device
    this.label = `The ${device}`
  }
  getSettings = () => ({ deviceId: this.device })
  stop(): void {
    this.readyState = 'ended'
  }
  /** The browser ends it: the device is gone or the permission taken away. */
  end(): void {
    if (this.readyState === 'ended') return
    this.readyState = 'ended'
    this.dispatchEvent(new Event('ended'))
  }
  /** The system silences or freezes it, or lets it go on. */
  hold(muted: boolean): void {
    this.muted = muted
    this.dispatchEvent(new Event(muted ? 'mute' : 'unmute'))
  }
}

const INFO_KINDS = { microphone: 'audioinput', camera: 'videoinput', speaker: 'audiooutput' } as const
interface FakeDevice {
  kind: keyof typeof INFO_KINDS
  id: string
  group: string
}

const failure = (name: string, message = '') => Object.assign(new Error(message), { name })

export class FakeMachine implements MediaDevicesPort, PermissionsPort {
  readonly tracks: FakeTrack[] = []
  /** Constraints asked for, in order. */
  readonly asked: MediaStreamConstraints[] = []
  readonly permission = Object.assign(new EventTarget(), { state: 'granted' as PermissionState })
  #devices: FakeDevice[] = []
  readonly #busy = new Set<string>()
  #asleep = false
  /** True: the operating system refuses the browser, whatever the site's permission. */
  systemRefuses = false
  #changed: (() => void)[] = []
  #woke: () => void = () => {}

  /** `group`: same for the parts of one piece of hardware. */
  plug(kind: FakeDevice['kind'], id: string, group = id): void {
    this.#devices = [...this.#devices.filter((one) => one.id !== id), { kind, id, group }]
    this.#tell()
  }
  unplug(...ids: string[]): void {
    this.#devices = this.#devices.filter(({ id }) => !ids.includes(id))
    for (const track of this.live()) if (ids.includes(track.device)) track.end()
    this.#tell()
  }
  allow(state: PermissionState): void {
    this.permission.state = state
    if (state !== 'granted') for (const track of this.live()) track.end()
    this.permission.dispatchEvent(new Event('change'))
  }
  occupy(id: string, busy: boolean): void {
    if (busy) this.#busy.add(id)
    else this.#busy.delete(id)
  }
  /** Everything ends, and nothing opens until it wakes. */
  sleep(): void {
    this.#asleep = true
    for (const track of this.live()) track.end()
  }
  wake(): void {
    this.#asleep = false
    this.#woke()
  }
  live(kind?: CaptureKind): FakeTrack[] {
    return this.tracks.filter(
      (track) => track.readyState === 'live' && (kind === undefined || track.kind === kind),
    )
  }
  onWake = (woke: () => void) => {
    this.#woke = woke
    return () => {
      this.#woke = () => {}
    }
  }

  getUserMedia = async (wish: MediaStreamConstraints): Promise<MediaStream> => {
    this.asked.push(wish)
    const kind: CaptureKind = wish.audio ? 'microphone' : 'camera'
    const { deviceId } = (wish.audio ?? wish.video) as { deviceId?: { exact: string } }
    if (this.permission.state !== 'granted' || this.systemRefuses) throw failure('NotAllowedError')
    if (this.#asleep) throw failure('NotReadableError')
    const all = this.#devices.filter((one) => one.kind === kind)
    if (all.length === 0) throw failure('NotFoundError')
    const wanted = deviceId ? all.find(({ id }) => id === deviceId.exact) : all[0]
    if (!wanted) throw failure('OverconstrainedError')
    if (this.#busy.has(wanted.id)) throw failure('NotReadableError')
    const track = new FakeTrack(kind, wanted.id)
    this.tracks.push(track)
    return { getTracks: () => [track] } as unknown as MediaStream
  }
  enumerateDevices = async (): Promise<MediaDeviceInfo[]> =>
    this.#devices.map(
      ({ kind, id, group }) =>
        ({ kind: INFO_KINDS[kind], deviceId: id, groupId: group, label: `The ${id}` }) as MediaDeviceInfo,
    )
  query = async () => this.permission as unknown as PermissionStatus
  addEventListener = (_type: 'devicechange', changed: () => void) => void this.#changed.push(changed)
  removeEventListener = (_type: 'devicechange', changed: () => void) => {
    this.#changed = this.#changed.filter((each) => each !== changed)
  }

  #tell(): void {
    for (const changed of this.#changed) changed()
  }
}
