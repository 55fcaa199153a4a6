import type { CaptionLine } from '@huisclos/participant'
import { expect, test } from 'vitest'
import { CaptionWindow, captionLog, tailOf } from './caption-window.ts'
import { readCaptionLook } from './use-captions.ts'

const line = (id: number, leaf: number, text: string, part: Partial<CaptionLine> = {}): CaptionLine => ({
  id,
  leaf,
  name: `P${leaf}`,
  self: leaf === 0,
  text,
  lang: 'en',
  how: 'speech',
  final: false,
  at: 0,
  ...part,
})
const ids = ({ shown }: { shown: readonly CaptionLine[] }) => shown.map(({ id }) => id)

test('[CAP6] the latest line of each speaker, the last three of all', () => {
  const window = new CaptionWindow()
  window.show([], 0)
  const lines = [line(1, 1, 'a'), line(2, 2, 'b'), line(3, 1, 'c'), line(4, 3, 'd'), line(5, 4, 'e')]
  expect(ids(window.show(lines.slice(0, 3), 1))).toEqual([2, 3])
  expect(ids(window.show(lines, 2))).toEqual([3, 4, 5])
})

test('[CAP6] a line stays as long as it takes to read, from its last word on', () => {
  const window = new CaptionWindow()
  window.show([], 0)
  expect(window.show([line(1, 1, 'one')], 0).untilMs).toBe(5_180)
  expect(ids(window.show([line(1, 1, 'one two')], 5_000))).toEqual([1])
  expect(ids(window.show([line(1, 1, 'one two')], 10_300))).toEqual([1])
  expect(window.show([line(1, 1, 'one two')], 10_500)).toEqual({ shown: [], untilMs: null })
})

test('[CAP6] turning captions on does not bring back what was said before, but what goes on', () => {
  const window = new CaptionWindow()
  expect(ids(window.show([line(1, 1, 'old'), line(2, 2, 'it goes')], 0))).toEqual([])
  expect(ids(window.show([line(1, 1, 'old'), line(2, 2, 'it goes on')], 100))).toEqual([2])
})

test('[CAP6] of a long line its end is shown, from the beginning of a word', () => {
  const tail = tailOf('word '.repeat(60).trim())
  expect(tail).toMatch(/^… word/)
  expect(tail.length).toBeLessThanOrEqual(141)
  expect(tailOf('short')).toBe('short')
  expect(tailOf('😀'.repeat(140)).isWellFormed()).toBe(true)
})

test('[CAP6] the log is who, when and what', () => {
  expect(captionLog([line(1, 1, 'a'), line(2, 2, 'b')], ({ name }) => `10:02 ${name}`)).toBe(
    '10:02 P1: a\n10:02 P2: b',
  )
})

test('[CAP6] how one reads captions is remembered, and off and silent at first', () => {
  expect(readCaptionLook(() => null)).toEqual({ shown: false, size: 'medium', aloud: false })
  expect(readCaptionLook((key) => (key === 'caption-size' ? 'large' : 'on'))).toEqual({
    shown: true,
    size: 'large',
    aloud: true,
  })
})
