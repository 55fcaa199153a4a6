import { expect, test } from 'vitest'
import { portRanges } from './use-report.ts'

test('ports are told as ranges, in order', () => {
  expect(portRanges([40_002, 40_000, 40_001])).toBe('40000–40002')
  expect(portRanges([40_000, 40_002, 40_003])).toBe('40000, 40002–40003')
  expect(portRanges([40_000])).toBe('40000')
  expect(portRanges([])).toBe('')
})
