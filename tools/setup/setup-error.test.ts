import { expect, test } from 'vitest'
import { explainFailure, explainFileError, SetupError } from './setup-error.mjs'

test.each([
  ['npm error code ENOTFOUND', 'no-network'],
  ['npm error code EAI_AGAIN', 'no-network'],
  ["W: Failed to fetch … Temporary failure resolving 'deb.debian.org'", 'no-network'],
  ['npm error code ENOSPC', 'disk-full'],
  ['fatal error: error writing to /tmp/cc.s: No space left on device', 'disk-full'],
  ['npm error code EACCES', 'no-permission'],
  ["EROFS: read-only file system, mkdir '/x'", 'no-permission'],
  ['error: expected ; before }', 'build-failed'],
])('%s is explained as %s', (output, code) => {
  const error = explainFailure('Step failed', output, 'build-failed')
  expect(error.code).toBe(code)
  expect(error.message).toMatch(/^Step failed\./)
  expect(error.hint).toContain(output)
})

test('the hint is the end of a long output', () => {
  const output = Array.from({ length: 100 }, (_, at) => `line ${at}`).join('\n')
  expect(explainFailure('x', output, 'build-failed').hint?.split('\n')).toHaveLength(15)
})

test('colours and stack lines are left out', () => {
  const output = '\x1b[31mMissing export\x1b[0m\n    at build (file:///x/node.js:31:2)\n'
  expect(explainFailure('x', output, 'build-failed').hint).toBe('Missing export')
})

test("the file system's errors become messages, our own defects stay as they are", () => {
  const full = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' })
  expect(explainFileError(full, 'Step failed')).toMatchObject({ code: 'disk-full' })
  const bug = new TypeError('x is not a function')
  expect(explainFileError(bug, 'Step failed')).toBe(bug)
  const known = new SetupError('old-node', 'old')
  expect(explainFileError(known, 'Step failed')).toBe(known)
})
