// Owns what the browser tests drive: Debian's own Chromium and Firefox ESR, PulseAudio, without which Firefox starts
// no audio graph on a machine that has no sound card, and iptables, which makes a network without UDP.
import { installPackages } from './debian.mjs'
import { findCommand } from './paths.mjs'

/** Debian's packages, each with a command of the same name. Only root can set a firewall's rules. */
const browsers = ['chromium', 'firefox-esr', 'pulseaudio', ...(process.getuid?.() === 0 ? ['iptables'] : [])]

/** @throws {import('./setup-error.mjs').SetupError} */
export async function ensureBrowsers() {
  await installPackages(
    'Running the browser tests',
    browsers.filter((name) => findCommand(name) === undefined),
  )
}
