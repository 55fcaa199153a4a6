/**
 * Microphone, camera and speaker as a person handles them, before and during a call (DEV1–DEV8): what they want, what
 * they have, what went wrong, and what they would like to know. View model without React; never blocks on a failure,
 * and what the system takes away comes back by itself.
 */

import { blurOf, setBlur } from '../platform/background-blur.ts'
import type { DeviceMemory } from '../platform/device-memory.ts'
import { deviceMemory } from '../platform/device-memory.ts'
import type { CaptureKind, DeviceKind, DeviceOptions, Devices } from '../platform/devices.ts'
import { NO_OPTIONS, pageDevices } from '../platform/devices.ts'
import type { Meter } from '../platform/sound.ts'
import { canChooseSpeaker, meter, playTestTone } from '../platform/sound.ts'
import { onWake } from '../platform/wake.ts'
import type { CaptureView, DeviceHint, DevicesPort, DevicesView } from '../ui/ports.ts'
import { Comeback } from './comeback.ts'
import type { Plugged } from './device-plugs.ts'
import { pluggedIn, wasUnplugged } from './device-plugs.ts'
import { Snapshot } from './snapshot.ts'
import { VoiceWatch } from './voice-watch.ts'

export interface DevicesPorts {
  devices: Devices
  memory: DeviceMemory
  startMeter(track: MediaStreamTrack): Meter
  playTone(speakerId: string): Promise<void>
  /** Calls `woke` after each wake of machine or page; the result ends it. */
  onWake(woke: () => void): () => void
  speakerSelectable: boolean
}

const METER_EVERY_MS = 50
/** Shorter than this, a track muted by the system is not worth a word; nor is it opened anew. */
const HELD_MS = 2_000
const OFF: CaptureView = { on: false, state: 'off', problem: null }
const CAPTURES = ['microphone', 'camera'] as const
const SILENT_HINTS: ReadonlySet<DeviceHint['what']> = new Set(['talking-while-muted', 'companion'])

/** This page's devices. */
export const pageDevicesPorts = (): DevicesPorts => ({
  devices: pageDevices(),
  memory: deviceMemory(),
  startMeter: meter,
  playTone: playTestTone,
  onWake,
  speakerSelectable: canChooseSpeaker(),
})

export class DevicesModel extends Snapshot<DevicesView> implements DevicesPort {
  readonly #ports: DevicesPorts
  readonly #tracks: Record<CaptureKind, MediaStreamTrack | null> = { microphone: null, camera: null }
  /** Rises with every wish, so that a device that opens late for an older one is let go. */
  readonly #turns: Record<CaptureKind, number> = { microphone: 0, camera: 0 }
  readonly #comebacks: Record<CaptureKind, Comeback> = {
    microphone: new Comeback(() => this.#lookAgain('microphone')),
    camera: new Comeback(() => this.#lookAgain('camera')),
  }
  readonly #trackWatchers = new Set<(kind: CaptureKind, track: MediaStreamTrack | null) => void>()
  readonly #levelWatchers = new Set<(level: number) => void>()
  readonly #voice = new VoiceWatch()
  readonly #endings: (() => void)[] = []
  /** Of the last device that worked, if any; browsers give one piece of hardware several ids. */
  readonly #lastLabels: Record<CaptureKind, string | null> = { microphone: null, camera: null }
  #meter: Meter | null = null
  #offer: Plugged | null = null
  #isSuspended = false

  constructor(ports: DevicesPorts) {
    super(firstView(ports))
    this.#ports = ports
    this.#endings.push(ports.devices.onChange(() => void this.#onDevicesChanged()))
    this.#endings.push(ports.onWake(() => this.#onWake()))
    for (const kind of CAPTURES)
      this.#endings.push(ports.devices.onAllowed(kind, () => this.#onAllowed(kind)))
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
    const isBarred = kind === 'microphone' && on && this.view.companion
    if (isBarred) this.patch({ hint: { what: 'companion' } })
    if (isBarred || this.view[kind].on === on) return
    if (kind === 'microphone') this.#onMicrophoneToggled(on)
    if (kind === 'microphone' && on && this.#tracks.microphone) {
      this.patch({ microphone: { on, state: 'live', problem: null } })
    } else if (on) {
      this.#begin(kind)
    } else {
      this.#comebacks[kind].stop()
      this.patch({ [kind]: OFF })
      this.#dismissIf((hint) => hint.what === 'held' && hint.kind === kind)
      if (kind === 'camera') this.#stop(kind)
    }
  }

  choose = (kind: DeviceKind, id: string): void => {
    this.#ports.memory.write(kind, id)
    this.patch({ chosen: { ...this.view.chosen, [kind]: id } })
    this.#setInUse(kind, id)
    if (kind === 'speaker') return
    if (this.view[kind].on) this.#begin(kind)
    else if (kind === 'microphone') this.#stop(kind)
  }

  setNoiseSuppression = (on: boolean): void => {
    this.#ports.memory.write('noise-suppression', on ? 'on' : 'off')
    this.patch({ noiseSuppression: on })
    if (this.view.microphone.on) this.#begin('microphone')
    else this.#stop('microphone')
  }

  setBackgroundBlur = (on: boolean): void => {
    this.#ports.memory.write('background-blur', on ? 'on' : 'off')
    void this.#blur()
  }

  /** Without sound beside another device of the same person: the microphone is let go and stays off (DEV8). */
  setCompanion(on: boolean): void {
    this.patch({ companion: on })
    if (on) {
      this.setOn('microphone', false)
      this.#stop('microphone')
    } else {
      this.#dismissIf((hint) => hint.what === 'companion')
    }
  }

  retry = (kind: CaptureKind): void => this.#begin(kind)

  testSpeaker = (): Promise<void> => this.#ports.playTone(this.view.inUse.speaker)

  dismissHint = (): void => this.patch({ hint: null })

  takeOffer = (): void => {
    const offer = this.#offer
    this.#offer = null
    this.dismissHint()
    for (const [kind, id] of Object.entries(offer?.ids ?? {})) this.choose(kind as DeviceKind, id)
  }

  onLevel = (heard: (level: number) => void): (() => void) => {
    // A fresh function, so that one callback may listen twice.
    const watcher = (level: number) => heard(level)
    this.#levelWatchers.add(watcher)
    return () => this.#levelWatchers.delete(watcher)
  }

  /** Lets every device go without forgetting what was on: nothing is to be seen or heard for the moment. */
  suspend(): void {
    this.#isSuspended = true
    for (const kind of CAPTURES) {
      this.#stop(kind)
      this.patch({ [kind]: { ...OFF, on: this.view[kind].on } })
    }
  }

  /** Takes what was on up again. */
  resume(): void {
    this.#isSuspended = false
    for (const kind of CAPTURES) {
      const { on, state } = this.view[kind]
      if (on && state === 'off') this.#begin(kind)
    }
  }

  /** Lets every device go, for good. */
  close(): void {
    for (const kind of CAPTURES) {
      this.patch({ [kind]: OFF })
      this.#stop(kind)
    }
    for (const end of this.#endings) end()
  }

  #begin(kind: CaptureKind, fallOver = false): void {
    this.#isSuspended = false
    this.patch({ [kind]: { on: true, state: 'starting', problem: null } })
    void this.#capture(kind, fallOver)
  }

  /** Opens the device; while it lasts, the view stays as it is. `fallOver`: any other of its kind will do. */
  async #capture(kind: CaptureKind, fallOver: boolean): Promise<void> {
    const turn = ++this.#turns[kind]
    const { chosen, inUse, noiseSuppression } = this.view
    // What was lost is looked for where it was, which need not be what was once chosen.
    const id = fallOver && inUse[kind] !== '' ? inUse[kind] : chosen[kind]
    const capture = await this.#ports.devices.open({ kind, id, noiseSuppression, fallOver })
    if (turn !== this.#turns[kind]) {
      if (capture.ok) capture.track.stop()
      return
    }
    if (!capture.ok) {
      this.#use(kind, null)
      this.patch({ [kind]: { on: true, state: 'failed', problem: capture.problem } })
      if (fallOver && COMES_BACK.has(capture.problem)) this.#comebacks[kind].again()
      return
    }
    this.#comebacks[kind].worked()
    const { label } = capture.track
    const former = this.#lastLabels[kind]
    const isOther = former !== null && (label === '' || label !== former)
    this.#lastLabels[kind] = label
    this.#use(kind, capture.track)
    const { on } = this.view[kind]
    this.patch({ [kind]: { on, state: on ? 'live' : 'off', problem: null } })
    if (kind === 'camera') await this.#blur()
    await this.#list()
    // Some browsers give a track no id.
    this.#setInUse(kind, capture.id !== '' ? capture.id : capture.fellBack ? '' : id)
    // After a sleep the very same device comes back: nothing to tell.
    if (fallOver && isOther) this.patch({ hint: { what: 'unplugged', kind, label } })
    else if (capture.fellBack && !fallOver) this.patch({ hint: { what: 'saved-gone', kind } })
  }

  #stop(kind: CaptureKind): void {
    this.#turns[kind]++
    this.#comebacks[kind].stop()
    this.#use(kind, null)
  }

  #use(kind: CaptureKind, track: MediaStreamTrack | null): void {
    const former = this.#tracks[kind]
    this.#tracks[kind] = track
    track?.addEventListener('ended', () => this.#onEnded(kind, track))
    track?.addEventListener('mute', () => this.#watchHeld(kind, track, false))
    track?.addEventListener('unmute', () =>
      this.#dismissIf((hint) => hint.what === 'held' && hint.kind === kind),
    )
    if (kind === 'camera') this.patch({ cameraTrack: track })
    else this.#remeter(track)
    for (const watcher of [...this.#trackWatchers]) watcher(kind, track)
    former?.stop()
  }

  /** The device was unplugged, or the person took the permission away: another takes over where there is one. */
  #onEnded(kind: CaptureKind, track: MediaStreamTrack): void {
    if (this.#tracks[kind] !== track) return
    if (this.view[kind].on) this.#begin(kind, true)
    else this.#stop(kind)
  }

  /** The system has silenced or frozen a track. `reopen`: after a wake, one that stays so is opened anew. */
  #watchHeld(kind: CaptureKind, track: MediaStreamTrack, reopen: boolean): void {
    setTimeout(() => {
      if (this.#tracks[kind] !== track || !track.muted || !this.view[kind].on) return
      if (reopen) this.#begin(kind, true)
      else this.patch({ hint: { what: 'held', kind } })
    }, HELD_MS)
  }

  #onWake(): void {
    for (const kind of CAPTURES) {
      const track = this.#tracks[kind]
      if (this.#isSuspended || !this.view[kind].on) continue
      if (track?.readyState === 'ended') this.#onEnded(kind, track)
      else if (track?.muted) this.#watchHeld(kind, track, true)
      else this.#lookAgain(kind)
    }
  }

  /** Tries a failed device again without a word until it works. What was refused is left to the person. */
  #lookAgain(kind: CaptureKind): void {
    const { on, state, problem } = this.view[kind]
    if (on && state === 'failed' && problem && COMES_BACK.has(problem)) void this.#capture(kind, true)
  }

  #onAllowed(kind: CaptureKind): void {
    const { on, problem } = this.view[kind]
    if (on && (problem === 'site-refused' || problem === 'system-refused')) this.#begin(kind)
  }

  /** Whoever had no device gets the new one ("we'll notice"); whoever has one is offered it. */
  async #onDevicesChanged(): Promise<void> {
    const before = this.view.options
    await this.#list()
    const { options, inUse } = this.view
    let taken = false
    for (const kind of CAPTURES) {
      const { on, state, problem } = this.view[kind]
      const waits = on && state === 'failed' && problem !== null && COMES_BACK.has(problem)
      if (waits && options[kind].length > 0) this.#begin(kind)
      taken ||= waits
      const track = this.#tracks[kind]
      if (track && wasUnplugged(kind, inUse[kind], before, options)) this.#onEnded(kind, track)
    }
    if (wasUnplugged('speaker', inUse.speaker, before, options)) this.#loseSpeaker()
    if (!taken) this.#offerPlugged(before, options)
  }

  #loseSpeaker(): void {
    this.#setInUse('speaker', '')
    // A headset that goes is told of once, as the microphone.
    if (this.view.hint?.what !== 'unplugged')
      this.patch({ hint: { what: 'unplugged', kind: 'speaker', label: '' } })
  }

  #offerPlugged(before: DeviceOptions, after: DeviceOptions): void {
    const plugged = pluggedIn(before, after)
    if (!plugged) return
    this.#offer = plugged
    this.patch({ hint: { what: 'plugged', label: plugged.label } })
  }

  async #list(): Promise<void> {
    const isFirst = this.view.options.speaker.length === 0
    const options = await this.#ports.devices.list()
    this.patch({ options })
    const { speaker } = this.view.inUse
    // The remembered speaker may be gone by the time the browser first tells what there is.
    if (isFirst && options.speaker.length > 0 && !options.speaker.some(({ id }) => id === speaker))
      this.#setInUse('speaker', '')
  }

  async #blur(): Promise<void> {
    const track = this.#tracks.camera
    if (!track) return
    const wanted = this.#ports.memory.read('background-blur')
    const is = blurOf(track)
    if (is !== null && wanted !== '' && is !== (wanted === 'on')) await setBlur(track, wanted === 'on')
    this.patch({ backgroundBlur: blurOf(track) })
  }

  #setInUse(kind: DeviceKind, id: string): void {
    if (this.view.inUse[kind] !== id) this.patch({ inUse: { ...this.view.inUse, [kind]: id } })
  }

  #dismissIf(over: (hint: DeviceHint) => boolean): void {
    if (this.view.hint && over(this.view.hint)) this.dismissHint()
  }

  #remeter(track: MediaStreamTrack | null): void {
    this.#meter?.stop()
    this.#meter = track ? this.#ports.startMeter(track) : null
    this.#voice.reset()
  }

  #onMicrophoneToggled(on: boolean): void {
    this.#voice.reset()
    if (on) this.#dismissIf((hint) => SILENT_HINTS.has(hint.what))
    else this.#dismissIf((hint) => hint.what === 'silent-microphone')
  }

  #measure(): void {
    const level = this.#meter?.read() ?? null
    for (const watcher of [...this.#levelWatchers]) watcher(this.view.microphone.on ? (level ?? 0) : 0)
    if (level === null || this.#tracks.microphone?.muted) return
    const noticed = this.#voice.hear(level, this.view.microphone.on, METER_EVERY_MS)
    if (noticed === 'sound-again') this.#dismissIf((hint) => hint.what === 'silent-microphone')
    else if (noticed) this.patch({ hint: { what: noticed } })
  }
}

/** Problems that end without the person's doing: the other program stops, the device is there again. */
const COMES_BACK: ReadonlySet<string> = new Set(['none', 'gone', 'in-use', 'unknown'])

function firstView({ memory, speakerSelectable }: DevicesPorts): DevicesView {
  const chosen = {
    microphone: memory.read('microphone'),
    camera: memory.read('camera'),
    speaker: memory.read('speaker'),
  }
  return {
    microphone: OFF,
    camera: OFF,
    cameraTrack: null,
    options: NO_OPTIONS,
    chosen,
    inUse: { microphone: '', camera: '', speaker: chosen.speaker },
    speakerSelectable,
    noiseSuppression: memory.read('noise-suppression') !== 'off',
    backgroundBlur: null,
    companion: false,
    hint: null,
  }
}
