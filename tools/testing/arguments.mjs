// Owns reading the arguments of `npm test`: which runs, which files, and what is handed to vitest as it is.
import { SetupError } from '../setup/setup-error.mjs'

/** @typedef {'verify' | 'unit' | 'e2e' | 'long'} Run */

const usage = 'npm test -- [--only verify|unit|e2e] [--long] [file filters] [-t "title"] [vitest options]'
// Options of vitest that take the next word as their value.
const withValue = new Set(['-t', '--testNamePattern', '--retry', '--bail', '--testTimeout'])

/**
 * @param {string} value
 * @returns {Run}
 */
function readRun(value) {
  if (value === 'verify' || value === 'unit' || value === 'e2e') return value
  throw new SetupError('bad-arguments', `--only ${value}: it takes verify, unit or e2e.`, usage)
}

/**
 * @param {string[]} args
 * @returns {{ runs: Run[], filters: string[], options: string[] }} `filters` are parts of test files' paths
 * @throws {SetupError} bad-arguments
 */
export function readTestArguments(args) {
  /** @type {string[]} */
  const filters = []
  /** @type {string[]} */
  const options = []
  /** @type {Run | undefined} */
  let only
  let long = false
  for (let at = 0; at < args.length; at += 1) {
    const arg = args[at] ?? ''
    if (arg === '--long') long = true
    else if (arg === '--only') only = readRun(args[++at] ?? '')
    else if (arg.startsWith('--only=')) only = readRun(arg.slice('--only='.length))
    else if (withValue.has(arg)) options.push(arg, args[++at] ?? '')
    else if (arg.startsWith('-')) options.push(arg)
    else filters.push(arg.replace(/^\.\//, ''))
  }
  if (long && only)
    throw new SetupError('bad-arguments', '--long is a run of its own: leave --only out.', usage)
  return { runs: chooseRuns(long, only, filters.length + options.length > 0), filters, options }
}

/**
 * @param {boolean} long
 * @param {Run | undefined} only
 * @param {boolean} picked whether some tests were named: the whole project is not checked for them
 * @returns {Run[]}
 */
function chooseRuns(long, only, picked) {
  if (long) return ['long']
  if (only) return [only]
  return picked ? ['unit', 'e2e'] : ['verify', 'unit', 'e2e']
}
