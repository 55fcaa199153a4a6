/** Devices on a real machine's bad days, step by step and in seeded disorder: see test-machine.ts. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { deviceMemory } from '../platform/device-memory.ts'
import { Devices } from '../platform/devices.ts'
import { DevicesModel } from './devices-model.ts'
import { FakeMachine } from './test-machine.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const KINDS = ['microphone', 'camera'] as const

/** A laptop with everything built in, and the model on it. */
async function start(level: () => number | null = () => 0.1) {
  const machine = new FakeMachine()
  machine.plug('microphone', 'built-in')
  machine.plug('camera', 'webcam')
  machine.plug('speaker', 'loud')
  const memory = deviceMemory(() => ({ getItem: () => null, setItem: () => {} }))
  const model = new DevicesModel({
    devices: new Devices(machine, machine),
    memory,
    startMeter: () => ({ read: level, stop: () => {} }),
    playTone: async () => {},
    onWake: machine.onWake,
    speakerSelectable: true,
  })
  const settle = (ms = 0) => vi.advanceTimersByTimeAsync(ms)
  await settle()
  return { machine, model, memory, settle }
}

/** In a call with a headset that the person chose. */
async function withHeadset() {
  const world = await start()
  const { machine, model, settle } = world
  machine.plug('microphone', 'headset', 'h')
  machine.plug('speaker', 'earphones', 'h')
  await settle()
  model.choose('microphone', 'headset')
  model.choose('speaker', 'earphones')
  model.setOn('microphone', true)
  model.setOn('camera', true)
  await settle()
  model.dismissHint()
  return world
}

test('[DEV3] a headset unplugged in the call gives way to what is built in, microphone and speaker, and it is said', async () => {
  const { machine, model, settle } = await withHeadset()
  expect(model.view.inUse).toEqual({ microphone: 'headset', camera: 'webcam', speaker: 'earphones' })
  machine.unplug('headset', 'earphones')
  await settle()
  expect(machine.live('microphone').map(({ device }) => device)).toEqual(['built-in'])
  expect(model.view.microphone).toEqual({ on: true, state: 'live', problem: null })
  expect(model.view.inUse).toEqual({ microphone: 'built-in', camera: 'webcam', speaker: '' })
  expect(model.view.hint).toEqual({ what: 'unplugged', kind: 'microphone', label: 'The built-in' })
})

test('[DEV3] plugged back, the headset is offered as one thing, and taken when the person says so', async () => {
  const { machine, model, settle } = await withHeadset()
  machine.unplug('headset', 'earphones')
  await settle()
  machine.plug('speaker', 'earphones', 'h')
  machine.plug('microphone', 'headset', 'h')
  await settle()
  expect(model.view.hint).toEqual({ what: 'plugged', label: 'The headset' })
  expect(machine.live('microphone').map(({ device }) => device)).toEqual(['built-in'])
  model.takeOffer()
  await settle()
  expect(machine.live('microphone').map(({ device }) => device)).toEqual(['headset'])
  expect(model.view.inUse.speaker).toBe('earphones')
  expect(model.view.hint).toBeNull()
})

test('[DEV3] the last microphone unplugged is "none", and the next one is taken without asking', async () => {
  const { machine, model, settle } = await start()
  model.setOn('microphone', true)
  await settle()
  machine.unplug('built-in')
  await settle()
  expect(model.view.microphone).toEqual({ on: true, state: 'failed', problem: 'none' })
  machine.plug('microphone', 'usb')
  await settle()
  expect(model.view.microphone.state).toBe('live')
  expect(machine.live('microphone').map(({ device }) => device)).toEqual(['usb'])
})

test('[DEV3] what takes over may be in use too: the next one is tried', async () => {
  const { machine, model, settle } = await withHeadset()
  machine.plug('microphone', 'usb')
  machine.occupy('built-in', true)
  await settle()
  machine.unplug('headset', 'earphones')
  await settle()
  expect(machine.live('microphone').map(({ device }) => device)).toEqual(['usb'])
  expect(model.view.microphone.state).toBe('live')
})

test('[DEV3] a speaker that goes alone is said, and sound goes on by the default one', async () => {
  const { machine, model, settle } = await start()
  machine.plug('speaker', 'bluetooth')
  await settle()
  model.choose('speaker', 'bluetooth')
  machine.unplug('bluetooth')
  await settle()
  expect(model.view.inUse.speaker).toBe('')
  expect(model.view.hint).toEqual({ what: 'unplugged', kind: 'speaker', label: '' })
})

test('[DEV3] before permission browsers list nothing: what appears with it was not plugged in', async () => {
  const machine = new FakeMachine()
  const model = new DevicesModel({
    devices: new Devices(machine, machine),
    memory: deviceMemory(() => ({ getItem: () => null, setItem: () => {} })),
    startMeter: () => ({ read: () => 0.1, stop: () => {} }),
    playTone: async () => {},
    onWake: machine.onWake,
    speakerSelectable: true,
  })
  await vi.advanceTimersByTimeAsync(0)
  machine.plug('microphone', 'built-in')
  machine.plug('speaker', 'loud')
  await vi.advanceTimersByTimeAsync(0)
  expect(model.view.hint).toBeNull()
})

test('[DEV4] after a sleep both devices are there again by themselves, and nothing is said', async () => {
  const { machine, model, settle } = await withHeadset()
  machine.sleep()
  await settle(500)
  expect(model.view.camera.state).toBe('failed')
  machine.wake()
  await settle(100)
  expect(
    machine
      .live()
      .map(({ device }) => device)
      .sort(),
  ).toEqual(['headset', 'webcam'])
  expect(model.view.camera).toEqual({ on: true, state: 'live', problem: null })
  expect(model.view.microphone).toEqual({ on: true, state: 'live', problem: null })
  expect(model.view.hint).toBeNull()
})

test('[DEV4] a sleep brings back what was in use, not a headset that was offered and not taken', async () => {
  const { machine, model, settle } = await withHeadset()
  machine.unplug('headset', 'earphones')
  await settle()
  machine.plug('microphone', 'headset', 'h')
  await settle()
  machine.sleep()
  await settle(500)
  machine.wake()
  await settle(100)
  expect(machine.live('microphone').map(({ device }) => device)).toEqual(['built-in'])
  expect(model.view.inUse.microphone).toBe('built-in')
})

test('[DEV4] a machine that is slow to find its devices again is waited for, also when no wake is told', async () => {
  const { machine, model, settle } = await withHeadset()
  machine.sleep()
  await settle(3_500)
  machine.onWake(() => {})
  machine.wake()
  await settle(4_500)
  expect(model.view.camera.state).toBe('live')
  expect(model.view.microphone.state).toBe('live')
})

test('[DEV4] a muted microphone stays muted through a sleep', async () => {
  const { machine, model, settle } = await withHeadset()
  model.setOn('microphone', false)
  machine.sleep()
  await settle(500)
  machine.wake()
  await settle(20_000)
  expect(model.view.microphone.on).toBe(false)
  expect(machine.live('microphone')).toEqual([])
})

test('[DEV4] a track that the system silences is told after two seconds, and no more once it is back', async () => {
  const { machine, model, settle } = await withHeadset()
  const [track] = machine.live('microphone')
  track?.hold(true)
  await settle(1_900)
  expect(model.view.hint).toBeNull()
  await settle(200)
  expect(model.view.hint).toEqual({ what: 'held', kind: 'microphone' })
  track?.hold(false)
  expect(model.view.hint).toBeNull()
})

test('[DEV4] a track that stays silenced after a wake is opened anew', async () => {
  const { machine, model, settle } = await withHeadset()
  const [track] = machine.live('camera')
  track?.hold(true)
  machine.wake()
  await settle(2_100)
  expect(track?.readyState).toBe('ended')
  expect(machine.live('camera')).toHaveLength(1)
  expect(model.view.camera.state).toBe('live')
})

test('[DEV1] refused for the site, then allowed in the browser’s own menu: no Retry is needed', async () => {
  const { machine, model, settle } = await start()
  machine.allow('denied')
  model.setOn('camera', true)
  await settle()
  expect(model.view.camera.problem).toBe('site-refused')
  machine.allow('granted')
  await settle()
  expect(model.view.camera.state).toBe('live')
})

test('[DEV1] allowed for the site and still refused: it is the system', async () => {
  const { machine, model, settle } = await start()
  machine.systemRefuses = true
  model.setOn('camera', true)
  await settle()
  expect(model.view.camera.problem).toBe('system-refused')
  machine.systemRefuses = false
  model.retry('camera')
  await settle()
  expect(model.view.camera.state).toBe('live')
})

test('[DEV1] in use elsewhere: told, and Retry takes it once it is free', async () => {
  const { machine, model, settle } = await start()
  machine.occupy('webcam', true)
  model.setOn('camera', true)
  await settle(60_000)
  expect(model.view.camera).toEqual({ on: true, state: 'failed', problem: 'in-use' })
  expect(machine.asked).toHaveLength(1)
  machine.occupy('webcam', false)
  model.retry('camera')
  await settle()
  expect(model.view.camera.state).toBe('live')
})

test('[DEV4] a camera that was in use from the start and is free after a wake was not unplugged', async () => {
  const { machine, model, settle } = await start()
  machine.occupy('webcam', true)
  model.setOn('camera', true)
  await settle()
  machine.occupy('webcam', false)
  machine.wake()
  await settle()
  expect(model.view.camera.state).toBe('live')
  expect(model.view.hint).toBeNull()
})

test('[DEV2] the saved camera is gone: the default one is used and it is said', async () => {
  const { model, memory, settle } = await start()
  memory.write('camera', 'old')
  model.choose('camera', 'old')
  model.setOn('camera', true)
  await settle()
  expect(model.view.camera.state).toBe('live')
  expect(model.view.inUse.camera).toBe('webcam')
  expect(model.view.hint).toEqual({ what: 'saved-gone', kind: 'camera' })
})

test('[DEV5] a meter that the browser holds back is no silent microphone', async () => {
  let level: number | null = null
  const { model, settle } = await start(() => level)
  model.setOn('microphone', true)
  await settle(20_000)
  expect(model.view.hint).toBeNull()
  level = 0
  await settle(7_000)
  expect(model.view.hint).toEqual({ what: 'silent-microphone' })
  level = 0.2
  await settle(100)
  expect(model.view.hint).toBeNull()
})

test('[DEV8] a companion’s microphone is let go, cannot be turned on by mistake, and comes back with the sound', async () => {
  const { machine, model, settle } = await start()
  model.setOn('microphone', true)
  await settle()
  model.setCompanion(true)
  expect(machine.live('microphone')).toEqual([])
  model.setOn('microphone', true)
  await settle()
  expect(model.view.microphone.on).toBe(false)
  expect(model.view.hint).toEqual({ what: 'companion' })
  expect(machine.live('microphone')).toEqual([])
  model.setCompanion(false)
  expect(model.view.hint).toBeNull()
  model.setOn('microphone', true)
  await settle()
  expect(machine.live('microphone')).toHaveLength(1)
})

/** mulberry32: small, and the same everywhere. */
function randomOf(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

describe('[DEV3] [DEV4] in seeded disorder', () => {
  test.each(Array.from({ length: 60 }, (_, seed) => seed + 1))('seed %i', async (seed) => {
    const { machine, model, settle } = await start()
    const random = randomOf(seed)
    const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T
    const deeds: (() => void)[] = [
      () => model.setOn(pick(KINDS), random() < 0.6),
      () => machine.plug('microphone', pick(['built-in', 'headset', 'usb'])),
      () => machine.plug('camera', pick(['webcam', 'usb-camera'])),
      () => machine.unplug(pick(['built-in', 'headset', 'usb', 'webcam', 'usb-camera', 'loud'])),
      () => machine.allow(pick(['granted', 'denied'] as const)),
      () => machine.occupy(pick(['webcam', 'built-in']), random() < 0.5),
      () => machine.sleep(),
      () => machine.wake(),
      () => model.choose(pick(KINDS), pick(['headset', 'webcam', 'built-in', 'nowhere'])),
      () => model.retry(pick(KINDS)),
      () => model.takeOffer(),
      () => machine.live()[0]?.hold(random() < 0.5),
      () => (random() < 0.5 ? model.suspend() : model.resume()),
    ]
    for (let step = 0; step < 60; step++) {
      pick(deeds)()
      if (random() < 0.5) await settle(Math.floor(random() * 3_000))
      await settle()
      for (const kind of KINDS) {
        expect(machine.live(kind).length).toBeLessThanOrEqual(1)
        if (model.view[kind].state === 'live') expect(machine.live(kind)).toHaveLength(1)
      }
      expect(machine.live('camera').length).toBe(model.view.camera.state === 'live' ? 1 : 0)
    }
    // The bad day is over: everything is plugged in, free, allowed and awake, and the person tries once more.
    for (const id of ['webcam', 'built-in']) machine.occupy(id, false)
    machine.plug('microphone', 'built-in')
    machine.plug('camera', 'webcam')
    machine.allow('granted')
    machine.wake()
    model.resume()
    for (const kind of KINDS) {
      if (model.view[kind].state === 'failed') model.retry(kind)
      model.setOn(kind, true)
    }
    await settle(3_000)
    for (const kind of KINDS) {
      expect(model.view[kind]).toEqual({ on: true, state: 'live', problem: null })
      expect(machine.live(kind)).toHaveLength(1)
    }
    model.close()
    expect(machine.live()).toEqual([])
  })
})
