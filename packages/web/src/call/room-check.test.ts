import { encodeBase64url } from '@huisclos/crypto/bytes'
import { deriveLinkSecrets, hostKeyFromSeed, newHostKey, newMeetingLink } from '@huisclos/crypto/link'
import type { Socket } from '@huisclos/participant'
import { expect, test } from 'vitest'
import { roomPut } from './room-api.ts'
import type { RoomCheckPorts } from './room-check.ts'
import { RoomCheck } from './room-check.ts'

const host = newHostKey()
const link = newMeetingLink(host.publicKey)
const own = { link, hostSeed: host.seed, title: 'Board', expiresAt: Date.now() + 1e9, descriptorVersion: 2 }
const id = (n: number) => encodeBase64url(new Uint8Array(n))

type Reply = { ok: string | null } | { error: string } | 'silence' | 'closed'

/** A server that answers each hello in turn: with a descriptor, an error code, nothing, or a closed line. */
function server(...replies: Reply[]) {
  const asked: Record<string, unknown>[] = []
  const connect = (): Socket => {
    const reply = replies.shift() ?? 'closed'
    const socket: Socket = {
      bufferedAmount: 0,
      onopen: null,
      onmessage: null,
      onclose: null,
      close: () => {},
      send(text) {
        const request = JSON.parse(text) as { id: number; t: string }
        asked.push(request)
        if (request.t !== 'hello' || reply === 'silence' || reply === 'closed') return
        const answer =
          'error' in reply
            ? { t: 'error', re: request.id, code: reply.error }
            : { t: 'ok', re: request.id, result: entered(reply.ok) }
        queueMicrotask(() => socket.onmessage?.(JSON.stringify(answer)))
      },
    }
    queueMicrotask(() => (reply === 'closed' ? socket.onclose?.() : socket.onopen?.()))
    return socket
  }
  return { connect, asked }
}

const entered = (descriptor: string | null) => ({
  version: 1,
  peer: id(16),
  token: id(32),
  serverKey: id(32),
  descriptor,
  group: null,
  peers: [],
  routerRtp: {},
  recording: null,
})
const descriptorOf = async (meeting = own) => (await roomPut(meeting)).descriptor

function check(connect: RoomCheckPorts['connect'], part: Partial<RoomCheckPorts> = {}, of = link) {
  const ports = {
    connect,
    bringBack: async () => false,
    learn: () => {},
    versionSeen: () => 0,
    network: async () => 'untested' as const,
    ...part,
  }
  return new RoomCheck(of, ports)
}

test('[LINK3] an open room shows what its host signed, and the check leaves again', async () => {
  const { connect, asked } = server({ ok: await descriptorOf() })
  const learnt: unknown[] = []
  const room = check(connect, { learn: (...all) => void learnt.push(all) })
  await room.run()
  expect(room.view).toMatchObject({ room: 'open', title: 'Board', hosted: true, lobby: false })
  expect(learnt).toEqual([[link.room, { title: 'Board', version: 2, bridge: null }]])
  await Promise.resolve()
  expect(asked.map(({ t }) => t)).toEqual(['hello', 'leave'])
})

test('[LINK2] the server is told the room and `access`, nothing else of the link', async () => {
  const { connect, asked } = server({ ok: await descriptorOf() })
  await check(connect).run()
  const { access } = deriveLinkSecrets(link.secret, link.room)
  expect(asked[0]).toEqual({
    t: 'hello',
    id: 1,
    versions: [1],
    room: link.room,
    access: encodeBase64url(access),
  })
})

test('[LINK3] a descriptor that is missing, foreign or older than one seen is damage, not a meeting', async () => {
  const stranger = { ...own, hostSeed: hostKeyFromSeed(new Uint8Array(32).fill(7)).seed }
  for (const descriptor of [null, await descriptorOf(stranger), id(300)]) {
    const room = check(server({ ok: descriptor }).connect)
    await room.run()
    expect(room.view.room).toBe('damaged')
    expect(room.view.title).toBeNull()
  }
  const rolledBack = check(server({ ok: await descriptorOf() }).connect, { versionSeen: () => 3 })
  await rolledBack.run()
  expect(rolledBack.view.room).toBe('damaged')
})

test('[LINK1] a room that nobody hosts says so and needs no descriptor', async () => {
  const room = check(server({ ok: null }).connect, {}, newMeetingLink())
  await room.run()
  expect(room.view).toMatchObject({ room: 'open', hosted: false, title: null })
})

test.each([
  [{ error: 'room-unknown' }, 'unknown'],
  [{ error: 'access-refused' }, 'access-refused'],
  [{ error: 'version-unsupported' }, 'version'],
  [{ error: 'server-fault' }, 'unreachable'],
  ['closed', 'unreachable'],
] as const)('[LINK4] %j is told as %s', async (reply, room) => {
  const looked = check(server(reply).connect)
  await looked.run()
  expect(looked.view.room).toBe(room)
})

test('the host’s browser brings a forgotten room back and looks again', async () => {
  const room = check(server({ error: 'room-unknown' }, { ok: await descriptorOf() }).connect, {
    bringBack: async () => true,
  })
  await room.run()
  expect(room.view.room).toBe('open')
})

test('what comes after closing is ignored', async () => {
  const room = check(server({ ok: await descriptorOf() }).connect)
  const running = room.run()
  room.close()
  await running
  expect(room.view.room).toBe('checking')
})

test('[SIG16] the path is tried once the room is open, and joining calls that off', async () => {
  const { connect } = server({ ok: await descriptorOf() }, { ok: await descriptorOf() })
  const asked: { signal: AbortSignal; say: (network: 'direct' | 'blocked') => void }[] = []
  const network: RoomCheckPorts['network'] = (signal) =>
    new Promise((say) => {
      asked.push({ signal, say })
    })
  const room = check(connect, { network })
  await room.run()
  expect(room.view.network).toBe('checking')
  asked[0]?.say('direct')
  await expect.poll(() => room.view.network).toBe('direct')
  await room.run()
  room.close()
  expect(asked[1]?.signal.aborted).toBe(true)
  asked[1]?.say('blocked')
  await Promise.resolve()
  expect(room.view.network).toBe('checking')
})

test('[SIG16] a room that is not open tries no path', async () => {
  const { connect } = server({ error: 'access-refused' })
  const room = check(connect, { network: () => Promise.reject(new Error('asked')) })
  await room.run()
  expect(room.view).toMatchObject({ room: 'access-refused', network: 'untested' })
})
