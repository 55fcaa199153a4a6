// Owns how every command of ours begins: on whatever Node 18 or later the machine has, then again on Node 24, then
// each step of set-up that the command needs, and at last the command itself. All failures end here, as a message and
// an exit status.
import { delimiter, dirname } from 'node:path'
import { ensureBrowsers } from './browsers.mjs'
import { exitStatus, forwardSignals, runForeground } from './child.mjs'
import { ensureDependencies } from './dependencies.mjs'
import { root } from './paths.mjs'
import { say } from './progress.mjs'
import { ensureRuntime, majorOf } from './runtime.mjs'
import { SetupError } from './setup-error.mjs'
import { ensureTelephones } from './telephones.mjs'
import { ensureWebClient } from './web.mjs'
import { ensureWorker } from './worker.mjs'

const oldestNode = 18

/** @typedef {'dependencies' | 'worker' | 'web' | 'browsers' | 'telephones'} Need */

/** @param {string} node */
async function runAgainWith(node) {
  const path = `${dirname(node)}${delimiter}${process.env['PATH'] ?? ''}`
  // Node 24 honours the proxy variables only when asked to; npm and apt do so by themselves.
  const env = { ...process.env, PATH: path, NODE_USE_ENV_PROXY: '1' }
  const watch = new URL('./parent-watch.mjs', import.meta.url).href
  return runForeground(node, ['--import', watch, ...process.argv.slice(1)], {
    env,
    input: true,
    isOurselves: true,
  })
}

/** @param {Need[]} needs */
async function setUp(needs) {
  if (needs.includes('dependencies')) await ensureDependencies()
  if (needs.includes('worker')) process.env['MEDIASOUP_WORKER_BIN'] = await ensureWorker()
  if (needs.includes('web')) await ensureWebClient()
  if (needs.includes('browsers')) await ensureBrowsers()
  if (needs.includes('telephones')) await ensureTelephones()
}

/** @param {unknown} error */
function showFailure(error) {
  if (!(error instanceof SetupError)) {
    say(error instanceof Error ? (error.stack ?? error.message) : String(error))
    return 70
  }
  say(`\n${error.code === 'interrupted' ? '' : '✗ '}${error.message}`)
  if (error.hint) say(error.hint.replace(/^/gm, '    '))
  return error.code === 'interrupted' ? exitStatus(null, 'SIGINT') : 1
}

/**
 * Sets the machine up as far as a command needs it, runs the command, and ends this process with its exit status.
 * @param {() => Need[]} needs called first, so that bad arguments (SetupError) cost no set-up
 * @param {() => Promise<number>} command resolves to the exit status
 */
export async function bootstrap(needs, command) {
  forwardSignals()
  try {
    if (majorOf(process.versions.node) < oldestNode) {
      throw new SetupError('old-node', `Node ${oldestNode} or later is needed; this is ${process.version}.`)
    }
    process.chdir(root)
    const wanted = needs()
    const node = await ensureRuntime()
    if (node !== process.execPath) {
      process.exitCode = await runAgainWith(node)
      return
    }
    await setUp(wanted)
    process.exitCode = await command()
  } catch (error) {
    process.exitCode = showFailure(error)
  }
}

/**
 * Runs a TypeScript entry of ours on this Node, in the foreground.
 * @param {string} entry relative to the project
 * @param {string[]} args
 * @param {string} [behind] a file for its output, where it runs behind something else
 */
export function runEntry(entry, args, behind) {
  const watch = new URL('./parent-watch.mjs', import.meta.url).href
  return runForeground(process.execPath, ['--import', watch, entry, ...args], { input: true, behind })
}
