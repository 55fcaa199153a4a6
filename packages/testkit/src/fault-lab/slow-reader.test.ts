/** SIG7 over a real socket: whoever does not read is let go, and costs the server a bounded piece of memory. */
import { randomBytes } from 'node:crypto'
import { deriveLinkSecrets } from '@huisclos/crypto/link'
import { GroupId, RoomId, WEBSOCKET_PATH } from '@huisclos/protocol'
import { expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { BareClient } from '../hostile/bare-client.ts'
import { startMeetingPlace } from '../meeting-place.ts'
import { adaptSocket } from '../ws-socket.ts'
import { startTcpRelay } from './tcp-relay.ts'

const BODY_BYTES = 400_000
const ASKS = 150

test('[SIG7] a client whose page has stopped reading is dropped as a slow reader; memory stays bounded, others go on', async () => {
  const place = await startMeetingPlace()
  await using relay = await startTcpRelay(place.server.port)
  try {
    const room = RoomId.parse(place.link.room)
    const access = Buffer.from(deriveLinkSecrets(place.link.secret, place.link.room).access).toString(
      'base64url',
    )
    const group = GroupId.parse(randomBytes(16).toString('base64url'))
    const at = (port: number) =>
      BareClient.open(adaptSocket(new WebSocket(`ws://127.0.0.1:${port}${WEBSOCKET_PATH}`)))
    const slow = await at(relay.port)
    await slow.enter(room, access)
    await slow.ask({ t: 'group.create', group })
    const commit = randomBytes(BODY_BYTES).toString('base64url')
    await slow.ask({ t: 'group.commit', group, epoch: 0, commit, joins: [], leaves: [] })
    const other = await at(place.server.port)
    await other.enter(room, access)
    const slowReaders = async () => {
      const text = await (await fetch(`${place.server.url}/metrics`)).text()
      return Number(/^huisclos_slow_readers_total (\d+)/m.exec(text)?.[1] ?? 0)
    }
    expect(await slowReaders()).toBe(0)
    relay.set({ readBytesPerSecond: 0 })
    const before = process.memoryUsage().external
    for (let n = 0; n < ASKS; n++) void slow.ask({ t: 'group.refetch', group, epoch: 0 })
    let most = 0
    for (const end = performance.now() + 8_000; (await slowReaders()) === 0 && performance.now() < end; ) {
      most = Math.max(most, process.memoryUsage().external - before)
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    expect(await slowReaders()).toBe(1)
    // Unbounded it would be 80 MB; the buffers of relay and sockets are counted too, for all live in this process.
    expect(most).toBeLessThan(30_000_000)
    expect(await other.ask({ t: 'ping', seen: other.events.length })).toMatchObject({ ok: true })
  } finally {
    await place.close()
  }
})
