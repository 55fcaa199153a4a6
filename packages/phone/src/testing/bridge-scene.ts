/** For tests: a real meeting on a real server, with a bridge that its room names. Whoever opens a scene closes it. */
import type { MeetingLink } from '@huisclos/crypto/link'
import { createGroupEngine } from '@huisclos/crypto/mls'
import { bridgeKeyFromSeed, newBridgeSeed } from '@huisclos/crypto/seal'
import type { EncodedTrack } from '@huisclos/node-media'
import { NodeMediaAdapter, systemClock } from '@huisclos/node-media'
import type { MeetingView, Socket } from '@huisclos/participant'
import { Meeting } from '@huisclos/participant'
import { BridgeLine } from '../meeting/bridge-line.ts'
import { EncryptedDoor } from '../meeting/encrypted-door.ts'
import { until } from './until.ts'

export const sceneKey = await bridgeKeyFromSeed(newBridgeSeed(), {
  name: 'Cabinet Lune',
  number: '+33 1 84 88 00 00',
})

/** The bridge's side without telephones: its line stands when this resolves. */
export async function openSceneDoor(
  connect: () => Socket,
): Promise<{ door: EncryptedDoor; line: BridgeLine }> {
  const door = new EncryptedDoor({ key: sceneKey, connect, now: Date.now })
  const line = new BridgeLine({
    connect,
    clock: systemClock,
    door: sceneKey.door,
    take: async (...offered) => (await door.take(...offered)) === 'taken',
    over: (place) => door.over(place),
  })
  line.start()
  await until('the bridge listens', () => line.open)
  return { door, line }
}

/** A participant without a browser, in the meeting when this resolves. */
export async function enterScene(
  who: { link: MeetingLink; name: string; hostSeed: Uint8Array | null },
  connect: () => Socket,
): Promise<Meeting<EncodedTrack>> {
  const { link, name, hostSeed } = who
  const meeting = new Meeting<EncodedTrack>(
    { link, name, ...(hostSeed ? { hostSeed } : {}) },
    {
      connect,
      createGroup: () => createGroupEngine(),
      media: new NodeMediaAdapter({ clock: systemClock }),
      clock: systemClock,
      random: (bytes) => crypto.getRandomValues(new Uint8Array(bytes)),
    },
  )
  await meeting.start()
  await until(`${name} is in`, () => meeting.view.phase.at === 'in')
  return meeting
}

export const bridgeIn = ({ people }: MeetingView<EncodedTrack>) =>
  people.find(({ bridge }) => bridge !== undefined)
