/**
 * `npm run phone`: reads the configuration file, starts the bridge, says where it listens, and hangs up and ends on
 * SIGINT or SIGTERM. `npm run phone -- keygen` makes the bridge's key and prints its card. Says nothing of calls,
 * callers or PINs.
 */
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { bridgeFingerprint, encodeBridgeCard } from '@huisclos/crypto/link'
import type { BridgeKey } from '@huisclos/crypto/seal'
import { bridgeKeyFromSeed, formatFingerprint } from '@huisclos/crypto/seal'
import { systemClock } from '@huisclos/node-media'
import { Doors } from './call/doors.ts'
import { LineTestDoor } from './call/line-test-door.ts'
import type { MeetingDoor } from './call/meeting-door.ts'
import type { PhoneConfig } from './config/phone-config.ts'
import { PhoneConfigError, readConfig } from './config/phone-config.ts'
import { BridgeKeyFileError, makeKeyFile, readKeyFile } from './meeting/bridge-key-file.ts'
import { BridgeLine } from './meeting/bridge-line.ts'
import { EncryptedDoor } from './meeting/encrypted-door.ts'
import { connectTo } from './meeting/server-socket.ts'
import { PhoneBridge } from './phone-bridge.ts'

type Meetings = NonNullable<PhoneConfig['meetings']>

const say = (text: string) => process.stdout.write(`${text}\n`)

const keyOf = ({ key, runBy, number }: Meetings): Promise<BridgeKey> =>
  bridgeKeyFromSeed(readKeyFile(key), { name: runBy, number })

/** Makes the key where there is none. */
async function keygen(path: string): Promise<void> {
  const { meetings } = readConfig(path)
  if (!meetings) throw new PhoneConfigError('config-invalid', 'meetings: nothing says where the key is to be')
  if (!existsSync(meetings.key)) makeKeyFile(meetings.key)
  const { card } = await keyOf(meetings)
  say(`The bridge's key is in ${meetings.key}: whoever reads it can stand in for the bridge.`)
  say(`Fingerprint: ${formatFingerprint(bridgeFingerprint(card))}`)
  say(`Card, for those who host meetings:\n${encodeBridgeCard(card)}`)
}

interface ToMeetings {
  door: EncryptedDoor
  line: BridgeLine
}

async function openMeetings(meetings: Meetings): Promise<ToMeetings> {
  const key = await keyOf(meetings)
  const connect = () => connectTo(meetings.server)
  const door = new EncryptedDoor({ key, connect, now: Date.now })
  const line = new BridgeLine({
    connect,
    clock: systemClock,
    door: key.door,
    take: async (...offered) => (await door.take(...offered)) === 'taken',
    over: (place) => door.over(place),
    changed: (open) =>
      say(open ? 'Connected to the meetings\u2019 server.' : 'The meetings\u2019 server is out of reach.'),
  })
  line.start()
  return { door, line }
}

async function start(path: string): Promise<void> {
  const config = readConfig(path)
  const doors: MeetingDoor[] = []
  if (config.lineTestPin !== null) doors.push(await LineTestDoor.make(config.lineTestPin))
  const meetings = config.meetings && (await openMeetings(config.meetings))
  if (meetings) doors.push(meetings.door)
  const bridge = await PhoneBridge.start(config, new Doors(doors))
  const where = Object.entries(bridge.ports).map(([transport, port]) => `${transport} ${port}`)
  say(`The telephone bridge listens on ${where.join(', ')}.`)
  if (!meetings) say('It opens no meetings: its configuration names no server for them.')
  const end = async (): Promise<void> => {
    meetings?.line.close()
    meetings?.door.close()
    await bridge.close()
    process.exit(0)
  }
  process.once('SIGINT', () => void end())
  process.once('SIGTERM', () => void end())
}

async function main([first, second]: string[]): Promise<void> {
  if (first === 'keygen') await keygen(resolve(second ?? 'phone.config.json'))
  else await start(resolve(first ?? 'phone.config.json'))
}

main(process.argv.slice(2)).catch((error: unknown) => {
  const known = error instanceof PhoneConfigError || error instanceof BridgeKeyFileError
  process.stderr.write(`${known ? error.message : `The bridge did not start: ${String(error)}`}\n`)
  process.exit(known ? 2 : 1)
})
