// Owns what the browser tests drive: Debian's own Chromium, whole and without a window, Firefox ESR, PulseAudio, without which Firefox starts
// no audio graph on a machine that has no sound card, and iptables, which makes a network without UDP.
import { installPackages } from './debian.mjs'
import { findCommand } from './paths.mjs'
import { say } from './progress.mjs'

/** Debian's packages, each with a command of the same name. Only root can set a firewall's rules. */
const browsers = ['chromium', 'firefox-esr', 'pulseaudio', ...(process.getuid?.() === 0 ? ['iptables'] : [])]

/** Chromium without its own windows: people in the tests join in half the time. Not every Debian-like system has it. */
const lighter = 'chromium-headless-shell'

/** @throws {import('./setup-error.mjs').SetupError} */
export async function ensureBrowsers() {
  await installPackages(
    'Running the browser tests',
    browsers.filter((name) => findCommand(name) === undefined),
  )
  if (process.getuid?.() !== 0 || findCommand(lighter) !== undefined) return
  await installPackages('Quicker browser tests', [lighter]).catch(() => {
    say(`  ${lighter} is not to be had here: the browser tests use the whole Chromium.`)
  })
}
