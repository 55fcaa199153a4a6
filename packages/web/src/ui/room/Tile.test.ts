// Initials on a door, and the comparison code cut into fives.
import { describe, expect, test } from 'vitest'
import { inFives } from './CodeCard.tsx'
import { initialsOf } from './Tile.tsx'

describe('initialsOf', () => {
  test.each([
    ['Camille Lefèvre', 'CL'],
    ['Anne-Sophie de La Rochefoucauld', 'AR'],
    ['Priya', 'P'],
    ['Camille Lefèvre (2)', 'CL'],
    ['', ''],
    ['李 伟', '李伟'],
    ['e\u0301mile', 'E\u0301'],
  ])('%s → %s', (name, initials) => {
    expect(initialsOf(name)).toBe(initials)
  })
})

test('[ROS3] thirty digits are read out in six fives', () => {
  expect(inFives('402719385561047723916840052817')).toEqual([
    '40271',
    '93855',
    '61047',
    '72391',
    '68400',
    '52817',
  ])
})
