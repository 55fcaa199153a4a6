import { expect, test } from 'vitest'
import type { FromRecorder, ToRecorder } from '../platform/recording/recording-messages.ts'
import { testPerson, testView } from '../ui/room/test-people.ts'
import { LocalRecorder } from './local-recorder.ts'

const ID = 'A'.repeat(22)

function begun() {
  const happened: string[] = []
  const sent: ToRecorder[] = []
  let view = testView({ selfLeaf: 0, people: [testPerson(0, { self: true, name: 'Ada' }), testPerson(1)] })
  let watch = (): void => {}
  let hear = (_: FromRecorder): void => {}
  let told = (): void => {}
  const recorder = new LocalRecorder({
    meeting: {
      get view() {
        return view
      },
      subscribe: (changed) => {
        watch = changed
        return () => {}
      },
      startLocalRecording: () =>
        new Promise((resolve) => {
          happened.push('announced')
          told = () => resolve(ID)
        }),
      stopLocalRecording: async () => void happened.push('withdrawn'),
    },
    frames: () => ({
      record: (to) => void happened.push(to ? 'frames on' : 'frames off'),
      recordOnly: (leaves, own) => void happened.push(`only ${leaves.join(',')}${own ? ' and own' : ''}`),
      askKeyFrameOf: (member, source) => void happened.push(`key ${member} ${source}`),
    }),
    startWorker: () => ({
      send: (message) => {
        sent.push(message)
        happened.push(message.t)
        if (message.t === 'end') queueMicrotask(() => hear({ t: 'ended' }))
      },
      onMessage: (heard) => {
        hear = heard
      },
      terminate: () => void happened.push('terminated'),
    }),
    now: () => 1_000,
    kept: (id) => void happened.push(`kept ${id}`),
  })
  const consent = (...consenting: number[]) => {
    const own = { id: ID, leaf: 0, name: 'Ada', self: true, consent: 'yes', consenting } as const
    view = { ...view, recording: { ...view.recording, local: [own] } }
    watch()
  }
  return { recorder, happened, consent, tell: () => told(), hear: (message: FromRecorder) => hear(message) }
}

const settled = () => new Promise((resolve) => setTimeout(resolve))

test('[LREC1] not a frame is listened to before everybody was told', async () => {
  const { recorder, happened, tell } = begun()
  recorder.start()
  await settled()
  expect(happened).toEqual(['announced'])
  expect(recorder.view).toEqual({ at: 'starting' })
  tell()
  await settled()
  expect(happened.slice(0, 3)).toEqual(['announced', 'begin', 'frames on'])
})

test('[LREC2] frames are taken of those who have said yes, as long as they do', async () => {
  const { recorder, happened, tell, consent } = begun()
  recorder.start()
  await settled()
  tell()
  await settled()
  expect(happened).toContain('only ')
  consent(0, 1)
  expect(happened.filter((one) => one.startsWith('only')).at(-1)).toBe('only 1 and own')
  consent(0)
  expect(happened.filter((one) => one.startsWith('only')).at(-1)).toBe('only  and own')
})

test('[LREC1] that nobody records any more is said after the last frame', async () => {
  const { recorder, happened, tell, hear } = begun()
  recorder.start()
  await settled()
  tell()
  await settled()
  hear({ t: 'began' })
  expect(recorder.view).toMatchObject({ at: 'on', paused: false })
  recorder.stop()
  await settled()
  expect(happened.slice(-5)).toEqual(['frames off', 'end', 'terminated', `kept ${ID}`, 'withdrawn'])
})

test('a full disk ends the recording, says so, and keeps what there is', async () => {
  const { recorder, happened, tell, hear } = begun()
  recorder.start()
  await settled()
  tell()
  await settled()
  hear({ t: 'began' })
  hear({ t: 'failed', why: 'disk-full' })
  await settled()
  expect(recorder.view).toEqual({ at: 'off', problem: 'disk-full' })
  expect(happened).toContain(`kept ${ID}`)
  expect(happened.at(-1)).toBe('withdrawn')
})
