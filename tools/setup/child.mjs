// Owns every process that set-up starts. Each gets a process group of its own, so that one signal ends it together
// with all that it started (make's compilers, a server's media workers, a test's browsers), and so that Ctrl-C, which
// a terminal sends to its whole foreground group, reaches a server once and not twice.
// Must never leave a child behind: on SIGINT, SIGTERM or SIGHUP all groups get the signal, and after a grace SIGKILL.
import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { SetupError } from './setup-error.mjs'

const graceMs = 10_000
const tailChars = 40_000
/** @type {Set<import('node:child_process').ChildProcess>} */
const live = new Set()
/** @type {NodeJS.Signals | undefined} */
let interruptedBy

/** @param {import('node:child_process').ChildProcess} child @param {NodeJS.Signals} signal */
function signalGroup(child, signal) {
  if (child.pid === undefined) return
  try {
    process.kill(-child.pid, signal)
  } catch {
    // The group has ended already.
  }
}

/** @param {NodeJS.Signals} signal */
function signalGroups(signal) {
  for (const child of live) signalGroup(child, signal)
}

/** @param {NodeJS.Signals} signal */
function interrupt(signal) {
  if (interruptedBy) {
    signalGroups('SIGKILL')
    return
  }
  interruptedBy = signal
  if (live.size === 0) process.exit(exitStatus(null, signal))
  signalGroups(signal)
  setTimeout(() => signalGroups('SIGKILL'), graceMs).unref()
}

/** Lets this process end its children when it is told to end. Call once, first thing. */
export function forwardSignals() {
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
    process.on(signal, () => interrupt(signal))
  }
}

/** Throws where a signal has asked for the end: between two steps nothing new is started. */
export function throwIfInterrupted() {
  if (interruptedBy) throw new SetupError('interrupted', 'Interrupted. Run the command again to go on.')
}

/**
 * The exit status a shell would show.
 * @param {number | null} code
 * @param {NodeJS.Signals | null} signal
 */
export function exitStatus(code, signal) {
  if (code !== null) return code
  return 128 + (signal ? constants.signals[signal] : 0)
}

/**
 * @typedef {object} RunOptions
 * @property {string} [cwd]
 * @property {NodeJS.ProcessEnv} [env]
 * @property {(line: string) => void} [onLine] called with each line of output
 */

/** @param {string} command @param {string[]} args @param {import('node:child_process').SpawnOptions} options */
function start(command, args, options) {
  throwIfInterrupted()
  const child = spawn(command, args, { ...options, detached: true })
  live.add(child)
  return child
}

/**
 * Runs a command, its output collected and not shown.
 * @param {string} command
 * @param {string[]} args
 * @param {RunOptions} [options]
 * @returns {Promise<{ status: number, output: string }>} status 127 where the command cannot be started
 */
export function runQuietly(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = start(command, args, {
      cwd: options.cwd,
      env: options.env,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let output = ''
    let partial = ''
    const take = (/** @type {Buffer} */ chunk) => {
      output = (output + chunk).slice(-tailChars)
      const lines = (partial + chunk).split('\n')
      partial = lines.pop() ?? ''
      for (const line of lines) options.onLine?.(line)
    }
    child.stdout?.on('data', take)
    child.stderr?.on('data', take)
    child.on('error', (error) => {
      live.delete(child)
      resolve({ status: 127, output: `${output}\n${error.message}` })
    })
    child.on('close', (code, signal) => {
      live.delete(child)
      if (interruptedBy) reject(new SetupError('interrupted', 'Interrupted. Run the command again to go on.'))
      else resolve({ status: exitStatus(code, signal), output })
    })
  })
}

/**
 * Runs a command in the foreground: it has our output and, where asked, our input.
 * @param {string} command
 * @param {string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, input?: boolean }} [options]
 * @returns {Promise<number>} its exit status, a signal counted as a shell does
 */
export function runForeground(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const stdio = /** @type {const} */ ([options.input ? 'inherit' : 'ignore', 'inherit', 'inherit'])
    const child = start(command, args, { cwd: options.cwd, env: options.env, stdio: [...stdio] })
    child.on('error', (error) => {
      live.delete(child)
      reject(error)
    })
    child.on('exit', (code, signal) => {
      // What the child itself left running in its group ends with it.
      signalGroup(child, 'SIGTERM')
      live.delete(child)
      resolve(exitStatus(code, signal))
    })
  })
}
