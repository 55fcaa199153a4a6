// Owns where set-up keeps things: the runtime and stamps inside the project (both ignored by git), the media worker in
// the user's cache so that it survives a fresh clone.
import { accessSync, constants, existsSync, mkdirSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The project's folder. */
export const root = resolve(dirname(fileURLToPath(import.meta.url)), '..', '..')
export const runtimeDir = join(root, '.runtime')
export const projectCacheDir = join(root, '.cache')
export const platform = `${process.platform}-${process.arch}`

/**
 * The folders that may hold the media worker, best first: the user's cache, then the project's own for users whose
 * home cannot be written.
 * @param {NodeJS.ProcessEnv} env
 * @param {string} home
 */
export function cacheRoots(env = process.env, home = homedir()) {
  const xdg = env['XDG_CACHE_HOME']
  const user = xdg?.startsWith('/') ? xdg : join(home, '.cache')
  return [join(user, 'huisclos'), join(projectCacheDir, 'huisclos')]
}

/** @param {string} dir */
export function isWritable(dir) {
  try {
    mkdirSync(dir, { recursive: true })
    accessSync(dir, constants.W_OK)
    return true
  } catch {
    return false
  }
}

/**
 * The version of an installed package, or undefined.
 * @param {string} name
 * @returns {string | undefined}
 */
export function installedVersion(name) {
  const file = join(root, 'node_modules', name, 'package.json')
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).version : undefined
}

/**
 * Where a command is on PATH, or undefined.
 * @param {string} name
 */
export function findCommand(name) {
  for (const dir of (process.env['PATH'] ?? '').split(':')) {
    const file = join(dir, name)
    try {
      accessSync(file, constants.X_OK)
      return file
    } catch {
      // Not in this folder.
    }
  }
  return undefined
}
