// Owns which files are the project's own: everything in the checkout but what is installed, built or cached.
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'

const skipped = new Set(['node_modules', '.git', '.runtime', '.cache', '.tmp', 'coverage'])

/** A file of the project: its path relative to the project with `/`, and its text. */
export interface ProjectFile {
  readonly path: string
  readonly text: string
}

function walk(dir: string, wanted: (path: string) => boolean, base: string): ProjectFile[] {
  const files: ProjectFile[] = []
  for (const entry of readdirSync(dir, { withFileTypes: true })) {
    if (skipped.has(entry.name) || /^dist([.-]|$)/.test(entry.name)) continue
    const file = join(dir, entry.name)
    const path = relative(base, file).replaceAll('\\', '/')
    if (entry.isDirectory()) files.push(...walk(file, wanted, base))
    else if (entry.isFile() && wanted(path)) files.push({ path, text: readFileSync(file, 'utf8') })
  }
  return files.sort((a, b) => (a.path < b.path ? -1 : 1))
}

/** All files below `base` whose relative path `wanted` accepts, sorted by path. */
export function projectFiles(base: string, wanted: (path: string) => boolean): ProjectFile[] {
  return walk(base, wanted, base)
}

/** TypeScript, and the plain modules that set-up runs on old runtimes. */
export function isCode(path: string): boolean {
  return /\.(ts|tsx|mjs)$/.test(path) && !path.endsWith('.d.ts')
}

/** Tests, and what only tests load. */
export function isTest(path: string): boolean {
  return /\.test\.tsx?$/.test(path) || path.startsWith('e2e/') || /\/(test|fixtures)\//.test(path)
}
