import { expect, test, vi } from 'vitest'
import { deviceMemory } from './device-memory.ts'
import { problemOf } from './device-problem.ts'
import type { MediaDevicesPort } from './devices.ts'
import { constraintsFor, Devices } from './devices.ts'

const failure = (name: string, message = '') => Object.assign(new Error(message), { name })
const streamOf = (track: object) =>
  ({ getTracks: () => [{ ...track, getSettings: () => ({ deviceId: 'given' }) }] }) as unknown as MediaStream

function port(part: Partial<MediaDevicesPort> = {}): MediaDevicesPort {
  return {
    getUserMedia: async () => streamOf({ kind: 'video' }),
    enumerateDevices: async () => [],
    addEventListener: () => {},
    removeEventListener: () => {},
    ...part,
  }
}
const camera = (id = '') => ({ kind: 'camera' as const, id, noiseSuppression: true })

test.each([
  ['NotAllowedError', 'Permission denied', 'site-refused'],
  ['NotAllowedError', 'Permission denied by system', 'system-refused'],
  ['SecurityError', '', 'site-refused'],
  ['NotFoundError', 'Requested device not found', 'none'],
  ['NotReadableError', 'Could not start video source', 'in-use'],
  ['AbortError', 'Starting videoinput failed', 'in-use'],
  ['OverconstrainedError', '', 'gone'],
  ['TypeError', 'x', 'unknown'],
])('%s "%s" is %s', (name, message, problem) => {
  expect(problemOf(failure(name, message))).toBe(problem)
})

test('what is no error is unknown, and a page without https has its own cause', () => {
  expect(problemOf('x')).toBe('unknown')
  expect(problemOf(failure('NotAllowedError'), false)).toBe('no-https')
})

test('without a secure context everything is "no-https" and no list is long', async () => {
  const devices = new Devices(null)
  expect(await devices.open(camera())).toEqual({ ok: false, problem: 'no-https' })
  expect(await devices.list()).toEqual({ microphone: [], camera: [], speaker: [] })
})

test.each(['OverconstrainedError', 'NotFoundError'])(
  'a chosen camera that is gone (%s) gives way to the default',
  async (name) => {
    const getUserMedia = vi.fn(async (wish: MediaStreamConstraints) => {
      if (typeof wish.video === 'object' && wish.video.deviceId) throw failure(name)
      return streamOf({ kind: 'video' })
    })
    expect(await new Devices(port({ getUserMedia })).open(camera('old'))).toMatchObject({
      ok: true,
      fellBack: true,
    })
    expect(getUserMedia).toHaveBeenCalledTimes(2)
  },
)

test('a refused camera is not asked for twice', async () => {
  const getUserMedia = vi.fn(async () => {
    throw failure('NotAllowedError')
  })
  expect(await new Devices(port({ getUserMedia })).open(camera('x'))).toEqual({
    ok: false,
    problem: 'site-refused',
  })
  expect(getUserMedia).toHaveBeenCalledOnce()
})

test('with no camera at all the answer is "none", also when one was chosen', async () => {
  const getUserMedia = async () => {
    throw failure('NotFoundError')
  }
  expect(await new Devices(port({ getUserMedia })).open(camera('x'))).toEqual({ ok: false, problem: 'none' })
})

test('devices are listed by kind; those without an id are left out, and a failure is an empty list', async () => {
  const info = (kind: MediaDeviceKind, deviceId: string) =>
    ({ kind, deviceId, label: deviceId, groupId: 'g' }) as MediaDeviceInfo
  const enumerateDevices = async () => [
    info('audioinput', 'm'),
    info('videoinput', 'c'),
    info('audiooutput', 's'),
    info('videoinput', ''),
  ]
  expect(await new Devices(port({ enumerateDevices })).list()).toEqual({
    microphone: [{ id: 'm', label: 'm', group: 'g' }],
    camera: [{ id: 'c', label: 'c', group: 'g' }],
    speaker: [{ id: 's', label: 's', group: 'g' }],
  })
  const failing = port({ enumerateDevices: () => Promise.reject(failure('NotAllowedError')) })
  expect((await new Devices(failing).list()).camera).toEqual([])
})

test('only the device is demanded exactly: sizes and rates are wishes', () => {
  const { video } = constraintsFor(camera('id')) as { video: MediaTrackConstraints }
  expect(video.deviceId).toEqual({ exact: 'id' })
  expect(JSON.stringify({ ...video, deviceId: null })).not.toContain('exact')
  const { audio } = constraintsFor({ kind: 'microphone', id: '', noiseSuppression: false }) as {
    audio: MediaTrackConstraints
  }
  expect(audio).toMatchObject({ noiseSuppression: false, echoCancellation: true, channelCount: 1 })
})

test('the memory survives a storage that refuses, for as long as the page', () => {
  const refusing = deviceMemory(() => {
    throw failure('SecurityError')
  })
  refusing.write('name', 'Anna')
  expect(refusing.read('name')).toBe('Anna')
  expect(refusing.read('camera')).toBe('')
})

test('[LINK1] storage holds device ids, two wishes and a name under known keys, nothing else', () => {
  const kept = new Map<string, string>()
  const storage = {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
  }
  for (const what of [
    'microphone',
    'camera',
    'speaker',
    'name',
    'noise-suppression',
    'background-blur',
  ] as const)
    deviceMemory(() => storage).write(what, 'v')
  expect([...kept.keys()].sort()).toEqual(
    ['background-blur', 'camera', 'microphone', 'name', 'noise-suppression', 'speaker'].map(
      (k) => `huisclos.device.${k}`,
    ),
  )
  expect(deviceMemory(() => storage).read('name')).toBe('v')
})
