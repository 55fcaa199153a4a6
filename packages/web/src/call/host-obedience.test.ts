import type { MeetingView } from '@huisclos/participant'
import { expect, test } from 'vitest'
import { testPeople, testPerson, testStream, testView } from '../ui/room/test-people.ts'
import { HostObedience } from './host-obedience.ts'

type View = MeetingView<MediaStreamTrack>

function page() {
  const on = { microphone: true, camera: true }
  const deeds: string[] = []
  const capture = (kind: 'microphone' | 'camera') => ({ on: on[kind], state: 'live', problem: null }) as const
  const obedience = new HostObedience({
    devices: {
      get view() {
        return { microphone: capture('microphone'), camera: capture('camera') } as never
      },
      setOn: (kind, wanted) => {
        on[kind] = wanted
        deeds.push(`${kind} ${wanted ? 'on' : 'off'}`)
      },
    },
    stopSharing: () => deeds.push('share off'),
  })
  return { on, obedience, take: () => deeds.splice(0) }
}

const self = (part: Parameters<typeof testPerson>[1]): View['people'] => [
  testPerson(0, part),
  ...testPeople(3).slice(1),
]
const notice = (id: number, kind: View['notices'][number]['kind']) => ({ id, at: 0, kind, name: '' })

test('[HOST4] a host turned the camera off: the toggle follows once, and may be turned on again', () => {
  const { on, obedience, take } = page()
  const view = testView({ notices: [notice(1, 'camera-stopped')] })
  obedience.look(view)
  expect(take()).toEqual(['camera off'])
  on.camera = true
  obedience.look({ ...view })
  expect(take()).toEqual([])
})

test('[HOST4] a host stopped the share: it ends here too', () => {
  const { obedience, take } = page()
  obedience.look(testView({ notices: [notice(1, 'share-stopped')] }))
  expect(take()).toEqual(['share off'])
})

test('[HOST3] where guests may not share, a guest’s share ends and a host’s goes on', () => {
  const { obedience, take } = page()
  const rules = { share: false, chat: true, unmute: true }
  obedience.look(testView({ rules, selfHost: true }))
  expect(take()).toEqual([])
  obedience.look(testView({ rules }))
  expect(take()).toEqual(['share off'])
})

test('[HOST3] muted by a host, the toggle says so; where the rules keep it off, it does not stay on', () => {
  const { on, obedience, take } = page()
  obedience.look(testView())
  obedience.look(testView({ people: self({ streams: [testStream('microphone', true)] }) }))
  expect(take()).toEqual(['microphone off'])
  on.microphone = true
  obedience.look(testView({ people: self({ streams: [testStream('microphone', true)] }) }))
  expect(take()).toEqual([])
  obedience.look(testView({ people: self({ mayUnmute: false, streams: [testStream('microphone', true)] }) }))
  expect(take()).toEqual(['microphone off'])
})
