/** The holder of the room's host key at the door of a meeting that holds no host: in by that key alone [GRP6]. */

import { ed25519 } from '@noble/curves/ed25519.js'
import { expect, test } from 'vitest'
import { random } from '../bytes.ts'
import { rawKeyPackage } from './attack-fixtures.ts'
import { engine, makeMeeting, relay, signGone } from './engine-fixtures.ts'
import { encodeKeyPackageMessage } from './key-package.ts'

/** Two guests, the lobby on, nobody new allowed; the host has left. */
async function withoutHost() {
  const { world, host, guests } = await makeMeeting(2)
  const [ann, ben] = guests as [typeof host, typeof host]
  await relay(host, { context: { policy: { lobby: true, lock: true } } }, [ann, ben])
  const view = await relay(host, {}, [ann, ben]).then((made) => made.view)
  const signature = signGone(world, view.epoch, 0)
  await relay(ann, { removes: [{ leaf: 0, warrant: { by: 'server', signature } }] }, [ben])
  return { world, ann, ben, late: engine() }
}

test('[GRP6] lobby and lock on, no host there: a guest lets the host key in, and it is host again', async () => {
  const { world, ann, ben, late } = await withoutHost()
  const { keyPackage } = await late.keyPackage({ ...world, roomSeed: world.hostSeed })
  expect(await ann.inspect(keyPackage)).toMatchObject({ resumes: null, host: true })
  const made = await relay(ann, { adds: [keyPackage] }, [ben])
  expect(made.answers).toMatchObject([{ kind: 'commit' }])
  const view = await late.join(made.welcome as Uint8Array, { ...world.expect, lobby: true })
  expect(view.members).toHaveLength(3)
  const claimed = await relay(late, { context: { claimHost: world.hostSeed } }, [ann, ben])
  expect(claimed.answers).toMatchObject([{ kind: 'commit' }, { kind: 'commit' }])
  expect(claimed.view.members.find(({ leaf }) => leaf === view.self)?.host).toBe(true)
})

test('[GRP6] without the host key nobody is let in there: not-host', async () => {
  const { world, ann, late } = await withoutHost()
  const { keyPackage } = await late.keyPackage(world)
  expect(await ann.inspect(keyPackage)).toMatchObject({ host: false })
  await expect(ann.commit({ adds: [keyPackage], removes: [] })).rejects.toMatchObject({ code: 'not-host' })
})

test('[GRP6] a key of one’s own is not the room’s: not-host', async () => {
  const { world, ann, late } = await withoutHost()
  const { keyPackage } = await late.keyPackage({ ...world, roomSeed: random(32) })
  expect(await ann.inspect(keyPackage)).toMatchObject({ host: false })
  await expect(ann.commit({ adds: [keyPackage], removes: [] })).rejects.toMatchObject({ code: 'not-host' })
})

test('[GRP6] the host key’s signature is for one group: from another it is worth nothing, not-host', async () => {
  const { world, ann } = await withoutHost()
  const publicKey = ed25519.getPublicKey(world.hostSeed)
  const vouchedIn = async (groupId: Uint8Array) => {
    const host = { groupId, publicKey, signKey: world.hostSeed }
    const own = await rawKeyPackage(world, { host })
    return encodeKeyPackageMessage(own.publicPackage)
  }
  const foreign = await vouchedIn(random(16))
  expect(await ann.inspect(foreign)).toMatchObject({ host: false })
  await expect(ann.commit({ adds: [foreign], removes: [] })).rejects.toMatchObject({ code: 'not-host' })
  expect(await ann.inspect(await vouchedIn(world.groupId))).toMatchObject({ host: true })
})

test('[GRP6] with one who holds the host key nobody slips in: a second Add in the same commit is refused', async () => {
  const { world, ann, late } = await withoutHost()
  const { keyPackage } = await late.keyPackage({ ...world, roomSeed: world.hostSeed })
  const { keyPackage: other } = await engine().keyPackage(world)
  await expect(ann.commit({ adds: [keyPackage, other], removes: [] })).rejects.toMatchObject({
    code: 'not-host',
  })
})
