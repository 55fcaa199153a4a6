import { expect, test } from 'vitest'
import type { CaptureKind } from '../platform/devices.ts'
import type { DevicesModel } from './devices-model.ts'
import { sendDevices } from './sent-devices.ts'

/** Devices as the person has them, and everything the meeting is told. */
function start() {
  const on: Record<CaptureKind, boolean> = { microphone: false, camera: false }
  const tracks: Record<CaptureKind, string | null> = { microphone: null, camera: null }
  let changed = () => {}
  const told: string[] = []
  const devices = {
    get view() {
      return { microphone: { on: on.microphone }, camera: { on: on.camera } }
    },
    track: (kind: CaptureKind) => tracks[kind],
    subscribe: (heard: () => void) => {
      changed = heard
      return () => {
        changed = () => {}
      }
    },
    onTrack: () => () => {},
  } as unknown as DevicesModel
  const meeting = {
    publish: async (source: string, track: unknown) => void told.push(`publish ${source} ${track}`),
    unpublish: async (source: string) => void told.push(`unpublish ${source}`),
    setMuted: async (source: string, muted: boolean) =>
      void told.push(`${muted ? 'mute' : 'unmute'} ${source}`),
  }
  const end = sendDevices(devices, meeting as never)
  const set = (kind: CaptureKind, isOn: boolean, track: string | null) => {
    on[kind] = isOn
    tracks[kind] = track
    changed()
    return told.splice(0)
  }
  return { set, end }
}

test('a microphone is sent when first on, then muted and unmuted without being taken back', () => {
  const { set } = start()
  expect(set('microphone', true, null)).toEqual([])
  expect(set('microphone', true, 'm1')).toEqual(['publish microphone m1'])
  expect(set('microphone', false, 'm1')).toEqual(['mute microphone'])
  expect(set('microphone', true, 'm1')).toEqual(['unmute microphone'])
  expect(set('microphone', true, 'm2')).toEqual(['publish microphone m2'])
})

test('a microphone that is off from the start is not sent at all', () => {
  const { set } = start()
  expect(set('microphone', false, 'm1')).toEqual([])
  expect(set('microphone', true, 'm1')).toEqual(['publish microphone m1'])
})

test('a microphone that is gone is taken back', () => {
  const { set } = start()
  set('microphone', true, 'm1')
  expect(set('microphone', true, null)).toEqual(['unpublish microphone'])
  expect(set('microphone', false, null)).toEqual([])
})

test('a camera that is off is not sent', () => {
  const { set } = start()
  expect(set('camera', true, 'c1')).toEqual(['publish camera c1'])
  expect(set('camera', false, null)).toEqual(['unpublish camera'])
  expect(set('camera', true, 'c2')).toEqual(['publish camera c2'])
  expect(set('camera', true, 'c3')).toEqual(['publish camera c3'])
})

test('after the end nothing more is told', () => {
  const { set, end } = start()
  end()
  expect(set('camera', true, 'c1')).toEqual([])
})
