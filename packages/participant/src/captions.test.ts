import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { Captions } from './captions.ts'
import type { Caption } from './messages/caption.ts'
import { makeCaption } from './messages/caption.ts'

const writer = (name: string, self = false) => ({ leaf: name.charCodeAt(0) % 64, pseudonym: name, self })
const say = (line: number, text: string, part: Partial<Caption> = {}): Caption =>
  makeCaption({ line, text, final: false, lang: 'fr', how: 'speech', ...part })
const shown = (captions: Captions, who?: string) =>
  captions.lines
    .filter(({ pseudonym }) => who === undefined || pseudonym === who)
    .map(({ text, final }) => `${text}${final ? '.' : '…'}`)

test('[CAP1] a line grows until it is final, and the next one begins', () => {
  const captions = new Captions()
  const ada = writer('ada')
  captions.receive(ada, say(1, 'we'), 0)
  captions.receive(ada, say(1, 'we begin'), 500)
  captions.receive(ada, say(1, 'We begin', { final: true }), 1_000)
  captions.receive(ada, say(2, 'with'), 1_500)
  expect(shown(captions)).toEqual(['We begin.', 'with…'])
  expect(captions.lines.map(({ id, at }) => [id, at])).toEqual([
    [1, 0],
    [2, 1_500],
  ])
})

test('[CAP1] a finished line stays as it is, and an old number begins nothing', () => {
  const captions = new Captions()
  const ada = writer('ada')
  captions.receive(ada, say(4, 'no', { final: true }), 0)
  expect(captions.receive(ada, say(4, 'yes', { final: true }), 1)).toBe(false)
  expect(captions.receive(ada, say(3, 'earlier'), 1)).toBe(false)
  expect(captions.receive(ada, say(4, '', { final: true }), 1)).toBe(false)
  expect(shown(captions)).toEqual(['no.'])
})

test('[CAP1] an empty text takes an unfinished line back', () => {
  const captions = new Captions()
  captions.receive(writer('ada'), say(1, 'hm'), 0)
  expect(captions.receive(writer('ada'), say(1, '', { final: true }), 1)).toBe(true)
  expect(captions.lines).toEqual([])
  expect(captions.receive(writer('ada'), say(1, 'again'), 2)).toBe(false)
})

test('[CAP1] what one hears and types at once are two lines, and neither passes for the other', () => {
  const captions = new Captions()
  const ada = writer('ada')
  captions.receive(ada, say(1, 'spoken'), 0)
  captions.receive(ada, say(2, 'typed', { how: 'typed', final: true }), 1)
  expect(captions.receive(ada, say(1, 'typed as spoken', { how: 'typed' }), 2)).toBe(false)
  captions.receive(ada, say(1, 'spoken to the end', { final: true }), 3)
  expect(captions.lines.map(({ how, text }) => `${how} ${text}`)).toEqual([
    'speech spoken to the end',
    'typed typed',
  ])
})

test('[CAP1] each speaks on lines of their own: an equal number is another line', () => {
  const captions = new Captions()
  captions.receive(writer('ada'), say(1, 'I agree'), 0)
  captions.receive(writer('bob'), say(1, 'Ada disagrees', { final: true }), 1)
  expect(shown(captions, 'ada')).toEqual(['I agree…'])
})

test('[CAP2] a flood is dropped beyond its allowance, and nobody else loses a word', () => {
  const captions = new Captions()
  for (let i = 1; i <= 150; i++) captions.receive(writer('ada', true), say(i, `a${i}`, { final: true }), 0)
  let kept = 0
  for (let i = 1; i <= 10_000; i++)
    if (captions.receive(writer('eve'), say(i, 'spam', { final: true }), i)) kept++
  expect(kept).toBeLessThanOrEqual(60 + 30)
  expect(kept).toBeGreaterThan(60)
  expect(shown(captions, 'ada')).toHaveLength(150)
  expect(captions.receive(writer('bob'), say(1, 'still heard'), 10_000)).toBe(true)
})

test('[CAP2] what a cut of half a minute held back is not called a flood', () => {
  const captions = new Captions()
  for (let i = 1; i <= 60; i++)
    expect(captions.receive(writer('ada'), say(i, `${i}`, { final: true }), 30_000)).toBe(true)
})

test('[CAP2] memory has an end, and who has most gives up first', () => {
  const captions = new Captions()
  captions.receive(writer('bob'), say(1, 'early and short', { final: true }), 0)
  void fc.assert(
    fc.property(fc.integer({ min: 600, max: 900 }), (count) => {
      const eve = writer(`eve${count}`)
      for (let i = 1; i <= count; i++) captions.receive(eve, say(i, 'x', { final: true }), i * 1_000)
      expect(captions.lines.length).toBeLessThanOrEqual(500)
      expect(shown(captions, 'bob')).toEqual(['early and short.'])
    }),
    { numRuns: 3 },
  )
})

test('[CAP2] a clock that is put back opens no gate', () => {
  const captions = new Captions()
  for (let i = 1; i <= 100; i++) captions.receive(writer('eve'), say(i, 'x', { final: true }), 0)
  expect(captions.lines).toHaveLength(60)
  for (let i = 101; i <= 200; i++) captions.receive(writer('eve'), say(i, 'x', { final: true }), -i * 10_000)
  expect(captions.lines).toHaveLength(60)
})
