// Owns Debian packages: which are missing, installing them where we are root, and otherwise the exact command to run.

import { runQuietly } from './child.mjs'
import { findCommand } from './paths.mjs'
import { step } from './progress.mjs'
import { explainFailure, SetupError } from './setup-error.mjs'

/**
 * @param {string} output of `dpkg-query -W -f '${Package} ${Status}\n'`
 * @param {string[]} wanted
 */
export function missingFrom(output, wanted) {
  const installed = new Set()
  for (const line of output.split('\n')) {
    const [name, , , state] = line.trim().split(/\s+/)
    if (state === 'installed') installed.add(name)
  }
  return wanted.filter((name) => !installed.has(name))
}

/** @param {string[]} packages @returns {Promise<string[]>} */
export async function missingPackages(packages) {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: dpkg's own placeholders
  const { output } = await runQuietly('dpkg-query', ['-W', '-f', '${Package} ${Status}\\n', ...packages])
  return missingFrom(output, packages)
}

/** @param {string[]} packages */
function installCommand(packages) {
  return `sudo apt-get update && sudo apt-get install -y ${packages.join(' ')}`
}

/**
 * Installs packages, or says how.
 * @param {string} why for the message: "Building the media worker"
 * @param {string[]} packages those that are missing
 * @param {{ isRoot: boolean, hasApt: boolean }} [machine]
 * @throws {SetupError} missing-packages with the command, where it cannot be done here
 */
export async function installPackages(why, packages, machine) {
  const { isRoot, hasApt } = machine ?? {
    isRoot: process.getuid?.() === 0,
    hasApt: findCommand('apt-get') !== undefined,
  }
  if (packages.length === 0) return
  if (!hasApt) {
    const hint = `On Debian they are: ${packages.join(' ')}`
    throw new SetupError('missing-packages', `${why} needs programs that this machine does not have.`, hint)
  }
  if (!isRoot) {
    const message = `${why} needs ${packages.length} Debian package${packages.length > 1 ? 's' : ''}. Install with:`
    throw new SetupError('missing-packages', message, installCommand(packages))
  }
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const apt = async (/** @type {string[]} */ args) => {
    const { status, output } = await runQuietly('apt-get', ['-q', '-o', 'DPkg::Lock::Timeout=120', ...args], {
      env,
    })
    if (status !== 0) throw explainFailure(`apt-get ${args[0]} failed`, output, 'install-failed')
  }
  await step(`Installing ${packages.join(', ')}`, async (report) => {
    report('reading the package lists')
    await apt(['update'])
    report('downloading and installing')
    await apt(['install', '-y', '--no-install-recommends', ...packages])
  })
}
