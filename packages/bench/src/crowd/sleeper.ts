/**
 * A participant who sleeps: knocks with a real key package, sits on a real leaf, has both media transports and tells the
 * server that it is ready, but computes nothing after that. A hundred that compute need a hundred machines; the newcomer
 * who is measured, those who let it in and the server have the same work to do for sleepers as for them.
 */
import { decodeBase64url, encodeBase64url } from '@huisclos/crypto/bytes'
import { deriveGroupSecrets, deriveLinkSecrets } from '@huisclos/crypto/link'
import type { GroupEngine } from '@huisclos/crypto/mls'
import { systemClock as clock, NodeMediaAdapter } from '@huisclos/node-media'
import type { GroupId } from '@huisclos/protocol'
import type { Place } from '../meeting/bot-in-meeting.ts'
import { until } from '../meeting/bot-in-meeting.ts'
import { SeatClient } from './seat-client.ts'

const SEATED_WITHIN_MS = 30_000
const CONNECTED_WITHIN_MS = 10_000

export interface Sleeper {
  close(): void
}

async function keyPackageFor(place: Place, group: GroupId, engine: GroupEngine): Promise<string> {
  const { room, secret } = place.link
  const groupId = decodeBase64url(group) ?? new Uint8Array()
  const secrets = deriveGroupSecrets(deriveLinkSecrets(secret, room).root, groupId)
  const { keyPackage } = await engine.keyPackage({ ...secrets, groupId })
  return encodeBase64url(keyPackage)
}

/** Resolves when the sleeper is seated and its transports are connected. */
export async function layDown(place: Place, engine: GroupEngine): Promise<Sleeper> {
  const { client, entered } = await SeatClient.open(place)
  const group = entered.group?.id
  if (!group) throw new Error('there is no group to sleep in')
  let seated = false
  client.onEvent = (event) => {
    if (event.t === 'group.welcome') seated = true
    const epoch =
      event.t === 'group.welcome' ? event.epoch : event.t === 'group.committed' ? event.epoch + 1 : null
    if (seated && epoch !== null) client.ask({ t: 'group.ready', group, epoch }).catch(() => undefined)
  }
  const keyPackage = await keyPackageFor(place, group, engine)
  engine.close()
  await client.ask({ t: 'group.knock', group, keyPackage })
  await until('a sleeper is seated', SEATED_WITHIN_MS, () => seated)
  const media = new NodeMediaAdapter({ clock })
  let state = 'connecting'
  media.on.transport = (now) => {
    state = now
  }
  await media.open({ request: client.ask, routerRtp: entered.routerRtp })
  await until('a sleeper has its media', CONNECTED_WITHIN_MS, () => state === 'connected')
  return {
    close: () => {
      media.close()
      client.close()
    },
  }
}
