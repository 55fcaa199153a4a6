// Owns what the browser tests drive: Debian's own Chromium and Firefox ESR, and PulseAudio, without which Firefox
// starts no audio graph on a machine that has no sound card.
import { installPackages } from './debian.mjs'
import { findCommand } from './paths.mjs'

/** Debian's packages, each with a command of the same name. */
const browsers = ['chromium', 'firefox-esr', 'pulseaudio']

/** @throws {import('./setup-error.mjs').SetupError} */
export async function ensureBrowsers() {
  await installPackages(
    'Running the browser tests',
    browsers.filter((name) => findCommand(name) === undefined),
  )
}
