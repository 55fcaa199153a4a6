// Who is on the stage: alone, two, gallery, focus.
import { describe, expect, test } from 'vitest'
import type { StageWishes } from './stage-plan.ts'
import { planStage } from './stage-plan.ts'
import { testPeople, testPerson, testStream } from './test-people.ts'

const wishes = (part: Partial<StageWishes> = {}): StageWishes => ({
  layout: 'gallery',
  pinned: null,
  speaker: null,
  page: 0,
  perPage: 16,
  ...part,
})
const sharing = testPerson(2, { streams: [testStream('camera'), testStream('screen')] })

describe('planStage', () => {
  test('one person is alone', () => {
    expect(planStage(testPeople(1), wishes())).toEqual({ at: 'solo', self: { leaf: 0, kind: 'person' } })
  })

  test('nobody yet is drawn as alone, never as a crash', () => {
    expect(planStage([], wishes()).at).toBe('solo')
  })

  test('of two, the other fills the stage', () => {
    expect(planStage(testPeople(2), wishes())).toEqual({
      at: 'pair',
      other: { leaf: 1, kind: 'person' },
      self: { leaf: 0, kind: 'person' },
    })
  })

  test('thirty people take two pages, and every one of them is on exactly one', () => {
    const pages = [0, 1].map((page) => planStage(testPeople(30), wishes({ page })))
    const leaves = pages.flatMap((plan) => (plan.at === 'gallery' ? plan.tiles.map((tile) => tile.leaf) : []))
    expect(leaves.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 30 }, (_, leaf) => leaf))
  })

  test('a page that no longer exists becomes the last one', () => {
    expect(planStage(testPeople(17), wishes({ page: 9 }))).toMatchObject({ at: 'gallery', page: 1, pages: 2 })
  })

  test('somebody’s screen takes the focus, with everyone in the strip', () => {
    const plan = planStage([...testPeople(2), sharing], wishes())
    expect(plan).toMatchObject({ at: 'focus', main: { leaf: 2, kind: 'screen' } })
    expect(plan.at === 'focus' && plan.strip.map((tile) => tile.leaf)).toEqual([0, 1, 2])
  })

  test('one’s own screen is not shown to oneself', () => {
    const self = testPerson(0, { streams: [testStream('screen')] })
    expect(planStage([self, testPerson(1), testPerson(2)], wishes()).at).toBe('gallery')
  })

  test('a pin goes before a screen; a pin on somebody who left counts for nothing', () => {
    const people = [...testPeople(2), sharing]
    expect(planStage(people, wishes({ pinned: { leaf: 1, kind: 'person' } }))).toMatchObject({
      main: { leaf: 1 },
    })
    expect(planStage(people, wishes({ pinned: { leaf: 9, kind: 'person' } }))).toMatchObject({
      main: { leaf: 2 },
    })
  })

  test('speaker view follows who spoke last, and is a gallery until somebody speaks', () => {
    expect(planStage(testPeople(4), wishes({ layout: 'speaker', speaker: 3 }))).toMatchObject({
      main: { leaf: 3 },
    })
    expect(planStage(testPeople(4), wishes({ layout: 'speaker' })).at).toBe('gallery')
  })
})
