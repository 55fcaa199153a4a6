import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { deviceMemory } from '../platform/device-memory.ts'
import type { Capture, CaptureWish, DeviceOptions, Devices } from '../platform/devices.ts'
import { DevicesModel } from './devices-model.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

class FakeTrack extends EventTarget {
  readyState = 'live'
  readonly muted = false
  readonly label = ''
  readonly id: string
  constructor(id: string) {
    super()
    this.id = id
  }
  stop() {
    this.readyState = 'ended'
  }
  /** Unplugged: the browser ends the track. */
  unplug() {
    this.readyState = 'ended'
    this.dispatchEvent(new Event('ended'))
  }
}

function start() {
  const wishes: CaptureWish[] = []
  const tracks: FakeTrack[] = []
  let answer: (wish: CaptureWish) => Capture = (wish) => {
    const track = new FakeTrack(`${wish.kind}-${tracks.length}`)
    tracks.push(track)
    return { ok: true, track: track as unknown as MediaStreamTrack, fellBack: false, id: '' }
  }
  let options: DeviceOptions = {
    microphone: [],
    camera: [{ id: 'c1', label: 'Cam', group: '' }],
    speaker: [],
  }
  let changed = () => {}
  let level = 0
  const devices = {
    open: async (wish: CaptureWish) => {
      wishes.push(wish)
      return answer(wish)
    },
    list: async () => options,
    onChange: (heard: () => void) => {
      changed = heard
      return () => {}
    },
    onAllowed: () => () => {},
  } as unknown as Devices
  const kept = new Map<string, string>()
  const memory = deviceMemory(() => ({
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => void kept.set(key, value),
  }))
  const model = new DevicesModel({
    devices,
    memory,
    startMeter: () => ({ read: () => level, stop: () => {} }),
    playTone: async () => {},
    onWake: () => () => {},
    speakerSelectable: true,
  })
  return {
    model,
    wishes,
    tracks,
    memory,
    answerWith(next: typeof answer) {
      answer = next
    },
    plug: (next: typeof options) => {
      options = next
      changed()
    },
    loudness(next: number) {
      level = next
    },
    settle: () => vi.advanceTimersByTimeAsync(0),
  }
}

test('a camera is started, shown, and let go when it is turned off', async () => {
  const { model, tracks, settle } = start()
  model.setOn('camera', true)
  expect(model.view.camera).toEqual({ on: true, state: 'starting', problem: null })
  await settle()
  expect(model.view.camera.state).toBe('live')
  expect(model.view.cameraTrack).toBe(tracks[0])
  model.setOn('camera', false)
  expect(tracks[0]?.readyState).toBe('ended')
  expect(model.view.cameraTrack).toBeNull()
})

test('a microphone that is off keeps listening to itself, and is on again at once', async () => {
  const { model, tracks, wishes, settle } = start()
  model.setOn('microphone', true)
  await settle()
  model.setOn('microphone', false)
  expect(tracks[0]?.readyState).toBe('live')
  model.setOn('microphone', true)
  expect(model.view.microphone.state).toBe('live')
  expect(wishes).toHaveLength(1)
})

test('a failure keeps the wish, tells its cause, and can be tried again', async () => {
  const { model, answerWith, settle, tracks } = start()
  answerWith(() => ({ ok: false, problem: 'in-use' }))
  model.setOn('camera', true)
  await settle()
  expect(model.view.camera).toEqual({ on: true, state: 'failed', problem: 'in-use' })
  answerWith(() => ({
    ok: true,
    track: new FakeTrack('x') as unknown as MediaStreamTrack,
    fellBack: false,
    id: '',
  }))
  model.retry('camera')
  await settle()
  expect(model.view.camera).toEqual({ on: true, state: 'live', problem: null })
  expect(tracks).toEqual([])
})

test('a device that opens after the wish has changed is let go', async () => {
  const { model, tracks, settle } = start()
  model.setOn('camera', true)
  model.setOn('camera', false)
  await settle()
  expect(tracks[0]?.readyState).toBe('ended')
  expect(model.view.cameraTrack).toBeNull()
})

test('a chosen device is remembered and used at once; the former one is let go', async () => {
  const { model, tracks, wishes, memory, settle } = start()
  model.setOn('camera', true)
  await settle()
  model.choose('camera', 'c9')
  await settle()
  expect(wishes.at(-1)?.id).toBe('c9')
  expect(memory.read('camera')).toBe('c9')
  expect(tracks.map(({ readyState }) => readyState)).toEqual(['ended', 'live'])
})

test('a headset unplugged during the call gives way to another device and says so', async () => {
  const { model, tracks, settle } = start()
  const heard: unknown[] = []
  model.onTrack((kind, track) => void heard.push([kind, track]))
  model.setOn('microphone', true)
  await settle()
  tracks[0]?.unplug()
  await settle()
  expect(model.view.microphone.state).toBe('live')
  expect(model.view.hint).toEqual({ what: 'unplugged', kind: 'microphone', label: '' })
  expect(heard.at(-1)).toEqual(['microphone', tracks[1]])
})

test('a saved camera that is gone is told as fallen back', async () => {
  const { model, answerWith, settle } = start()
  answerWith(() => ({
    ok: true,
    track: new FakeTrack('d') as unknown as MediaStreamTrack,
    fellBack: true,
    id: '',
  }))
  model.setOn('camera', true)
  await settle()
  expect(model.view.hint).toEqual({ what: 'saved-gone', kind: 'camera' })
  model.dismissHint()
  expect(model.view.hint).toBeNull()
})

test('"Plug one in; we’ll notice": a camera that appears is taken', async () => {
  const { model, answerWith, plug, settle } = start()
  answerWith(() => ({ ok: false, problem: 'none' }))
  model.setOn('camera', true)
  await settle()
  answerWith(() => ({
    ok: true,
    track: new FakeTrack('n') as unknown as MediaStreamTrack,
    fellBack: false,
    id: '',
  }))
  plug({ microphone: [], camera: [{ id: 'n', label: 'New', group: '' }], speaker: [] })
  await settle()
  expect(model.view.camera.state).toBe('live')
})

test('a refused camera is not asked for again because something was plugged in', async () => {
  const { model, answerWith, plug, wishes, settle } = start()
  answerWith(() => ({ ok: false, problem: 'site-refused' }))
  model.setOn('camera', true)
  await settle()
  plug({ microphone: [], camera: [{ id: 'n', label: 'New', group: '' }], speaker: [] })
  await settle()
  expect(wishes).toHaveLength(1)
})

test('[DEV5] talking while muted is noticed, and taken back with the microphone on', async () => {
  const { model, loudness, settle } = start()
  model.setOn('microphone', true)
  await settle()
  model.setOn('microphone', false)
  loudness(0.9)
  await vi.advanceTimersByTimeAsync(1_000)
  expect(model.view.hint).toEqual({ what: 'talking-while-muted' })
  model.setOn('microphone', true)
  expect(model.view.hint).toBeNull()
})

test('the level is told about twenty times a second, as silence while the microphone is off', async () => {
  const { model, loudness, settle } = start()
  const levels: number[] = []
  model.setOn('microphone', true)
  await settle()
  loudness(0.5)
  const end = model.onLevel((level) => void levels.push(level))
  await vi.advanceTimersByTimeAsync(1_000)
  expect(levels).toHaveLength(20)
  expect(levels.every((level) => level === 0.5)).toBe(true)
  model.setOn('microphone', false)
  await vi.advanceTimersByTimeAsync(100)
  expect(levels.at(-1)).toBe(0)
  end()
  await vi.advanceTimersByTimeAsync(1_000)
  expect(levels).toHaveLength(22)
})

test('suspending lets every device go and resuming takes up what was on', async () => {
  const { model, tracks, settle } = start()
  model.setOn('microphone', true)
  model.setOn('camera', true)
  await settle()
  model.setOn('microphone', false)
  model.suspend()
  expect(tracks.map(({ readyState }) => readyState)).toEqual(['ended', 'ended'])
  expect(model.view.camera).toEqual({ on: true, state: 'off', problem: null })
  model.resume()
  await settle()
  expect(model.view.camera.state).toBe('live')
  expect(model.view.microphone.on).toBe(false)
  model.close()
  expect(tracks.every(({ readyState }) => readyState === 'ended')).toBe(true)
})
