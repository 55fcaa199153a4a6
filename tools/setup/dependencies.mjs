// Owns node_modules: exactly what package-lock.json says, and a look that costs milliseconds where it is so already.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { checkRoom } from './disk-room.mjs'
import { withLock } from './lock.mjs'
import { runNpm } from './npm.mjs'
import { platform, projectCacheDir, root } from './paths.mjs'
import { step } from './progress.mjs'
import { explainFileError, SetupError } from './setup-error.mjs'
import { hashFile, readStamp, stampMatches, writeStamp } from './stamp.mjs'

// Of which npm's cache takes a third.
const neededBytes = 700_000_000

/**
 * @typedef {{ version?: string, integrity?: string, link?: boolean, optional?: boolean, resolved?: string }} Entry
 * @typedef {{ packages?: Record<string, Entry> }} Lock
 */

/**
 * Whether what npm noted as installed is what the lock file wants. Optional packages may be missing (they are for
 * other machines), none may have another version.
 * @param {Lock} wanted package-lock.json
 * @param {Lock} installed node_modules/.package-lock.json
 * @param {(path: string) => boolean} exists asked for each installed package's folder
 */
export function installedMatches(wanted, installed, exists) {
  const found = installed.packages ?? {}
  for (const [path, entry] of Object.entries(wanted.packages ?? {})) {
    if (!path.startsWith('node_modules/') && !path.includes('/node_modules/')) continue
    const there = found[path]
    if (!there) {
      if (entry.optional) continue
      return false
    }
    if (there.version !== entry.version || there.integrity !== entry.integrity || !exists(path)) return false
  }
  return Object.keys(found).every(
    (path) => wanted.packages?.[path] !== undefined || !path.includes('node_modules/'),
  )
}

/** @param {string} base the project's folder */
function looksInstalled(base) {
  const wanted = /** @type {Lock | undefined} */ (readStamp(join(base, 'package-lock.json')))
  const installed = /** @type {Lock | undefined} */ (
    readStamp(join(base, 'node_modules', '.package-lock.json'))
  )
  if (!wanted || !installed) return false
  return installedMatches(wanted, installed, (path) => existsSync(join(base, path)))
}

/**
 * Makes node_modules what the lock file says.
 * @throws {SetupError}
 */
export async function ensureDependencies() {
  const lockFile = join(root, 'package-lock.json')
  if (!existsSync(lockFile))
    throw new SetupError('missing-file', 'package-lock.json is missing from this checkout.')
  const stampFile = join(root, 'node_modules', '.huisclos-stamp.json')
  const wanted = { lock: hashFile(lockFile), platform, node: process.versions.node.split('.')[0] }
  if (stampMatches(stampFile, wanted)) return
  try {
    await withLock(projectCacheDir, async () => {
      if (stampMatches(stampFile, wanted)) return
      // Someone may have run npm by hand: nothing is torn down that is right already.
      if (!looksInstalled(root)) {
        checkRoom(root, neededBytes, 'Installing the dependencies')
        await step('Installing the dependencies', () => runNpm('Installing the dependencies', root, ['ci']))
      }
      writeStamp(stampFile, wanted)
    })
  } catch (error) {
    throw explainFileError(error, `The dependencies cannot be put into ${join(root, 'node_modules')}`)
  }
}
