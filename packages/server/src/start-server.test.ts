import { createPublicKey, verify } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { b64, letIn, meet, newGroupId, putRoom, WireClient } from '../test/wire-client.ts'
import { warrantBytes } from './room/warrants.ts'
import type { RunningServer } from './start-server.ts'
import { startServer } from './start-server.ts'

let server: RunningServer
beforeAll(async () => {
  server = await startServer({ sfu: 'fake', port: 0, logLevel: 'silent', roomsPerAddressPerHour: 10_000 })
})
afterAll(async () => {
  await server.close()
})

describe('a meeting over the live server', () => {
  test('[ORD1][ORD2] enter, create, knock, commit, welcome, relay', async () => {
    const { url } = server
    const room = await putRoom(url)
    const group = newGroupId()
    const alice = await WireClient.enter(url, room)
    expect(alice.entered?.group).toBeNull()
    await alice.ok('group.create', { t: 'group.create', group })
    const bob = await WireClient.enter(url, room)
    expect(bob.entered?.group).toEqual({ id: group, epoch: 0 })
    expect(await bob.ask('group.create', { t: 'group.create', group: newGroupId() })).toEqual({
      ok: false,
      code: 'group-exists',
    })
    await letIn({ group, host: alice, guest: bob, leaf: 1, epoch: 0 })
    const echo = await alice.event('group.committed')
    expect(echo).toMatchObject({ epoch: 0, from: alice.peer })
    expect(await bob.event('group.welcome')).toMatchObject({ epoch: 1 })
    expect(bob.of('group.committed')).toEqual([])

    const body = b64(50)
    await bob.ok('group.app', { t: 'group.app', group, epoch: 1, body })
    expect(await alice.event('group.said')).toMatchObject({ body, from: bob.peer, epoch: 1 })
    await alice.ok('group.ready', { t: 'group.ready', group, epoch: 1 })
    await bob.ok('group.ready', { t: 'group.ready', group, epoch: 1 })
    expect(await bob.event('group.all-ready')).toMatchObject({ epoch: 1 })
    await alice.event('room.peers', (e) => e.peers.some((p) => p.peer === bob.peer && p.leaf === 1))
    alice.drop()
    bob.drop()
  })

  test('[GRP7][SIG11] leaving brings a warrant that verifies with the key told on entering, anew in each epoch', async () => {
    const { group, members } = await meet(server.url, 3)
    const [alice, bob, carol] = members as [WireClient, WireClient, WireClient]
    await carol.ok('leave', { t: 'leave' })
    const first = await alice.event('group.gone')
    expect(first).toMatchObject({ leaf: 2, epoch: 2 })
    const x = alice.entered?.serverKey ?? ''
    const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' })
    const holds = (e: typeof first) =>
      verify(null, warrantBytes(e.group, e.epoch, e.leaf), key, Buffer.from(e.signature, 'base64url'))
    expect(holds(first)).toBe(true)
    const empty = { t: 'group.commit' as const, group, commit: b64(20), joins: [] }
    await bob.ok('group.commit', { ...empty, epoch: 2, leaves: [] })
    const second = await alice.event('group.gone', (e) => e.epoch === 3)
    expect(holds(second)).toBe(true)
    expect(holds({ ...second, epoch: 2 })).toBe(false)
    await bob.ok('group.commit', { ...empty, epoch: 3, leaves: [2] })
    await alice.settle()
    expect(alice.of('group.gone').filter((e) => e.epoch === 4)).toEqual([])
  })
})
