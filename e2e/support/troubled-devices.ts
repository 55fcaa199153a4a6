/**
 * A machine whose devices can be refused, in use, missing, unplugged, put to sleep: stands behind
 * `navigator.mediaDevices` and `navigator.permissions` of one page. The functions run inside the page.
 */

export type Trouble = 'fine' | 'refused' | 'in-use'

/** Where the page keeps the machine, for a test to handle. */
export interface TroubledMachine {
  trouble: Record<'microphone' | 'camera', Trouble>
  asleep: boolean
  plug(...ids: string[]): void
  unplug(...ids: string[]): void
  /** The browser's own menu: the permission of one kind changes. */
  permit(kind: 'microphone' | 'camera', state: PermissionState): void
  wake(): void
}

/**
 * Runs after `installSyntheticMedia`, before the page's own scripts. The headset sounds `headsetHz`, the built-in
 * microphone what the synthetic one does.
 */
export function installTroubledDevices(headsetHz: number, trouble: TroubledMachine['trouble']): void {
  type Kind = 'microphone' | 'camera'
  const all = [
    { id: 'built-in', kind: 'audioinput', group: 'laptop', label: 'Built-in microphone of Zed' },
    { id: 'webcam', kind: 'videoinput', group: 'laptop', label: 'Webcam of Zed' },
    { id: 'loud', kind: 'audiooutput', group: 'laptop', label: 'Loudspeaker of Zed' },
    { id: 'headset', kind: 'audioinput', group: 'headset', label: 'Headset of Zed' },
    { id: 'earphones', kind: 'audiooutput', group: 'headset', label: 'Headset of Zed' },
  ] as const
  const plugged = new Set<string>(['built-in', 'webcam', 'loud'])
  const open = new Map<MediaStreamTrack, string>()
  const devices = navigator.mediaDevices
  const synthetic = devices.getUserMedia.bind(devices)
  const end = (track: MediaStreamTrack) => {
    track.stop()
    open.delete(track)
    track.dispatchEvent(new Event('ended'))
  }
  const permissions = { microphone: new EventTarget(), camera: new EventTarget() } as Record<
    Kind,
    EventTarget & { state?: PermissionState }
  >
  const machine: TroubledMachine = {
    trouble: { ...trouble },
    asleep: false,
    plug(...ids) {
      for (const id of ids) plugged.add(id)
      devices.dispatchEvent(new Event('devicechange'))
    },
    unplug(...ids) {
      for (const id of ids) plugged.delete(id)
      for (const [track, id] of [...open]) if (ids.includes(id)) end(track)
      devices.dispatchEvent(new Event('devicechange'))
    },
    permit(kind, state) {
      machine.trouble[kind] = state === 'granted' ? 'fine' : 'refused'
      permissions[kind].state = state
      permissions[kind].dispatchEvent(new Event('change'))
    },
    wake() {
      machine.asleep = false
      document.dispatchEvent(new Event('visibilitychange'))
    },
  }
  for (const kind of ['microphone', 'camera'] as const)
    permissions[kind].state = trouble[kind] === 'refused' ? 'denied' : 'granted'
  Object.assign(window, {
    machine,
    sleepMachine: () => {
      machine.asleep = true
      for (const track of [...open.keys()]) end(track)
    },
  })
  navigator.permissions.query = async ({ name }) =>
    (name === ('microphone' as PermissionName) || name === ('camera' as PermissionName)
      ? permissions[name as Kind]
      : { state: 'prompt' }) as PermissionStatus
  const there = () => all.filter(({ id }) => plugged.has(id))
  devices.enumerateDevices = async () =>
    there().map(
      ({ id, kind, group, label }) =>
        ({ deviceId: id, kind, groupId: group, label, toJSON: () => ({}) }) as MediaDeviceInfo,
    )
  const toneOf = (hz: number): MediaStreamTrack => {
    const context = new AudioContext()
    const oscillator = context.createOscillator()
    oscillator.frequency.value = hz
    const volume = context.createGain()
    volume.gain.value = 0.4
    const out = context.createMediaStreamDestination()
    oscillator.connect(volume).connect(out)
    oscillator.start()
    void context.resume()
    return out.stream.getAudioTracks()[0] as MediaStreamTrack
  }
  devices.getUserMedia = async (wanted) => {
    const kind: Kind = wanted?.audio ? 'microphone' : 'camera'
    if (machine.trouble[kind] === 'refused') throw new DOMException('Permission denied', 'NotAllowedError')
    if (machine.trouble[kind] === 'in-use' || machine.asleep)
      throw new DOMException('Could not start', 'NotReadableError')
    const having = there().filter((one) => one.kind === (kind === 'camera' ? 'videoinput' : 'audioinput'))
    const constraint = (wanted?.audio ?? wanted?.video) as MediaTrackConstraints
    const exact = (constraint.deviceId as { exact?: string } | undefined)?.exact
    if (having.length === 0) throw new DOMException('None', 'NotFoundError')
    const device = exact === undefined ? having[0] : having.find(({ id }) => id === exact)
    if (device === undefined) throw new DOMException('Gone', 'OverconstrainedError')
    const track = device.id === 'headset' ? toneOf(headsetHz) : (await synthetic(wanted)).getTracks()[0]
    if (track === undefined) throw new DOMException('None', 'NotFoundError')
    Object.defineProperty(track, 'label', { value: device.label })
    track.getSettings = () => ({ deviceId: device.id })
    open.set(track, device.id)
    return new MediaStream([track])
  }
}
