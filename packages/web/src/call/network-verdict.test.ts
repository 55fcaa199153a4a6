import { expect, test } from 'vitest'
import type { OwnHealth, PersonHealth } from './network-verdict.ts'
import { judgeTiles, sameVerdicts } from './network-verdict.ts'

const fine: OwnHealth = { leaf: 0, lossUp: 0, roundTripMs: 40 }
const person = (leaf: number, part: Partial<PersonHealth> = {}): PersonHealth => ({
  leaf,
  active: true,
  loss: 0,
  concealed: 0,
  held: null,
  ...part,
})
const verdicts = (own: OwnHealth, ...people: PersonHealth[]) =>
  Object.fromEntries(
    [...judgeTiles(own, people)].map(([leaf, { whose, picture }]) => [leaf, `${whose} ${picture}`]),
  )

test('where all is well no tile says anything', () => {
  expect(verdicts(fine, person(1), person(2, { loss: 0.02, concealed: 0.05 }))).toEqual({})
})

test('one who suffers among others who do not: it is their connection', () => {
  expect(verdicts(fine, person(1, { loss: 0.2 }), person(2))).toEqual({ 1: 'theirs flows' })
  expect(verdicts(fine, person(1, { concealed: 0.3 }), person(2))).toEqual({ 1: 'theirs flows' })
})

test('all who send suffer: it is ours, and who sends nothing does not count', () => {
  const silent = person(3, { active: false })
  expect(verdicts(fine, person(1, { loss: 0.2 }), person(2, { loss: 0.1 }), silent)).toEqual({
    1: 'ours flows',
    2: 'ours flows',
  })
})

test('one other person alone: our own way out and its delay decide', () => {
  expect(verdicts(fine, person(1, { loss: 0.2 }))).toEqual({ 1: 'theirs flows' })
  expect(verdicts({ ...fine, roundTripMs: 900 }, person(1, { loss: 0.2 }))).toEqual({
    0: 'ours flows',
    1: 'ours flows',
  })
  expect(verdicts({ ...fine, lossUp: 0.08, roundTripMs: null }, person(1))).toEqual({ 0: 'ours flows' })
})

test('[SIG17] a picture that is held says whose path holds it, and ours explains what else suffers', () => {
  expect(verdicts(fine, person(1, { held: 'ours' }), person(2))).toEqual({ 1: 'ours held' })
  expect(verdicts(fine, person(1, { held: 'theirs' }), person(2))).toEqual({ 1: 'theirs held' })
  expect(verdicts(fine, person(1, { held: 'ours' }), person(2, { loss: 0.1 }), person(3))).toEqual({
    1: 'ours held',
    2: 'ours flows',
  })
})

test('verdicts are compared by what they say', () => {
  const one = judgeTiles(fine, [person(1, { held: 'ours' })])
  expect(sameVerdicts(one, judgeTiles(fine, [person(1, { held: 'ours' })]))).toBe(true)
  expect(sameVerdicts(one, judgeTiles(fine, [person(1, { held: 'theirs' })]))).toBe(false)
  expect(sameVerdicts(one, new Map())).toBe(false)
})
