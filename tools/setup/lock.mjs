// Owns the rule that two set-ups never work in one place at once: `npm start` beside `npm test` waits for the other.
// A lock left by a process that is gone is taken over.
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { throwIfInterrupted } from './child.mjs'
import { say } from './progress.mjs'

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM'
  }
}

/** @param {string} file @returns {number | undefined} the process that holds it; undefined once it is ours */
function tryTake(file) {
  try {
    writeFileSync(file, `${process.pid}\n`, { flag: 'wx' })
    return undefined
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EEXIST') throw error
  }
  try {
    const holder = Number.parseInt(readFileSync(file, 'utf8'), 10)
    // Empty for the moment between its creation and the holder's number in it.
    const fresh = Date.now() - statSync(file).mtimeMs < 2_000
    if (Number.isNaN(holder) ? fresh : isAlive(holder)) return holder
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'ENOENT') throw error
  }
  rmSync(file, { force: true })
  return tryTake(file)
}

/**
 * Does some work while holding the lock of a folder.
 * @template T
 * @param {string} dir created where missing
 * @param {() => Promise<T>} work must look again whether it is still needed: another may have done it meanwhile
 * @param {number} [pollMs]
 */
export async function withLock(dir, work, pollMs = 300) {
  mkdirSync(dir, { recursive: true })
  const file = join(dir, 'setup.lock')
  let told = false
  for (let holder = tryTake(file); holder !== undefined; holder = tryTake(file)) {
    if (!told) say(`  … waiting for another set-up (process ${holder})`)
    told = true
    await sleep(pollMs)
    throwIfInterrupted()
  }
  try {
    return await work()
  } finally {
    rmSync(file, { force: true })
  }
}
