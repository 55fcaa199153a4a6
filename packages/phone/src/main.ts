/**
 * `npm run phone`: reads the configuration file, starts the bridge, says where it listens, and hangs up and ends on
 * SIGINT or SIGTERM. Says nothing of calls, callers or PINs.
 */
import { resolve } from 'node:path'
import { LineTestDoor } from './call/line-test-door.ts'
import type { MeetingDoor } from './call/meeting-door.ts'
import { PhoneConfigError, readConfig } from './config/phone-config.ts'
import { PhoneBridge } from './phone-bridge.ts'

const say = (text: string) => process.stdout.write(`${text}\n`)
const shut: MeetingDoor = { open: async () => null }

async function main(): Promise<void> {
  const path = resolve(process.argv[2] ?? 'phone.config.json')
  const config = readConfig(path)
  const door = config.lineTestPin === null ? shut : await LineTestDoor.make(config.lineTestPin)
  const bridge = await PhoneBridge.start(config, door)
  const where = Object.entries(bridge.ports).map(([transport, port]) => `${transport} ${port}`)
  say(`The telephone bridge listens on ${where.join(', ')}.`)
  say(
    config.lineTestPin === null
      ? 'It opens no meetings yet, and no line test is configured: every PIN is refused.'
      : 'It opens no meetings yet; the PIN of the configuration opens its line test.',
  )
  const end = () => void bridge.close().then(() => process.exit(0))
  process.once('SIGINT', end)
  process.once('SIGTERM', end)
}

main().catch((error: unknown) => {
  const known = error instanceof PhoneConfigError
  process.stderr.write(`${known ? error.message : `The bridge did not start: ${String(error)}`}\n`)
  process.exit(known ? 2 : 1)
})
