import { expect, test } from 'vitest'
import { utf8 } from '../bytes.ts'
import { admit, makeWorld, relay } from './engine-fixtures.ts'
import { FORMER_STATE_MS, MlsEngine } from './mls-engine.ts'
import type { Suite } from './suite.ts'
import { quickSuite } from './suite.ts'

const isBlank = (secret: Uint8Array | undefined) => secret?.every((byte) => byte === 0)

/** The quick suite; `exporters` are the very secrets from which base keys were made [KEY1], in order. */
async function watchedSuite(exporters: Uint8Array[]): Promise<Suite> {
  const suite = await quickSuite()
  const expand: Suite['kdf']['expand'] = (prk, info, sizeBytes) => {
    if (new TextDecoder('latin1').decode(info).includes('SFrame 1.0 Base Key')) exporters.push(prk)
    return suite.kdf.expand(prk, info, sizeBytes)
  }
  return { ...suite, kdf: { ...suite.kdf, expand } }
}

/** A host, Ann and Ben at leaves 0, 1, 2 in epoch 2, and the clock that all of them read. */
async function meeting() {
  const clock = { now: Date.now() }
  const exporters: Uint8Array[] = []
  const make = (suite: () => Promise<Suite>) => new MlsEngine({ now: () => clock.now }, { suite })
  const [host, ann, ben] = [make(() => watchedSuite(exporters)), make(quickSuite), make(quickSuite)]
  const world = makeWorld()
  await host.create({ ...world, hostSeed: world.hostSeed })
  await admit(world, host, ann)
  await admit(world, host, ben, [ann])
  return { clock, exporters, world, host, ann, ben }
}

test('[KEY4] the former exporter secret is wiped at the first call after 30 s, and not before', async () => {
  const { clock, exporters, host, ann, ben } = await meeting()
  await relay(ann, {}, [host, ben])
  const [former, current] = exporters.slice(-2)
  clock.now += FORMER_STATE_MS - 1
  await host.seal(utf8('a heartbeat'))
  expect([former, current].map(isBlank)).toEqual([false, false])
  clock.now += 1
  await host.seal(utf8('a heartbeat'))
  expect([former, current].map(isBlank)).toEqual([true, false])
})

test('[ORD3] a strike within 30 s rolls back, a later one finds nothing to go back to', async () => {
  const { clock, host, ann, ben } = await meeting()
  const { view } = await relay(ann, {}, [host, ben])
  clock.now += FORMER_STATE_MS - 1
  expect(await host.rollback()).toMatchObject({ epoch: view.epoch - 1 })
  clock.now += 1
  await expect(ben.rollback()).rejects.toMatchObject({ code: 'nothing-to-roll-back' })
})

test('[KEY4] an own commit leaves no former state for longer either', async () => {
  const { clock, exporters, host, ann, ben } = await meeting()
  await relay(host, {}, [ann, ben])
  clock.now += FORMER_STATE_MS
  await expect(host.rollback()).rejects.toMatchObject({ code: 'nothing-to-roll-back' })
  expect(exporters.slice(-2).map(isBlank)).toEqual([true, false])
})

test('[LIB1] the group goes on without its former state: late messages, commits, signatures', async () => {
  const { clock, host, ann, ben } = await meeting()
  const late = await ann.seal(utf8('late'))
  await relay(ben, {}, [host, ann])
  clock.now += FORMER_STATE_MS
  expect(await host.process(late.body)).toMatchObject({ kind: 'application', data: utf8('late') })
  const signature = await host.sign('profile', utf8('host'))
  expect(await ann.verify(0, 'profile', utf8('host'), signature)).toBe(true)
  const { answers } = await relay(host, {}, [ann, ben])
  expect(answers.map(({ kind }) => kind)).toEqual(['commit', 'commit'])
  expect(await host.process((await ben.seal(utf8('on'))).body)).toMatchObject({ data: utf8('on') })
})

test('[KEY4] who was removed stays out once the way back is gone', async () => {
  const { clock, world, host, ann, ben } = await meeting()
  await relay(host, { removes: [{ leaf: 2, warrant: { by: 'host' } }] }, [ann, ben])
  clock.now += FORMER_STATE_MS
  await expect(ben.rollback()).rejects.toMatchObject({ code: 'nothing-to-roll-back' })
  await expect(ben.seal(utf8('x'))).rejects.toMatchObject({ code: 'closed' })
  await expect(ben.create(world)).rejects.toMatchObject({ code: 'already-in-group' })
})

test('[KEY4] a clock that is put back cannot keep the former state', async () => {
  const { clock, host, ann, ben } = await meeting()
  await relay(ann, {}, [host, ben])
  clock.now -= 3_600_000
  await host.seal(utf8('a heartbeat'))
  clock.now += FORMER_STATE_MS
  await expect(host.rollback()).rejects.toMatchObject({ code: 'nothing-to-roll-back' })
})
