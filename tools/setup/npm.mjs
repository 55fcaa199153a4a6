// Owns how set-up calls npm: the one that the person started us with, without its install scripts, and with a clear
// reason where it fails.
import { realpathSync } from 'node:fs'
import { homedir } from 'node:os'
import { basename, join } from 'node:path'
import { runQuietly } from './child.mjs'
import { findCommand, isWritable, projectCacheDir } from './paths.mjs'
import { explainFailure, SetupError } from './setup-error.mjs'

// Its own patience, more than a minute, would leave a person without network without a word.
const retries = ['--fetch-retries=2', '--fetch-retry-mintimeout=1000', '--fetch-retry-maxtimeout=5000']
const flags = [
  ...retries,
  '--ignore-scripts',
  '--no-audit',
  '--no-fund',
  '--no-update-notifier',
  '--loglevel=error',
]

/** @returns {string} npm's own script, to be run with node */
function findNpm() {
  const caller = process.env['npm_execpath']
  if (caller && basename(caller) === 'npm-cli.js') return caller
  const command = findCommand('npm')
  if (!command)
    throw new SetupError('missing-packages', 'npm was not found.', 'Install Node.js together with npm.')
  return realpathSync(command)
}

/** npm passes the running script's own settings on; they would lead a second npm to the wrong folder. */
function npmEnvironment() {
  /** @type {NodeJS.ProcessEnv} */
  const env = {}
  for (const [name, value] of Object.entries(process.env)) {
    if (
      /^(npm_(lifecycle|package|command|execpath)|npm_config_(local_prefix|prefix)$|INIT_CWD$|NODE_OPTIONS$)/.test(
        name,
      )
    )
      continue
    env[name] = value
  }
  const cache = env['npm_config_cache'] ?? join(homedir(), '.npm')
  if (!isWritable(cache)) env['npm_config_cache'] = join(projectCacheDir, 'npm')
  return env
}

/**
 * @param {string} what the step, for messages: "Installing the dependencies"
 * @param {string} cwd
 * @param {string[]} args
 */
export async function runNpm(what, cwd, args) {
  const command = ['--no-deprecation', findNpm(), ...args, ...flags]
  const { status, output } = await runQuietly(process.execPath, command, { cwd, env: npmEnvironment() })
  if (status !== 0)
    throw explainFailure(`${what} failed (npm ended with status ${status})`, output, 'install-failed')
}
