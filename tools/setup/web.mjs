// Owns the built web client, packages/web/dist: made again when a source that it is made of has changed, under another
// name first, so that a running server never serves half of it.
import { existsSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { runQuietly } from './child.mjs'
import { withLock } from './lock.mjs'
import { projectCacheDir, root } from './paths.mjs'
import { step } from './progress.mjs'
import { explainFailure, explainFileError } from './setup-error.mjs'
import { hashTree, stampMatches, writeStamp } from './stamp.mjs'

const web = join(root, 'packages', 'web')
const dist = join(web, 'dist')
const stampFile = join(projectCacheDir, 'web-client.json')

/** Tests do not reach the bundle. @param {string} file */
function isSource(file) {
  return !/\.test\.tsx?$|\.md$|\.part(\/|$)/.test(file)
}

function wantedStamp() {
  const names = ['web', 'participant', 'protocol', 'crypto']
  const paths = names.map((name) => join(root, 'packages', name))
  return { sources: hashTree(root, [...paths, join(root, 'package-lock.json')], isSource) }
}

async function build() {
  const part = join(web, 'dist.part')
  const old = join(web, 'dist.old')
  rmSync(part, { recursive: true, force: true })
  const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js')
  const args = [vite, 'build', '--outDir', part, '--emptyOutDir', '--logLevel', 'warn']
  const { status, output } = await runQuietly(process.execPath, args, { cwd: web })
  if (status !== 0) throw explainFailure('Building the web client failed', output, 'build-failed')
  rmSync(old, { recursive: true, force: true })
  if (existsSync(dist)) renameSync(dist, old)
  renameSync(part, dist)
  rmSync(old, { recursive: true, force: true })
}

/** @throws {import('./setup-error.mjs').SetupError} */
export async function ensureWebClient() {
  if (!existsSync(join(web, 'vite.config.ts'))) return
  const wanted = wantedStamp()
  const isDone = () => existsSync(join(dist, 'index.html')) && stampMatches(stampFile, wanted)
  if (isDone()) return
  try {
    await withLock(projectCacheDir, async () => {
      if (isDone()) return
      await step('Building the web client', build)
      writeStamp(stampFile, wanted)
    })
  } catch (error) {
    throw explainFileError(error, `The web client cannot be put into ${dist}`)
  }
}
