// Who is on the stage: alone, two, gallery, focus; and what must hold whatever people and wishes there are.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { StagePlan, StageWishes, TileId } from './stage-plan.ts'
import { pictureInPictureTile, planStage, sameTile, tileKey, togglePin } from './stage-plan.ts'
import { testPeople, testPerson, testStream } from './test-people.ts'

const wishes = (part: Partial<StageWishes> = {}): StageWishes => ({
  layout: 'gallery',
  pins: [],
  spotlight: null,
  speaker: null,
  selfView: true,
  page: 0,
  perPage: 16,
  ...part,
})
const person = (leaf: number): TileId => ({ leaf, kind: 'person' })
const screen = (leaf: number): TileId => ({ leaf, kind: 'screen' })
const sharing = testPerson(2, { streams: [testStream('camera'), testStream('screen')] })

describe('planStage', () => {
  test('one person is alone', () => {
    expect(planStage(testPeople(1), wishes())).toEqual({ at: 'solo', self: person(0) })
  })

  test('nobody yet is drawn as alone, never as a crash', () => {
    expect(planStage([], wishes()).at).toBe('solo')
  })

  test('of two, the other fills the stage', () => {
    expect(planStage(testPeople(2), wishes())).toEqual({ at: 'pair', other: person(1), self: person(0) })
    expect(planStage(testPeople(2), wishes({ layout: 'speaker', speaker: 1, spotlight: 0 })).at).toBe('pair')
  })

  test('thirty people take two pages, and every one of them is on exactly one', () => {
    const pages = [0, 1].map((page) => planStage(testPeople(30), wishes({ page })))
    const leaves = pages.flatMap((plan) => (plan.at === 'gallery' ? plan.tiles.map((tile) => tile.leaf) : []))
    expect(leaves.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 30 }, (_, leaf) => leaf))
  })

  test('[PIC1] forty-nine fit on one page where so many are wished for', () => {
    expect(planStage(testPeople(49), wishes({ perPage: 49 }))).toMatchObject({ pages: 1 })
    expect(planStage(testPeople(50), wishes({ perPage: 49, page: 1 }))).toMatchObject({
      pages: 2,
      tiles: [person(49)],
    })
  })

  test('a page that no longer exists becomes the last one', () => {
    expect(planStage(testPeople(17), wishes({ page: 9 }))).toMatchObject({ at: 'gallery', page: 1, pages: 2 })
  })

  test('somebody’s screen takes the focus, with everyone in the strip', () => {
    const plan = planStage([...testPeople(2), sharing], wishes())
    expect(plan).toEqual({ at: 'focus', mains: [screen(2)], strip: [person(0), person(1), person(2)] })
  })

  test('[PIC2] beside a screen, the spotlight and then the speaker lead the strip', () => {
    const people = [...testPeople(2), sharing, testPerson(3), testPerson(4)]
    expect(planStage(people, wishes({ spotlight: 4, speaker: 3 }))).toMatchObject({
      strip: [person(4), person(3), person(0), person(1), person(2)],
    })
  })

  test('one’s own screen is not shown to oneself', () => {
    const self = testPerson(0, { streams: [testStream('screen')] })
    expect(planStage([self, testPerson(1), testPerson(2)], wishes()).at).toBe('gallery')
  })

  test('a pin goes before a screen; a pin on somebody who left counts for nothing', () => {
    const people = [...testPeople(2), sharing]
    expect(planStage(people, wishes({ pins: [person(1)] }))).toMatchObject({ mains: [person(1)] })
    expect(planStage(people, wishes({ pins: [person(9)] }))).toMatchObject({ mains: [screen(2)] })
  })

  test('[PIC2] several pins share the focus, in the order they were made', () => {
    expect(planStage(testPeople(5), wishes({ pins: [person(3), person(1)] }))).toEqual({
      at: 'focus',
      mains: [person(3), person(1)],
      strip: [person(0), person(2), person(4)],
    })
  })

  test('speaker view follows who has the floor, and is a gallery until somebody speaks', () => {
    expect(planStage(testPeople(4), wishes({ layout: 'speaker', speaker: 3 }))).toMatchObject({
      mains: [person(3)],
    })
    expect(planStage(testPeople(4), wishes({ layout: 'speaker' })).at).toBe('gallery')
  })

  test('[PIC2] the host’s spotlight wins over the speaker and the gallery, not over a pin or a screen', () => {
    const lit = { layout: 'speaker', speaker: 1, spotlight: 3 } as const
    expect(planStage(testPeople(4), wishes(lit))).toMatchObject({ mains: [person(3)] })
    expect(planStage(testPeople(4), wishes({ spotlight: 3 }))).toMatchObject({ mains: [person(3)] })
    expect(planStage(testPeople(4), wishes({ ...lit, pins: [person(2)] }))).toMatchObject({
      mains: [person(2)],
    })
    expect(planStage([...testPeople(2), sharing], wishes(lit))).toMatchObject({ mains: [screen(2)] })
  })

  test('[PIC4] without the self-view one’s own tile is nowhere, except alone', () => {
    expect(planStage(testPeople(2), wishes({ selfView: false }))).toEqual({
      at: 'pair',
      other: person(1),
      self: null,
    })
    expect(planStage(testPeople(3), wishes({ selfView: false }))).toMatchObject({
      tiles: [person(1), person(2)],
    })
    expect(planStage(testPeople(1), wishes({ selfView: false })).at).toBe('solo')
  })
})

describe('whatever people and wishes there are', () => {
  const people = fc
    .record({ count: fc.integer({ min: 2, max: 60 }), screens: fc.array(fc.nat(59), { maxLength: 3 }) })
    .map(({ count, screens }) =>
      testPeople(count).map((one) =>
        screens.includes(one.leaf) ? { ...one, streams: [...one.streams, testStream('screen')] } : one,
      ),
    )
  const tile = fc.record({ leaf: fc.nat(60), kind: fc.constantFrom('person' as const, 'screen' as const) })
  const anyWishes: fc.Arbitrary<StageWishes> = fc.record({
    layout: fc.constantFrom('gallery' as const, 'speaker' as const),
    pins: fc.uniqueArray(tile, { maxLength: 6, selector: tileKey }),
    spotlight: fc.option(fc.nat(60)),
    speaker: fc.option(fc.integer({ min: 1, max: 60 })),
    selfView: fc.boolean(),
    page: fc.integer({ min: -2, max: 70 }),
    perPage: fc.integer({ min: 1, max: 49 }),
  })
  const tilesOf = (plan: StagePlan): readonly TileId[] => {
    if (plan.at === 'solo') return [plan.self]
    if (plan.at === 'pair') return [plan.other, ...(plan.self === null ? [] : [plan.self])]
    return plan.at === 'gallery' ? plan.tiles : [...plan.mains, ...plan.strip]
  }
  const allPages = (crowd: ReturnType<typeof testPeople>, wish: StageWishes): TileId[] => {
    const first = planStage(crowd, { ...wish, page: 0 })
    if (first.at !== 'gallery') return [...tilesOf(first)]
    return Array.from({ length: first.pages }, (_, page) =>
      tilesOf(planStage(crowd, { ...wish, page })),
    ).flat()
  }

  test('[PIC1] everyone is reachable, and nobody twice', () => {
    fc.assert(
      fc.property(people, anyWishes, (crowd, wish) => {
        const keys = allPages(crowd, wish).map(tileKey)
        expect(new Set(keys).size).toBe(keys.length)
        const expected = crowd.filter((one) => wish.selfView || !one.self).map((one) => person(one.leaf))
        for (const one of expected) expect(keys).toContain(tileKey(one))
        if (!wish.selfView) expect(keys).not.toContain(tileKey(person(0)))
      }),
    )
  })

  test('[PIC1] a page never holds more than was wished for, and is never empty', () => {
    fc.assert(
      fc.property(people, anyWishes, (crowd, wish) => {
        const plan = planStage(crowd, wish)
        if (plan.at !== 'gallery') return
        expect(plan.tiles.length).toBeLessThanOrEqual(wish.perPage)
        expect(plan.tiles.length).toBeGreaterThan(0)
      }),
    )
  })

  test('[PIC2] pins that are there are always large, and then nothing else is', () => {
    fc.assert(
      fc.property(people, anyWishes, (crowd, wish) => {
        const all = allPages(crowd, { ...wish, pins: [] })
        const there = wish.pins.filter((pin) => all.some((one) => sameTile(one, pin)))
        if (there.length === 0) return
        const plan = planStage(crowd, wish)
        expect(plan.at === 'focus' && plan.mains).toEqual(there)
      }),
    )
  })

  test('[PIC2] a spotlight on somebody shown is large unless one pins or a screen is shared, whoever speaks', () => {
    fc.assert(
      fc.property(people, anyWishes, (crowd, wish) => {
        const shown = crowd.some((one) => one.leaf === wish.spotlight && (wish.selfView || !one.self))
        const screens = crowd.some((one) => !one.self && one.streams.length > 2)
        if (!shown || screens || crowd.length < 3) return
        const plan = planStage(crowd, { ...wish, pins: [] })
        expect(plan.at === 'focus' && plan.mains).toEqual([person(wish.spotlight ?? -1)])
      }),
    )
  })
})

describe('togglePin', () => {
  test('pins and unpins; a seventh takes the place of the oldest', () => {
    const six = [1, 2, 3, 4, 5, 6].map(person)
    expect(togglePin([], person(1))).toEqual([person(1)])
    expect(togglePin(six, person(3))).toEqual([1, 2, 4, 5, 6].map(person))
    expect(togglePin(six, person(7))).toEqual([2, 3, 4, 5, 6, 7].map(person))
    expect(togglePin([person(1)], screen(1))).toEqual([person(1), screen(1)])
  })
})

describe('pictureInPictureTile', () => {
  test('[PIC5] pin, screen, spotlight, speaker, else the first with a camera; never oneself', () => {
    const dark = testPerson(1, { streams: [testStream('microphone')] })
    const crowd = [testPerson(0), dark, testPerson(2), testPerson(3)]
    expect(pictureInPictureTile(crowd, wishes())).toEqual(person(2))
    expect(pictureInPictureTile(crowd, wishes({ speaker: 3 }))).toEqual(person(3))
    expect(pictureInPictureTile(crowd, wishes({ speaker: 3, spotlight: 1 }))).toEqual(person(1))
    expect(pictureInPictureTile(crowd, wishes({ pins: [person(0), person(3)] }))).toEqual(person(3))
    expect(pictureInPictureTile(testPeople(1), wishes())).toBeNull()
  })
})
