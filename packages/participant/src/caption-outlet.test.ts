import { FakeClock } from '@huisclos/testkit'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { CaptionOutlet } from './caption-outlet.ts'
import { Captions } from './captions.ts'
import type { Caption } from './messages/caption.ts'

function setUp() {
  const clock = new FakeClock()
  const sent: { caption: Caption; at: number }[] = []
  const own: Caption[] = []
  const began = clock.now()
  const net = { open: true, waiting: [] as (() => void)[] }
  const outlet = new CaptionOutlet({
    clock,
    said: (caption) => own.push(caption),
    send: (caption) => {
      sent.push({ caption, at: clock.now() - began })
      return net.open ? Promise.resolve(true) : new Promise<void>((done) => net.waiting.push(done))
    },
  })
  const speak = (text: string, final = false) => outlet.say({ how: 'speech', text, final, lang: 'en' })
  const type = (text: string, final = true) => outlet.say({ how: 'typed', text, final, lang: 'fr' })
  const texts = () => sent.map(({ caption }) => `${caption.line} ${caption.text}${caption.final ? '.' : '…'}`)
  const reopen = () => {
    net.open = true
    for (const done of net.waiting.splice(0)) done()
  }
  return { clock, outlet, sent, own, net, speak, type, texts, reopen }
}

test('[CAP2] words that come faster than twice a second leave as the latest state of their line', async () => {
  const { clock, speak, texts, sent, own } = setUp()
  for (let i = 1; i <= 20; i++) {
    speak('word '.repeat(i))
    await clock.advance(100)
  }
  speak('Twenty words.', true)
  await clock.advance(1_000)
  expect(texts()[0]).toBe('1 word…')
  expect(texts().at(-1)).toBe('1 Twenty words..')
  expect(sent.length).toBeLessThanOrEqual(6)
  for (const [i, { at }] of sent.entries())
    if (i > 0) expect(at - (sent[i - 1]?.at ?? 0)).toBeGreaterThanOrEqual(500)
  // Here they show at once.
  expect(own).toHaveLength(21)
})

test('[CAP2] finished lines wait their turn, none is lost', async () => {
  const { clock, type, texts } = setUp()
  for (const line of ['one', 'two', 'three']) type(line)
  await clock.advance(2_000)
  expect(texts()).toEqual(['1 one.', '2 two.', '3 three.'])
})

test('[CAP2] without network nothing piles up, and what is old by then stays unsaid', async () => {
  const { clock, speak, texts, net, reopen } = setUp()
  net.open = false
  speak('on its way')
  await clock.advance(1_000)
  for (let i = 0; i < 100; i++) {
    speak(`line ${i}`, true)
    await clock.advance(600)
  }
  reopen()
  await clock.advance(20_000)
  expect(texts()[0]).toBe('1 on its way…')
  expect(texts()[1]).toBe('76 line 75.')
  expect(texts().at(-1)).toBe('100 line 99.')
})

test('[CAP1] a speaker who never pauses fills line after line, and no word is cut or lost', async () => {
  void fc.assert(
    fc.property(
      fc.array(fc.constantFrom('a', 'meeting', 'réunion', 'antidisestablishmentarianism'), {
        minLength: 1,
        maxLength: 300,
      }),
      (words) => {
        const { speak, own } = setUp()
        for (let i = 1; i <= words.length; i += 3) speak(words.slice(0, i).join(' '))
        speak(words.join(' '), true)
        const captions = new Captions()
        for (const caption of own) captions.receive({ leaf: 0, pseudonym: 'ada', self: true }, caption, 0)
        expect(captions.lines.map(({ text }) => text).join(' ')).toBe(words.join(' '))
        expect(captions.lines.every(({ final }) => final)).toBe(true)
      },
    ),
    { numRuns: 40 },
  )
})

test('[CAP1] speech and typing have lines of their own, and a line nobody began is not taken back', async () => {
  const { clock, speak, type, texts } = setUp()
  speak('', true)
  speak('hello')
  type('[applause]')
  speak('hello all', true)
  await clock.advance(3_000)
  expect(texts()).toEqual(['1 hello…', '2 [applause].', '1 hello all.'])
})

test('[CAP1] after a stay nothing of it is said, and numbers go on', async () => {
  const { clock, outlet, type, texts } = setUp()
  type('sent')
  type('kept back')
  outlet.stop()
  await clock.advance(2_000)
  type('in the next')
  await clock.advance(2_000)
  expect(texts()).toEqual(['1 sent.', '3 in the next.'])
})
