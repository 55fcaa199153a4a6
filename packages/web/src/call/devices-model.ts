/**
 * Microphone, camera and speaker as a person handles them, before and during a call: what they want, what they have,
 * what went wrong, and what they would like to know. View model without React; never blocks on a failure.
 */

import type { DeviceMemory } from '../platform/device-memory.ts'
import { deviceMemory } from '../platform/device-memory.ts'
import type { CaptureKind, DeviceKind, Devices } from '../platform/devices.ts'
import { NO_OPTIONS, pageDevices } from '../platform/devices.ts'
import type { Meter } from '../platform/sound.ts'
import { canChooseSpeaker, meter, playTestTone } from '../platform/sound.ts'
import type { CaptureView, DevicesPort, DevicesView } from '../ui/ports.ts'
import { Snapshot } from './snapshot.ts'
import { VoiceWatch } from './voice-watch.ts'

export interface DevicesPorts {
  devices: Devices
  memory: DeviceMemory
  startMeter(track: MediaStreamTrack): Meter
  playTone(speakerId: string): Promise<void>
  speakerSelectable: boolean
}

const METER_EVERY_MS = 50
const OFF: CaptureView = { on: false, state: 'off', problem: null }

/** This page's devices. */
export const pageDevicesPorts = (): DevicesPorts => ({
  devices: pageDevices(),
  memory: deviceMemory(),
  startMeter: meter,
  playTone: playTestTone,
  speakerSelectable: canChooseSpeaker(),
})

export class DevicesModel extends Snapshot<DevicesView> implements DevicesPort {
  readonly #ports: DevicesPorts
  readonly #tracks: Record<CaptureKind, MediaStreamTrack | null> = { microphone: null, camera: null }
  /** Rises with every wish, so that a device that opens late for an older one is let go. */
  readonly #turns: Record<CaptureKind, number> = { microphone: 0, camera: 0 }
  readonly #trackWatchers = new Set<(kind: CaptureKind, track: MediaStreamTrack | null) => void>()
  readonly #levelWatchers = new Set<(level: number) => void>()
  readonly #voice = new VoiceWatch()
  readonly #endings: (() => void)[] = []
  #meter: Meter | null = null

  constructor(ports: DevicesPorts) {
    const { memory } = ports
    super({
      microphone: OFF,
      camera: OFF,
      cameraTrack: null,
      options: NO_OPTIONS,
      chosen: {
        microphone: memory.read('microphone'),
        camera: memory.read('camera'),
        speaker: memory.read('speaker'),
      },
      speakerSelectable: ports.speakerSelectable,
      noiseSuppression: memory.read('noise-suppression') !== 'off',
      hint: null,
    })
    this.#ports = ports
    this.#endings.push(ports.devices.onChange(() => void this.#onDevicesChanged()))
    const metering = setInterval(() => this.#measure(), METER_EVERY_MS)
    this.#endings.push(() => clearInterval(metering))
    void this.#list()
  }

  /** The track that is sent from a source now, if any. The microphone's lives on while it is off (see `setOn`). */
  track(kind: CaptureKind): MediaStreamTrack | null {
    return this.#tracks[kind]
  }

  /** Calls `changed` with each new track, or null when it has ended; the result ends it. */
  onTrack(changed: (kind: CaptureKind, track: MediaStreamTrack | null) => void): () => void {
    this.#trackWatchers.add(changed)
    return () => this.#trackWatchers.delete(changed)
  }

  /** A camera that is off is let go, so that its light goes out; a microphone goes on listening to itself only. */
  setOn = (kind: CaptureKind, on: boolean): void => {
    if (this.view[kind].on === on) return
    if (kind === 'microphone') this.#onMicrophoneToggled(on)
    if (kind === 'microphone' && on && this.#tracks.microphone) {
      this.patch({ microphone: { on, state: 'live', problem: null } })
    } else if (on) {
      this.#begin(kind)
    } else {
      this.patch({ [kind]: OFF })
      if (kind === 'camera') this.#stop(kind)
    }
  }

  choose = (kind: DeviceKind, id: string): void => {
    this.#ports.memory.write(kind, id)
    this.patch({ chosen: { ...this.view.chosen, [kind]: id } })
    if (kind !== 'speaker' && this.view[kind].on) this.#begin(kind)
    else if (kind === 'microphone') this.#stop(kind)
  }

  setNoiseSuppression = (on: boolean): void => {
    this.#ports.memory.write('noise-suppression', on ? 'on' : 'off')
    this.patch({ noiseSuppression: on })
    if (this.view.microphone.on) this.#begin('microphone')
    else this.#stop('microphone')
  }

  retry = (kind: CaptureKind): void => this.#begin(kind)

  testSpeaker = (): Promise<void> => this.#ports.playTone(this.view.chosen.speaker)

  dismissHint = (): void => this.patch({ hint: null })

  onLevel = (heard: (level: number) => void): (() => void) => {
    // A fresh function, so that one callback may listen twice.
    const watcher = (level: number) => heard(level)
    this.#levelWatchers.add(watcher)
    return () => this.#levelWatchers.delete(watcher)
  }

  /** Lets every device go without forgetting what was on: nothing is to be seen or heard for the moment. */
  suspend(): void {
    for (const kind of ['microphone', 'camera'] as const) {
      this.#stop(kind)
      this.patch({ [kind]: { ...OFF, on: this.view[kind].on } })
    }
  }

  /** Takes what was on up again. */
  resume(): void {
    for (const kind of ['microphone', 'camera'] as const) {
      const { on, state } = this.view[kind]
      if (on && state === 'off') this.#begin(kind)
    }
  }

  /** Lets every device go, for good. */
  close(): void {
    for (const kind of ['microphone', 'camera'] as const) {
      this.patch({ [kind]: OFF })
      this.#stop(kind)
    }
    for (const end of this.#endings) end()
  }

  #begin(kind: CaptureKind): void {
    this.patch({ [kind]: { on: true, state: 'starting', problem: null } })
    void this.#capture(kind)
  }

  async #capture(kind: CaptureKind): Promise<void> {
    const turn = ++this.#turns[kind]
    const { chosen, noiseSuppression } = this.view
    const capture = await this.#ports.devices.open({ kind, id: chosen[kind], noiseSuppression })
    if (turn !== this.#turns[kind]) {
      if (capture.ok) capture.track.stop()
      return
    }
    if (!capture.ok) {
      this.#use(kind, null)
      this.patch({ [kind]: { on: true, state: 'failed', problem: capture.problem } })
      return
    }
    this.#use(kind, capture.track)
    this.patch({
      [kind]: { on: this.view[kind].on, state: this.view[kind].on ? 'live' : 'off', problem: null },
    })
    if (capture.fellBack) this.patch({ hint: 'fell-back' })
    await this.#list()
  }

  #stop(kind: CaptureKind): void {
    this.#turns[kind]++
    this.#use(kind, null)
  }

  #use(kind: CaptureKind, track: MediaStreamTrack | null): void {
    const former = this.#tracks[kind]
    this.#tracks[kind] = track
    if (track) track.addEventListener('ended', () => this.#onEnded(kind, track))
    if (kind === 'camera') this.patch({ cameraTrack: track })
    else this.#remeter(track)
    for (const watcher of [...this.#trackWatchers]) watcher(kind, track)
    former?.stop()
  }

  /** The device was unplugged, or the person took the permission away: another takes over where there is one. */
  #onEnded(kind: CaptureKind, track: MediaStreamTrack): void {
    if (this.#tracks[kind] !== track) return
    if (this.view[kind].on) {
      this.#begin(kind)
      this.patch({ hint: 'fell-back' })
    } else {
      this.#stop(kind)
    }
  }

  /** Something was plugged in: whoever had none gets it ("we'll notice"). */
  async #onDevicesChanged(): Promise<void> {
    await this.#list()
    for (const kind of ['microphone', 'camera'] as const) {
      const { on, problem } = this.view[kind]
      if (on && (problem === 'none' || problem === 'gone') && this.view.options[kind].length > 0)
        this.#begin(kind)
    }
  }

  async #list(): Promise<void> {
    this.patch({ options: await this.#ports.devices.list() })
  }

  #remeter(track: MediaStreamTrack | null): void {
    this.#meter?.stop()
    this.#meter = track ? this.#ports.startMeter(track) : null
    this.#voice.reset()
  }

  #onMicrophoneToggled(on: boolean): void {
    this.#voice.reset()
    if (on && this.view.hint === 'talking-while-muted') this.dismissHint()
  }

  #measure(): void {
    const level = this.#meter?.read() ?? 0
    for (const watcher of [...this.#levelWatchers]) watcher(this.view.microphone.on ? level : 0)
    if (!this.#meter) return
    const noticed = this.#voice.hear(level, this.view.microphone.on, METER_EVERY_MS)
    if (noticed === 'sound-again' && this.view.hint === 'silent-microphone') this.dismissHint()
    if (noticed === 'talking-while-muted' || noticed === 'silent-microphone') this.patch({ hint: noticed })
  }
}
