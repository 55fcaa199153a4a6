// Owns the browsers that the tests drive: Debian's own Chromium and Firefox ESR.
import { installPackages } from './debian.mjs'
import { findCommand } from './paths.mjs'

/** Debian's packages, each with a command of the same name. */
export const browsers = ['chromium', 'firefox-esr']

/** @throws {import('./setup-error.mjs').SetupError} */
export async function ensureBrowsers() {
  await installPackages(
    'Running the browser tests',
    browsers.filter((name) => findCommand(name) === undefined),
  )
}
