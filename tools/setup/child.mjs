// Owns every process that set-up starts. Each gets a process group of its own, so that Ctrl-C, which a terminal sends to
// its whole foreground group, reaches a server once and its media workers not at all (the server ends those), and so
// that what a child leaves running (make's compilers, a test's browsers) can be ended with it.
// Must never leave a process behind: on SIGINT, SIGTERM or SIGHUP, and when the npm that started us is gone, the
// children get the signal, and their whole groups SIGKILL once they have ended or a grace is over.
import { spawn } from 'node:child_process'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { constants, getPriority, setPriority } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { SetupError } from './setup-error.mjs'

/** How long a child may take to end. npm undoes what it did, which nobody needs: it is done again from the start. */
const grace = { quietMs: 2_000, serverMs: 10_000, runtimeMs: 15_000 }
const leftoverMs = 500
const tailChars = 40_000
/** Steps of priority: what runs behind gets a quarter of a processor that we want as well. With 10 it starved. */
const behindNice = 5
/** Each child with its grace in ms. @type {Map<import('node:child_process').ChildProcess, number>} */
const live = new Map()
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

/** @param {import('node:child_process').ChildProcess} child a child that has ended; what it left behind ends too */
async function endGroup(child) {
  signalGroup(child, 'SIGTERM')
  for (let waited = 0; waited < leftoverMs && groupExists(child); waited += 50) await sleep(50)
  signalGroup(child, 'SIGKILL')
}

/** @param {import('node:child_process').ChildProcess} child */
function groupExists(child) {
  try {
    return child.pid !== undefined && process.kill(-child.pid, 0)
  } catch {
    return false
  }
}

function killGroups() {
  for (const child of live.keys()) signalGroup(child, 'SIGKILL')
}

/** @param {NodeJS.Signals} signal */
function interrupt(signal) {
  const again = interruptedBy !== undefined
  interruptedBy = interruptedBy ?? signal
  if (live.size === 0) process.exit(exitStatus(null, signal))
  if (again) return killGroups()
  for (const [child, graceMs] of live) {
    child.kill(signal)
    setTimeout(() => live.has(child) && signalGroup(child, 'SIGKILL'), graceMs).unref()
  }
}

/** @param {number} pid @returns {{ parent: number, name: string } | undefined} undefined where /proc does not tell */
function lookUp(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const close = stat.lastIndexOf(')')
    return {
      parent: Number(stat.slice(close + 2).split(' ')[1]),
      name: stat.slice(stat.indexOf('(') + 1, close),
    }
  } catch {
    return undefined
  }
}

/** npm starts us by way of a shell, or the shell has put us in its own place. @returns {number} */
function npmPid() {
  const parent = lookUp(process.ppid)
  return parent && /^(ba|da|z)?sh$/.test(parent.name) ? parent.parent : process.ppid
}

/**
 * Lets this process end its children when it is told to end. A signal that npm alone gets never reaches us: npm is
 * simply gone, and that counts as the signal. Call once, first thing.
 */
export function forwardSignals() {
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
    process.on(signal, () => interrupt(signal))
  }
  if (!process.env['npm_lifecycle_event']) return
  const npm = npmPid()
  const watch = setInterval(() => {
    if (npmPid() === npm) return
    clearInterval(watch)
    if (interruptedBy === undefined) interrupt('SIGTERM')
  }, 500).unref()
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

/**
 * @param {string} command
 * @param {string[]} args
 * @param {import('node:child_process').SpawnOptions} options
 * @param {number} graceMs
 */
function start(command, args, options, graceMs) {
  throwIfInterrupted()
  const child = spawn(command, args, { ...options, detached: true })
  live.set(child, graceMs)
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
    const { cwd, env } = options
    const child = start(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] }, grace.quietMs)
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
    child.on('exit', () => endGroup(child))
    child.on('close', (code, signal) => {
      live.delete(child)
      if (interruptedBy) reject(new SetupError('interrupted', 'Interrupted. Run the command again to go on.'))
      else resolve({ status: exitStatus(code, signal), output })
    })
  })
}

/**
 * Runs a command in the foreground: it has our output and, where asked, our input. Or, where `behind` names a file, behind
 * something else: its output goes there, and it takes the processor time that is left.
 * @param {string} command
 * @param {string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, input?: boolean, isOurselves?: boolean, behind?: string }} [options]
 *   `isOurselves`: the child is this command again, on another Node, and has children of its own to wait for
 * @returns {Promise<number>} its exit status, a signal counted as a shell does
 */
export function runForeground(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const file = options.behind === undefined ? undefined : openSync(options.behind, 'w')
    const output = file ?? 'inherit'
    const input = options.input && file === undefined ? 'inherit' : 'ignore'
    const graceMs = options.isOurselves ? grace.runtimeMs : grace.serverMs
    const { cwd, env } = options
    const child = start(command, args, { cwd, env, stdio: [input, output, output] }, graceMs)
    if (file !== undefined) {
      closeSync(file)
      standBack(child)
    }
    child.on('error', (error) => {
      live.delete(child)
      reject(error)
    })
    child.on('exit', async (code, signal) => {
      await endGroup(child)
      live.delete(child)
      resolve(exitStatus(code, signal))
    })
  })
}

/** @param {import('node:child_process').ChildProcess} child */
function standBack(child) {
  try {
    if (child.pid !== undefined) setPriority(child.pid, Math.min(getPriority() + behindNice, 19))
  } catch {
    // It has ended already.
  }
}
