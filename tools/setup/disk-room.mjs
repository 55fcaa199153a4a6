// Owns the question whether a disk has room for a step. npm has been seen to end with success on a full disk, with half
// a file written; so it is asked beforehand.
import { existsSync, statfsSync } from 'node:fs'
import { dirname } from 'node:path'
import { SetupError } from './setup-error.mjs'

/** @param {string} dir @returns {string} the folder, or the nearest one above it that exists */
function existing(dir) {
  return existsSync(dir) || dirname(dir) === dir ? dir : existing(dirname(dir))
}

/**
 * @param {string} dir where the step writes; it need not exist yet
 * @param {number} neededBytes
 * @param {string} what the step, for the message: "Bringing the runtime"
 * @throws {SetupError} disk-full
 */
export function checkRoom(dir, neededBytes, what) {
  // Node before 18.15 cannot tell.
  if (typeof statfsSync !== 'function') return
  const { bavail, bsize } = statfsSync(existing(dir))
  const freeBytes = bavail * bsize
  if (freeBytes >= neededBytes) return
  const [needed, free] = [neededBytes, freeBytes].map((bytes) => Math.round(bytes / 1_000_000))
  throw new SetupError('disk-full', `${what} needs ${needed} MB in ${dir}; ${free} MB are free.`)
}
