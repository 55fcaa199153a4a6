// Owns the check that nothing of the machine it was written on stays in the project: its paths, its package registry,
// folders beside the checkout. The patterns are put together from pieces so that this file passes its own check.
import type { Findings, Problem } from './check.ts'
import type { ProjectFile } from './project-files.ts'
import { lineAt } from './source.ts'

const slash = '/'
const patterns: readonly (readonly [RegExp, string])[] = [
  [
    new RegExp(`(?<![\\w.~/-])${slash}(work|root|home${slash}\\w+)${slash}`, 'g'),
    "a path of someone's machine",
  ],
  [new RegExp(`\\.\\.${slash}shared\\b`, 'g'), 'a folder beside the checkout'],
  [
    new RegExp(
      ['registry\\.npm', 'js\\.|artifact', 'ory|jf', 'rog\\.|nexus\\.[a-z]|npm\\.pkg\\.'].join(''),
      'gi',
    ),
    'the host of a package registry',
  ],
]

/** @param files every text file of the project but the lock file */
export function checkHygiene(files: readonly ProjectFile[]): Findings {
  const problems: Problem[] = []
  for (const { path, text } of files) {
    for (const [pattern, what] of patterns) {
      for (const match of text.matchAll(pattern)) {
        problems.push({ file: path, line: lineAt(text, match.index), message: `${what}: ${match[0]}` })
      }
    }
  }
  return { problems, notes: [`${files.length} files`] }
}

interface LockEntry {
  readonly resolved?: string
  readonly link?: boolean
  readonly integrity?: string
  readonly version?: string
  readonly inBundle?: boolean
}

/** The lock file names versions and hashes, and never where they came from. */
export function checkLockFile(text: string): Findings {
  const file = 'package-lock.json'
  const lock = JSON.parse(text) as { packages?: Record<string, LockEntry> }
  const problems: Problem[] = []
  for (const [path, entry] of Object.entries(lock.packages ?? {})) {
    if (entry.resolved !== undefined && !entry.link) {
      problems.push({ file, message: `${path} names where it was fetched: ${entry.resolved}` })
    }
    const fetched = path.includes('node_modules/') && !entry.link && !entry.inBundle
    if (fetched && !entry.integrity) problems.push({ file, message: `${path} has no hash` })
  }
  if (Object.keys(lock.packages ?? {}).length < 2) problems.push({ file, message: 'it names no packages' })
  return { problems }
}
