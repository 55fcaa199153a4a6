// Owns stamps: small files that say from which inputs something was made. A stamp is written last and by rename, so
// one that is there proves that the work before it was finished.
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'

const skipped = new Set(['node_modules', 'dist', '.cache'])

/**
 * @param {string} file
 * @returns {string} SHA-256, hex
 */
export function hashFile(file) {
  return createHash('sha256').update(readFileSync(file)).digest('hex')
}

/** @param {string} path @param {(file: string) => boolean} wanted @returns {string[]} */
function listFiles(path, wanted) {
  /** @type {string[]} */
  const files = []
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    if (skipped.has(entry.name) || /^dist[.-]/.test(entry.name)) continue
    const file = join(path, entry.name)
    if (entry.isDirectory()) files.push(...listFiles(file, wanted))
    else if (entry.isFile() && wanted(file)) files.push(file)
  }
  return files.sort()
}

/**
 * One hash over the names and contents of all files under some folders (or of single files). Folders of made or
 * installed things are left out.
 * @param {string} base names are taken relative to it
 * @param {string[]} paths
 * @param {(file: string) => boolean} [wanted]
 * @returns {string} SHA-256, hex
 */
export function hashTree(base, paths, wanted = () => true) {
  const hash = createHash('sha256')
  for (const path of paths) {
    if (!existsSync(path)) continue
    const files = readdirSyncOrFile(path, wanted)
    for (const file of files) hash.update(`${relative(base, file)}\0${hashFile(file)}\0`)
  }
  return hash.digest('hex')
}

/** @param {string} path @param {(file: string) => boolean} wanted */
function readdirSyncOrFile(path, wanted) {
  try {
    return listFiles(path, wanted)
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'ENOTDIR') return [path]
    throw error
  }
}

/**
 * @param {string} file
 * @returns {unknown} undefined where there is none or it cannot be read
 */
export function readStamp(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return undefined
  }
}

/** @param {string} file @param {unknown} value */
export function writeStamp(file, value) {
  mkdirSync(dirname(file), { recursive: true })
  const part = `${file}.${process.pid}.part`
  writeFileSync(part, `${JSON.stringify(value)}\n`)
  renameSync(part, file)
}

/** @param {string} file @param {unknown} value what the stamp must say */
export function stampMatches(file, value) {
  return JSON.stringify(readStamp(file)) === JSON.stringify(value)
}
