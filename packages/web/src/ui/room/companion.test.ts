import { expect, test } from 'vitest'
import { hasTwin } from './companion.ts'

const self = (name: string) => ({ name, self: true })
const other = (name: string) => ({ name, self: false })

test.each([
  ['Chloé', 'Chloé (2)'],
  ['Chloé (2)', 'Chloé'],
  ['chloe', 'Chloé'],
  ['Chloé ', 'CHLOÉ'],
])('[DEV8] "%s" and "%s" are probably one person', (own, theirs) => {
  expect(hasTwin([self(own), other('Bob'), other(theirs)])).toBe(true)
})

test.each([
  ['Chloé', 'Chloé Martin'],
  ['', ''],
  ['Anna (DE)', 'Anna'],
])('[DEV8] "%s" and "%s" are not', (own, theirs) => {
  expect(hasTwin([self(own), other(theirs)])).toBe(false)
})

test('[DEV8] nobody is their own twin', () => {
  expect(hasTwin([self('Ada')])).toBe(false)
  expect(hasTwin([])).toBe(false)
})
