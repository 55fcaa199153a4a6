// Only what is on screen is asked for, and no larger than it is shown.
import { describe, expect, test } from 'vitest'
import { testPerson, testStream } from './test-people.ts'
import { sizeFor, wantsOf } from './wanted-size.ts'

describe('wanted sizes', () => {
  test('grow with the tile', () => {
    expect([0, 200, 500, 1200].map((width) => sizeFor('person', width))).toEqual([
      'none',
      'small',
      'medium',
      'large',
    ])
  })

  test('[PIC6] a width near a limit keeps the layer it has', () => {
    expect(sizeFor('person', 255, 'medium')).toBe('medium')
    expect(sizeFor('person', 255, 'small')).toBe('small')
    expect(sizeFor('person', 200, 'medium')).toBe('small')
    expect([600, 500].map((width) => sizeFor('person', width, 'large'))).toEqual(['large', 'medium'])
    expect(sizeFor('person', 0, 'large')).toBe('none')
  })

  test('a shared screen is asked for whole unless it is a thumbnail', () => {
    expect([200, 500].map((width) => sizeFor('screen', width))).toEqual(['small', 'large'])
  })

  test('off screen is none, oneself and sound are not asked for', () => {
    const people = [
      testPerson(0),
      testPerson(1),
      testPerson(2, { streams: [testStream('camera'), testStream('screen'), testStream('screen-audio')] }),
    ]
    expect(wantsOf(people, new Map([['person-1', 400]]))).toEqual([
      { leaf: 1, source: 'camera', size: 'medium' },
      { leaf: 2, source: 'camera', size: 'none' },
      { leaf: 2, source: 'screen', size: 'none' },
    ])
  })
})
