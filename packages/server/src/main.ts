/**
 * `npm start`: reads settings, starts the server, says where it is, and ends it on SIGINT or SIGTERM. What an operator
 * can mend is said in plain words with exit status 1 or 2; it writes to standard output and error only.
 */
import { randomBytes } from 'node:crypto'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ConfigError } from './config/config-error.ts'
import { readSettings } from './config/read-settings.ts'
import { isLoopback, resolveSettings } from './config/resolve-settings.ts'
import { usage } from './config/usage.ts'
import { explainStartFailure } from './explain-start-failure.ts'
import { ownBrowsersAddresses } from './network-addresses.ts'
import { sha256 } from './policy/secret-match.ts'
import type { RunningServer } from './start-server.ts'
import { startServer } from './start-server.ts'

const PROJECT = fileURLToPath(new URL('../../..', import.meta.url))
/** Sockets and workers are given that long; then the process ends whatever they do. */
const STOP_WITHIN_MS = 2_500

const say = (text: string) => process.stdout.write(`${text}\n`)

async function main(): Promise<void> {
  const { settings, help, newOperatorToken } = readSettings({
    flags: process.argv.slice(2),
    environment: process.env,
    defaultFile: resolve(PROJECT, 'huisclos.config.json'),
  })
  if (help) say(usage())
  else if (newOperatorToken) sayNewToken()
  else endOnSignal(await start(settings))
}

async function start(settings: Record<string, unknown>): Promise<RunningServer> {
  const { public: name, listen, announcedAddress } = resolveSettings(settings)
  const isLocal = name === undefined && isLoopback(listen) && announcedAddress.length === 0
  const server = await startServer(
    isLocal ? { ...settings, announcedAddress: ownBrowsersAddresses() } : settings,
  )
  say(`\n  Huis clos is ready: ${server.url}/\n`)
  if (server.settings.create === 'token' && server.settings.operatorTokenHashes.length === 0) {
    say(
      '  Nobody may create meetings yet: run with --new-operator-token, then give its hash as operatorTokenHashes.\n',
    )
  }
  return server
}

function endOnSignal(server: RunningServer): void {
  const end = () => {
    setTimeout(() => process.exit(0), STOP_WITHIN_MS).unref()
    server.close().then(
      () => process.exit(0),
      () => process.exit(1),
    )
  }
  process.once('SIGINT', end)
  process.once('SIGTERM', end)
}

/** The token is shown once and kept nowhere; the server is configured with its hash. */
function sayNewToken(): void {
  const token = randomBytes(32)
  say(`Operator's token, to keep secret:   ${token.toString('base64url')}`)
  say(`Its hash, for operatorTokenHashes:  ${sha256(token).toString('base64url')}`)
}

// Whoever cannot read what we say must not end the meetings.
process.stdout.on('error', () => undefined)
process.stderr.on('error', () => undefined)
try {
  await main()
} catch (error) {
  process.stderr.write(`${explainStartFailure(error)}\n`)
  process.exit(error instanceof ConfigError ? 2 : 1)
}
