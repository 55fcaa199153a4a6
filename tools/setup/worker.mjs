// Owns where the media worker comes from: one named by the person, one from the cache, the official prebuilt binary,
// or one built here. Each is seen to start before it is used.
import { mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { withLock } from './lock.mjs'
import { cacheRoots, installedVersion, isWritable, platform } from './paths.mjs'
import { say, step } from './progress.mjs'
import { explainFileError, SetupError } from './setup-error.mjs'
import { hashTree, readStamp, writeStamp } from './stamp.mjs'
import { buildWorker, recipeDir } from './worker-build.mjs'
import { workerStarts } from './worker-check.mjs'
import { fetchPrebuilt } from './worker-prebuilt.mjs'

/** @typedef {{ from: 'release' } | { from: 'sources', recipe: string }} Origin */

/**
 * Whether a cached worker is one that we would make or fetch today.
 * @param {unknown} origin its stamp
 * @param {string} recipe hash of today's recipe
 */
export function isCurrent(origin, recipe) {
  if (typeof origin !== 'object' || origin === null || !('from' in origin)) return false
  return origin.from === 'release' || ('recipe' in origin && origin.recipe === recipe)
}

/** @param {string} file */
const originFile = (file) => join(dirname(file), 'origin.json')

/** @param {string} target @param {string} version @param {string} recipe @returns {Promise<void>} */
async function obtain(target, version, recipe) {
  mkdirSync(dirname(target), { recursive: true })
  const failure = await step('Looking for a prebuilt media worker', () => fetchPrebuilt(version, target))
  if (failure === undefined) return writeStamp(originFile(target), { from: 'release' })
  say(`    none to be had (${failure}): building it`)
  await buildWorker(target)
  writeStamp(originFile(target), { from: 'sources', recipe })
}

/** @param {string} file */
function named(file) {
  if (workerStarts(file)) return file
  throw new SetupError('worker-broken', `MEDIASOUP_WORKER_BIN names ${file}, which does not start.`)
}

/**
 * @returns {Promise<string>} the worker's path, for MEDIASOUP_WORKER_BIN
 * @throws {SetupError}
 */
export async function ensureWorker() {
  const given = process.env['MEDIASOUP_WORKER_BIN']
  if (given) return named(given)
  const version = installedVersion('mediasoup')
  if (!version) throw new SetupError('missing-file', 'mediasoup is not among the installed dependencies.')
  const recipe = hashTree(recipeDir, [recipeDir])
  const roots = cacheRoots()
  const inRoot = (/** @type {string} */ dir) =>
    join(dir, 'mediasoup-worker', `${version}-${platform}`, 'mediasoup-worker')
  const isReady = (/** @type {string} */ file) =>
    isCurrent(readStamp(originFile(file)), recipe) && workerStarts(file)
  const cached = roots.map(inRoot).find(isReady)
  if (cached) return cached
  const cacheDir = roots.find(isWritable)
  if (!cacheDir) {
    throw new SetupError(
      'no-permission',
      'The media worker cannot be kept anywhere.',
      `Tried: ${roots.join(', ')}`,
    )
  }
  const target = inRoot(cacheDir)
  try {
    await withLock(dirname(target), async () => {
      if (!isReady(target)) await obtain(target, version, recipe)
    })
  } catch (error) {
    throw explainFileError(error, `The media worker cannot be put into ${dirname(target)}`)
  }
  return target
}
