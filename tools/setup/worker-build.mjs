// Owns building the media worker from the sources inside mediasoup's npm package (tools/mediasoup-worker/Makefile).
// Objects are kept until the worker runs, so an interrupted build goes on where it stopped.
import { existsSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { availableParallelism, cpus, freemem } from 'node:os'
import { dirname, join } from 'node:path'
import { runQuietly } from './child.mjs'
import { installPackages, missingPackages } from './debian.mjs'
import { checkRoom } from './disk-room.mjs'
import { findCommand, root } from './paths.mjs'
import { step } from './progress.mjs'
import { explainFailure, SetupError } from './setup-error.mjs'
import { workerStarts } from './worker-check.mjs'

const compilers = ['g++', 'make', 'flatc']
const debianPackages = [
  'g++',
  'make',
  'libuv1-dev',
  'libssl-dev',
  'libsrtp2-dev',
  'libabsl-dev',
  'libflatbuffers-dev',
  'flatbuffers-compiler',
]
const neededBytes = 300_000_000
const bytesPerJob = 700_000_000

export const recipeDir = join(root, 'tools', 'mediasoup-worker')

async function ensureCompiler() {
  const why = 'Building the media worker (its prebuilt binary could not be had)'
  if (findCommand('dpkg-query')) return installPackages(why, await missingPackages(debianPackages))
  // Not Debian: the libraries are found out by the compiler.
  if (compilers.some((name) => findCommand(name) === undefined)) {
    return installPackages(why, debianPackages, { isRoot: false, hasApt: false })
  }
}

/** What an interrupted build left. @param {string} buildDir */
function builtObjects(buildDir) {
  if (!existsSync(buildDir)) return 0
  return readdirSync(buildDir, { recursive: true }).filter((file) => String(file).endsWith('.o')).length
}

/** As many compilers at once as there are cores and memory for. */
function jobs() {
  const cores = typeof availableParallelism === 'function' ? availableParallelism() : cpus().length
  return Math.max(1, Math.min(cores, Math.floor(freemem() / bytesPerJob)))
}

/**
 * @param {string} target where the binary is to be; its folder exists
 * @throws {SetupError}
 */
export async function buildWorker(target) {
  await ensureCompiler()
  const buildDir = join(dirname(target), 'build')
  checkRoom(dirname(target), neededBytes, 'Building the media worker')
  const sources = join(root, 'node_modules', 'mediasoup', 'worker')
  const make = ['-f', join(recipeDir, 'Makefile'), `W=${sources}`, `O=${buildDir}`]
  const counted = await runQuietly('make', [...make, 'count'])
  const total = Number.parseInt(counted.output, 10)
  const built = join(buildDir, 'mediasoup-worker')
  await step('Building the media worker, once, some four minutes on two cores', async (report) => {
    let done = builtObjects(buildDir)
    const { status, output } = await runQuietly('make', [...make, `-j${jobs()}`], {
      onLine: (line) => {
        if (!line.startsWith('built ')) return
        done += 1
        report(`${done} of ${total} files`)
      },
    })
    if (status !== 0) throw explainFailure('Building the media worker failed', output, 'build-failed')
    if (!workerStarts(built)) {
      throw new SetupError('worker-broken', 'The media worker was built but does not start.', built)
    }
  })
  renameSync(built, target)
  rmSync(buildDir, { recursive: true, force: true })
}
