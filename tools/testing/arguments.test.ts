import { expect, test } from 'vitest'
import { readTestArguments } from './arguments.mjs'

test.each([
  [[], ['verify', 'unit', 'e2e'], [], []],
  [['--only', 'unit'], ['unit'], [], []],
  [['--only=e2e'], ['e2e'], [], []],
  [['--only', 'verify'], ['verify'], [], []],
  [['--long'], ['long'], [], []],
  [['packages/crypto', './e2e/a.test.ts'], ['unit', 'e2e'], ['packages/crypto', 'e2e/a.test.ts'], []],
  [['--only', 'unit', 'room', '-t', 'GRP4 x'], ['unit'], ['room'], ['-t', 'GRP4 x']],
  [['--bail=1'], ['unit', 'e2e'], [], ['--bail=1']],
])('%j', (args, runs, filters, options) => {
  expect(readTestArguments(args)).toEqual({ runs, filters, options })
})

test.each([[['--only', 'units']], [['--only']], [['--long', '--only', 'unit']]])('%j is refused', (args) => {
  expect(() => readTestArguments(args)).toThrow(expect.objectContaining({ code: 'bad-arguments' }))
})
