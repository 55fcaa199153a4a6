import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { RecogniserClass } from './on-device-speech.ts'
import { OnDeviceSpeech, pageRecogniser } from './on-device-speech.ts'

/** As the Web Speech API says and Chromium does: a start that is refused tells `error` and no `end`. */
class FakeRecogniser extends EventTarget {
  static answer = 'available'
  static installs = true
  static asked: object[] = []
  static made: FakeRecogniser[] = []
  static takesLocal = true
  static available = async (options: object) => {
    FakeRecogniser.asked.push(options)
    return FakeRecogniser.answer
  }
  static install = async (options: object) => {
    FakeRecogniser.asked.push(options)
    return FakeRecogniser.installs
  }
  lang = ''
  continuous = false
  interimResults = false
  started: unknown[] = []
  aborted = false
  #local = false
  get processLocally() {
    return this.#local
  }
  set processLocally(local: boolean) {
    this.#local = local && FakeRecogniser.takesLocal
  }
  constructor() {
    super()
    FakeRecogniser.made.push(this)
  }
  start(track?: unknown) {
    this.started.push(track)
  }
  abort() {
    this.aborted = true
  }
  hear(...results: [text: string, final: boolean][]) {
    const list = results.map(([transcript, isFinal]) => ({ 0: { transcript }, isFinal }))
    this.dispatchEvent(Object.assign(new Event('result'), { resultIndex: 0, results: list }))
  }
  fail(error: string) {
    this.dispatchEvent(Object.assign(new Event('error'), { error }))
  }
  end() {
    this.dispatchEvent(new Event('end'))
  }
}
class SwitchOnly {
  get processLocally() {
    return false
  }
}
const asClass = FakeRecogniser as unknown as RecogniserClass
const track = { kind: 'audio', readyState: 'live' } as MediaStreamTrack

beforeEach(() => {
  vi.useFakeTimers()
  Object.assign(FakeRecogniser, {
    answer: 'available',
    installs: true,
    asked: [],
    made: [],
    takesLocal: true,
  })
})
afterEach(() => {
  vi.useRealTimers()
})

async function listen(recogniser: RecogniserClass | null = asClass) {
  const said: string[] = []
  const stop = new OnDeviceSpeech(recogniser).listen(track, 'fr-FR', {
    heard: (text, final) => said.push(`${text}${final ? '.' : '…'}`),
    failed: () => said.push('failed'),
  })
  await vi.advanceTimersByTimeAsync(0)
  const last = () => FakeRecogniser.made.at(-1) as FakeRecogniser
  return { said, stop, last }
}

test('[CAP5] the recogniser is asked to stay on the device, for the microphone that is sent', async () => {
  const { said, last } = await listen()
  expect(FakeRecogniser.asked).toEqual([{ langs: ['fr-FR'], processLocally: true }])
  expect(last()).toMatchObject({
    lang: 'fr-FR',
    continuous: true,
    interimResults: true,
    processLocally: true,
  })
  expect(last().started).toEqual([track])
  last().hear(['bon', false])
  last().hear(['Bonjour', true], [' à', false])
  expect(said).toEqual(['bon…', 'Bonjour.', ' à…'])
})

test.each([
  ['has none', {}],
  ['knows only one that sends the sound away', { webkitSpeechRecognition: class {} }],
  ['has the switch and cannot say what it holds', { SpeechRecognition: SwitchOnly }],
])('[CAP5] a browser that %s has no recogniser for us, and none is started', async (_, page) => {
  expect(pageRecogniser(page)).toBe(null)
  const { said } = await listen(null)
  expect(said).toEqual(['failed'])
  expect(await new OnDeviceSpeech(null).offer('fr-FR')).toBe('unsupported')
  expect(await new OnDeviceSpeech(null).install('fr-FR')).toBe(false)
})

test('[CAP5] control: one that can be kept to the device is found, by either name', () => {
  expect(pageRecogniser({ SpeechRecognition: FakeRecogniser })).toBe(FakeRecogniser)
  expect(pageRecogniser({ webkitSpeechRecognition: FakeRecogniser })).toBe(FakeRecogniser)
})

test('[CAP5] a recogniser that does not take the switch is never started', async () => {
  FakeRecogniser.takesLocal = false
  const { said, last } = await listen()
  expect(last().started).toEqual([])
  expect(said).toEqual(['failed'])
})

test.each(['downloadable', 'downloading', 'unavailable', 'something new'])(
  '[CAP5] where the language is %s nothing is started',
  async (answer) => {
    FakeRecogniser.answer = answer
    const { said } = await listen()
    expect(FakeRecogniser.made).toEqual([])
    expect(said).toEqual(['failed'])
  },
)

test('[CAP5] stopped, it hears nothing more, also while the browser was still being asked', async () => {
  const { said, stop, last } = await listen()
  last().hear(['half a', false])
  stop()
  expect(last().aborted).toBe(true)
  last().hear(['half a secret', true])
  last().end()
  await vi.advanceTimersByTimeAsync(5_000)
  expect(said).toEqual(['half a…', 'half a.'])
  expect(FakeRecogniser.made).toHaveLength(1)
  new OnDeviceSpeech(asClass).listen(track, 'fr-FR', { heard: () => {}, failed: () => {} })()
  await vi.advanceTimersByTimeAsync(1_000)
  expect(FakeRecogniser.made).toHaveLength(1)
})

test('[CAP5] it goes on after the pauses at which browsers end it, and finishes the line', async () => {
  const { said, last } = await listen()
  for (let i = 0; i < 20; i++) {
    last().hear([`line ${i}`, false])
    await vi.advanceTimersByTimeAsync(2_000)
    if (i % 2 === 0) last().fail('no-speech')
    last().end()
    await vi.advanceTimersByTimeAsync(300)
  }
  expect(FakeRecogniser.made).toHaveLength(21)
  expect(said.filter((each) => each.endsWith('.'))).toHaveLength(20)
})

test('[CAP5] one that ends at once over and over is given up', async () => {
  const { said, last } = await listen()
  for (let i = 0; i < 10; i++) {
    last().end()
    await vi.advanceTimersByTimeAsync(300)
  }
  expect(said).toEqual(['failed'])
  expect(FakeRecogniser.made.length).toBeLessThanOrEqual(7)
})

test.each(['service-not-allowed', 'language-not-supported', 'network', 'not-allowed', 'audio-capture'])(
  '[CAP5] after the error %s, which no end follows, it has failed and starts no more',
  async (error) => {
    const { said, last } = await listen()
    last().hear(['so far', false])
    last().fail(error)
    await vi.advanceTimersByTimeAsync(5_000)
    expect(said).toEqual(['so far…', 'so far.', 'failed'])
    expect(FakeRecogniser.made).toHaveLength(1)
  },
)
