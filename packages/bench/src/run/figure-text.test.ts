import { describe, expect, test } from 'vitest'
import type { Figure } from './bench.ts'
import { badFirst, formatChange, formatValue, formatVerdict, judge } from './figure-text.ts'

const figure = (more: Partial<Figure>): Figure => ({
  id: 'a',
  label: 'A',
  value: 100,
  unit: 'ms',
  better: 'lower',
  ...more,
})

test.each([
  [1234.56, 'ms', '1,235 ms'],
  [99.94, 'ms', '99.9 ms'],
  [55.26, 'µs', '55.3 µs'],
  [1.066, '×', '1.07 ×'],
  [0.004, '%', '0.00 %'],
  [132_900, 'packets/s', '132,900 packets/s'],
] as const)('%d %s is written %s', (value, unit, text) => {
  expect(formatValue(value, unit)).toBe(text)
})

test.each([
  [112, 100, '+12 %'],
  [97, 100, '−3 %'],
  [100.2, 100, '±0 %'],
  [99.8, 100, '±0 %'],
  [5, 0, null],
  [5, undefined, null],
])('from %d, before %d: %s', (value, before, text) => {
  expect(formatChange(value, before)).toBe(text)
})

describe('a verdict', () => {
  test('follows the aim in both directions', () => {
    expect(judge(figure({ aim: 99 }))).toBe('misses-aim')
    expect(judge(figure({ aim: 100 }))).toBe('fine')
    expect(judge(figure({ better: 'higher', aim: 101 }))).toBe('misses-aim')
    expect(judge(figure({ better: 'higher', aim: 100 }))).toBe('fine')
  })

  test('is worse beyond a tenth against the run before, and never for getting better', () => {
    expect(judge(figure({}), 90)).toBe('worse')
    expect(judge(figure({}), 95)).toBe('fine')
    expect(judge(figure({}), 200)).toBe('fine')
    expect(judge(figure({ better: 'higher' }), 120)).toBe('worse')
    expect(judge(figure({ better: 'higher' }), 50)).toBe('fine')
  })

  test('is told in words', () => {
    expect(formatVerdict(figure({ aim: 99 }), 'misses-aim')).toBe('misses its aim: at most 99.0 ms')
    expect(formatVerdict(figure({ better: 'higher', aim: 99 }), 'fine')).toBe('aim: at least 99.0 ms')
    expect(formatVerdict(figure({}), 'worse')).toBe('worse than before')
    expect(formatVerdict(figure({}), 'fine')).toBeNull()
  })

  test('puts bad figures first and keeps the order otherwise', () => {
    const verdicts = ['fine', 'worse', 'misses-aim', 'fine', 'misses-aim'] as const
    const listed = badFirst(verdicts.map((verdict, at) => ({ verdict, at })))
    expect(listed.map(({ at }) => at)).toEqual([2, 4, 1, 0, 3])
  })
})
