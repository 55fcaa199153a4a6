// Owns the telephones of other makers that the tests call the bridge with: baresip, SIPp, and openssl for the
// certificate of a TLS leg. Only tests need them; where they cannot be had, those tests are skipped, in so many words.
import { installPackages } from './debian.mjs'
import { findCommand } from './paths.mjs'
import { say } from './progress.mjs'

/** Debian's packages by the command that each brings. @type {Record<string, string>} */
const packages = { baresip: 'baresip-core', sipp: 'sip-tester', openssl: 'openssl' }

export async function ensureTelephones() {
  const missing = Object.keys(packages).filter((command) => findCommand(command) === undefined)
  if (missing.length === 0) return
  const names = missing.map((command) => packages[command] ?? command)
  await installPackages('Calling the bridge from baresip and SIPp', names).catch((error) => {
    say(`  ${error.message} ${error.hint ?? ''}`)
    say('  The tests with telephones of other makers are skipped.')
  })
}
