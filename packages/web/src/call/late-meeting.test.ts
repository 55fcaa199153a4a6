import type { MeetingControls, MeetingView } from '@huisclos/participant'
import { expect, test } from 'vitest'
import { LateMeeting } from './late-meeting.ts'

type Controls = MeetingControls<MediaStreamTrack>

/** A meeting that writes down what it is told; `show` changes its view. */
function engine() {
  const told: unknown[] = []
  let changed = () => {}
  const inside = { phase: { at: 'in', since: 1, alone: true } } as unknown as MeetingView<MediaStreamTrack>
  const real = {
    view: inside,
    subscribe: (heard: () => void) => {
      changed = heard
      return () => {}
    },
    start: async () => void told.push('start'),
    leave: async () => void told.push('leave'),
    setMuted: async (...all: unknown[]) => void told.push(all),
    sendChat: (text: string) => void told.push(text),
  } as unknown as Controls
  return { real, told, show: () => changed() }
}
const settle = () => new Promise((resolve) => setTimeout(resolve, 0))

test('what is asked before the engine is there is done in order once it is', async () => {
  const { real, told } = engine()
  const late = new LateMeeting(async () => real)
  expect(late.view.phase).toEqual({ at: 'connecting' })
  void late.start()
  void late.setMuted('microphone', true)
  late.sendChat('hello')
  await settle()
  expect(told).toEqual(['start', ['microphone', true], 'hello'])
})

test('the engine’s view is shown as it changes', async () => {
  const { real, show } = engine()
  const late = new LateMeeting(async () => real)
  let changes = 0
  late.subscribe(() => changes++)
  await settle()
  show()
  expect(late.view.phase.at).toBe('in')
  expect(changes).toBe(1)
})

test('an engine that cannot be loaded ends as lost; rejoining loads again', async () => {
  const { real, told } = engine()
  let tries = 0
  const late = new LateMeeting(async () => {
    if (++tries === 1) throw new Error('offline')
    return real
  })
  await late.start()
  expect(late.view.phase).toEqual({ at: 'ended', why: 'lost' })
  await late.rejoin()
  expect(told).toEqual(['start'])
})

test('who leaves while it loads is out at once, and the engine is never started', async () => {
  const { real, told } = engine()
  const late = new LateMeeting(async () => real)
  void late.start()
  await late.leave()
  expect(late.view.phase).toEqual({ at: 'ended', why: 'left' })
  await settle()
  expect(told).toEqual([])
})
