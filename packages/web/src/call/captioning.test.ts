import type { CaptionWords } from '@huisclos/participant'
import { expect, test } from 'vitest'
import type { SpeechEvents, SpeechOffer } from '../platform/on-device-speech.ts'
import { testPeople, testPerson, testView } from '../ui/room/test-people.ts'
import { Captioning, spokenLanguage } from './captioning.ts'

/** Devices, a recogniser and a meeting, all in the test's hands. */
async function setUp(offer: SpeechOffer = 'available') {
  const state = { on: true, track: 'mic 1' as string | null, offer, installs: true }
  const said: CaptionWords[] = []
  const listening: { track: unknown; lang: string; on: SpeechEvents; stopped: boolean }[] = []
  let changed = () => {}
  const captioning = new Captioning({
    language: 'en-US',
    say: (words) => said.push(words) > 0,
    devices: {
      get view() {
        return { microphone: { on: state.on } }
      },
      track: () => state.track,
      subscribe: (heard: () => void) => {
        changed = heard
        return () => {}
      },
      onTrack: () => () => {},
    } as never,
    speech: {
      offer: async () => state.offer,
      install: async () => state.installs,
      listen: (track, lang, on) => {
        const one = { track, lang, on, stopped: false }
        listening.push(one)
        return () => {
          one.stopped = true
        }
      },
    },
  })
  captioning.look()
  await Promise.resolve()
  captioning.meet(testView())
  const open = () => listening.filter(({ stopped }) => !stopped).map(({ track, lang }) => `${track} ${lang}`)
  const microphone = (on: boolean, track: string | null = state.track) => {
    Object.assign(state, { on, track })
    changed()
  }
  return { captioning, state, said, listening, open, microphone }
}

test('[CAP5] nobody’s voice is heard before they turned it on', async () => {
  const { captioning, listening, open, said } = await setUp()
  expect(listening).toEqual([])
  captioning.setVoice(true)
  expect(open()).toEqual(['mic 1 en-US'])
  listening[0]?.on.heard('hello', false)
  expect(said).toEqual([{ how: 'speech', text: 'hello', final: false, lang: 'en-US' }])
  captioning.setVoice(false)
  expect(open()).toEqual([])
  expect(captioning.view.voice).toBe('off')
})

test('[CAP5] never while muted, by oneself or by the hosts’ rules', async () => {
  const { captioning, open, microphone } = await setUp()
  captioning.setVoice(true)
  microphone(false)
  expect(open()).toEqual([])
  expect(captioning.view.voice).toBe('waiting')
  microphone(true)
  expect(open()).toEqual(['mic 1 en-US'])
  const barred = [testPerson(0, { mayUnmute: false }), ...testPeople(3).slice(1)]
  captioning.meet(testView({ people: barred }))
  expect(open()).toEqual([])
  captioning.meet(testView())
  expect(open()).toHaveLength(1)
})

test('[CAP5] not at the door, not while away, and off for good after the end', async () => {
  const { captioning, open } = await setUp()
  captioning.setVoice(true)
  captioning.meet(testView({ phase: { at: 'reconnecting', since: 0 } }))
  expect(open()).toEqual([])
  captioning.meet(testView())
  expect(open()).toHaveLength(1)
  captioning.meet(testView({ phase: { at: 'ended', why: 'left' } }))
  captioning.meet(testView())
  expect(open()).toEqual([])
  expect(captioning.view.voice).toBe('off')
})

test('[CAP5] another microphone is another listening, and the one before has ended', async () => {
  const { captioning, open, microphone } = await setUp()
  captioning.setVoice(true)
  microphone(true, 'mic 2')
  expect(open()).toEqual(['mic 2 en-US'])
  microphone(true, null)
  expect(open()).toEqual([])
})

test('[CAP5] where the device cannot, the switch does nothing', async () => {
  for (const offer of ['downloadable', 'downloading', 'unavailable', 'unsupported'] as const) {
    const { captioning, listening } = await setUp(offer)
    captioning.setVoice(true)
    expect(listening).toEqual([])
    expect(captioning.view).toMatchObject({ voice: 'off', offer })
  }
})

test('[CAP5] another language ends what listens, and asks the browser anew', async () => {
  const { captioning, open, state } = await setUp()
  captioning.setVoice(true)
  state.offer = 'unavailable'
  captioning.setLanguage('ja-JP')
  expect(open()).toEqual([])
  expect(captioning.view).toMatchObject({ voice: 'off', offer: 'checking' })
  await Promise.resolve()
  expect(captioning.view.offer).toBe('unavailable')
})

test('[CAP5] a language is fetched by a press, and what became of it is said', async () => {
  const { captioning, state } = await setUp('downloadable')
  state.installs = false
  await captioning.install()
  expect(captioning.view).toMatchObject({ offer: 'downloadable', installFailed: true })
  Object.assign(state, { installs: true, offer: 'available' })
  await captioning.install()
  expect(captioning.view).toMatchObject({ offer: 'available', installFailed: false })
})

test('[CAP5] a recogniser that fails is off until it is wanted again', async () => {
  const { captioning, listening, open } = await setUp()
  captioning.setVoice(true)
  const [first] = listening
  if (first) first.stopped = true
  first?.on.failed()
  expect(captioning.view.voice).toBe('failed')
  captioning.meet(testView())
  expect(open()).toEqual([])
  captioning.setVoice(true)
  expect(open()).toHaveLength(1)
})

test('the first of the browser’s languages that can be chosen is chosen', () => {
  expect(spokenLanguage(['oc', 'fr-CA', 'en'])).toBe('fr-FR')
  expect(spokenLanguage(['tlh'])).toBe('en-US')
})
