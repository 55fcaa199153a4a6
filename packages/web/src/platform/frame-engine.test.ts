import { deriveKeys, encodeKid, MEETING_SUITE, seal } from '@huisclos/crypto/sframe'
import { expect, test } from 'vitest'
import { FrameEngine } from './frame-engine.ts'
import type { FromFrameWorker } from './frame-messages.ts'

const baseKey = (fill: number) => new Uint8Array(32).fill(fill)
/** A VP8 frame: bit 0 of the first byte is 0 on key frames. */
const vp8 = (isKey: boolean, size = 200) => new Uint8Array(size).fill(isKey ? 0xaa : 0xab)
/** One CELT frame of 20 ms: any bytes after the TOC byte. */
const opus = (size: number) => new Uint8Array(size).fill(0xf8)

function start() {
  let now = 1_000
  const told: FromFrameWorker[] = []
  const engine = new FrameEngine({ now: () => now, tell: (message) => told.push(message) })
  const install = (epoch: number, removed: number[] = []) =>
    engine.installEpoch({
      epoch,
      baseKey: baseKey(epoch + 1),
      removed,
      retireAfterMs: removed.length > 0 ? 2_000 : 10_000,
    })
  const pass = (ms: number) => {
    for (let at = 0; at < ms; at += 1_000) {
      now += Math.min(1_000, ms - at)
      engine.tick()
    }
  }
  return { engine, told, install, pass }
}

/** A sender and a receiver that share epoch 3; the sender is leaf 5, stream 7, announced as consumer `c`. */
async function connected() {
  const sender = start()
  const receiver = start()
  for (const side of [sender, receiver]) side.install(3)
  await sender.engine.addStream(7, 102)
  await sender.engine.sendWith(3, 5)
  receiver.engine.announce('c', { leaf: 5, stream: 7 })
  return { sender, receiver }
}

const sealVp8 = async (engine: FrameEngine, isKey: boolean) =>
  (await engine.seal(7, 'vp8', 'video', vp8(isKey))) as Uint8Array<ArrayBuffer>

test('[FRM2] nothing is sealed before sendWith, after stopSending, while paused, after end or clear', async () => {
  const { engine, install } = start()
  await engine.addStream(7, 102)
  const trySeal = () => engine.seal(7, 'vp8', 'video', vp8(true))
  expect(await trySeal()).toBeNull()
  install(0)
  expect(await trySeal()).toBeNull()
  await engine.sendWith(0, 5)
  expect(await trySeal()).not.toBeNull()
  engine.stopSending()
  expect(await trySeal()).toBeNull()
  await engine.sendWith(0, 5)
  engine.pause(7, true)
  expect(await trySeal()).toBeNull()
  engine.pause(7, false)
  expect(await trySeal()).not.toBeNull()
  engine.endStream(7)
  expect(await trySeal()).toBeNull()
  await engine.addStream(7, 102)
  engine.clear()
  expect(await trySeal()).toBeNull()
})

test('[FRM2] sendWith under an epoch that was never installed sends nothing', async () => {
  const { engine, install } = start()
  install(0)
  await engine.addStream(7, 102)
  await engine.sendWith(9, 5)
  expect(await engine.seal(7, 'vp8', 'video', vp8(true))).toBeNull()
})

test('a sealed frame opens again, byte for byte, and hides all but its clear bytes', async () => {
  const { sender, receiver } = await connected()
  const sealed = await sealVp8(sender.engine, true)
  expect(sealed.subarray(0, 10)).toEqual(vp8(true).subarray(0, 10))
  expect(Buffer.from(sealed.subarray(10)).includes(Buffer.from(vp8(true).subarray(0, 16)))).toBe(false)
  expect(await receiver.engine.open('c', 'vp8', sealed, true)).toEqual(vp8(true))
})

test('[FRM5] a frame opens only under the announced leaf and stream; the page is told once a second', async () => {
  const { sender, receiver } = await connected()
  receiver.engine.announce('c', { leaf: 6, stream: 7 })
  for (let i = 0; i < 5; i++)
    expect(await receiver.engine.open('c', 'vp8', await sealVp8(sender.engine, true), true)).toBeNull()
  expect(receiver.told.filter(({ t }) => t === 'forged')).toHaveLength(1)
  receiver.pass(1_000)
  await receiver.engine.open('c', 'vp8', await sealVp8(sender.engine, true), true)
  expect(receiver.told.filter(({ t }) => t === 'forged')).toHaveLength(2)
})

test('[FRM5] nothing opens before somebody is announced, nor after null was', async () => {
  const { sender, receiver } = await connected()
  expect(await receiver.engine.open('other', 'vp8', await sealVp8(sender.engine, true), true)).toBeNull()
  receiver.engine.announce('c', null)
  expect(await receiver.engine.open('c', 'vp8', await sealVp8(sender.engine, true), true)).toBeNull()
  expect(receiver.told.some(({ t }) => t === 'forged')).toBe(false)
})

test('[KEY4] receivers open a new epoch at once; the removed leaf is shut out of the old one at once', async () => {
  const { sender, receiver } = await connected()
  receiver.install(4, [5])
  expect(await receiver.engine.open('c', 'vp8', await sealVp8(sender.engine, true), true)).toBeNull()
  sender.install(4)
  await sender.engine.sendWith(4, 5)
  expect(await receiver.engine.open('c', 'vp8', await sealVp8(sender.engine, true), true)).toEqual(vp8(true))
})

test('[KEY4] old keys live 10 s after an Add', async () => {
  const { sender, receiver } = await connected()
  receiver.install(4)
  receiver.pass(9_000)
  expect(await receiver.engine.open('c', 'vp8', await sealVp8(sender.engine, true), true)).not.toBeNull()
  receiver.pass(1_100)
  expect(await receiver.engine.open('c', 'vp8', await sealVp8(sender.engine, true), true)).toBeNull()
})

test('[ORD3] a struck epoch seals and opens nothing; the one before may be named again', async () => {
  const { sender, receiver } = await connected()
  sender.install(4)
  await sender.engine.sendWith(4, 5)
  sender.engine.strikeEpoch(4)
  expect(await sender.engine.seal(7, 'vp8', 'video', vp8(true))).toBeNull()
  sender.install(3)
  await sender.engine.sendWith(3, 5)
  expect(await receiver.engine.open('c', 'vp8', await sealVp8(sender.engine, true), true)).toEqual(vp8(true))
})

test('[KEY2] counters go on through stops, epochs and a transform that comes again', async () => {
  const { sender } = await connected()
  await sealVp8(sender.engine, true)
  sender.engine.stopSending()
  await sender.engine.sendWith(3, 5)
  await sealVp8(sender.engine, true)
  sender.engine.endStream(7)
  await sender.engine.addStream(7, 102)
  await sealVp8(sender.engine, true)
  expect(sender.engine.counters()).toEqual([{ stream: 7, counter: '2' }])
})

test('[KEY3] media closed to be opened anew: nothing opens or leaves meanwhile, and nothing opens twice after', async () => {
  const { sender, receiver } = await connected()
  const [heard, late] = [await sealVp8(sender.engine, true), await sealVp8(sender.engine, true)]
  await receiver.engine.open('c', 'vp8', heard.slice(), true)
  receiver.engine.suspend()
  sender.engine.suspend()
  expect(await receiver.engine.open('c', 'vp8', late.slice(), true)).toBeNull()
  expect(await sender.engine.seal(7, 'vp8', 'video', vp8(true))).toBeNull()
  receiver.install(3)
  receiver.engine.announce('d', { leaf: 5, stream: 7 })
  expect(await receiver.engine.open('d', 'vp8', heard, true)).toBeNull()
  expect(await receiver.engine.open('d', 'vp8', late, true)).toEqual(vp8(true))
})

test('[ROS2] what opened of each stream is told by its highest counter', async () => {
  const { sender, receiver } = await connected()
  for (let i = 0; i < 3; i++) await receiver.engine.open('c', 'vp8', await sealVp8(sender.engine, true), true)
  expect(receiver.engine.heardCounters()).toEqual([{ leaf: 5, stream: 7, epoch: 3, counter: '2' }])
  expect(sender.engine.heardCounters()).toEqual([])
})

test('[KEY3] a replayed frame is dropped and is no alarm', async () => {
  const { sender, receiver } = await connected()
  const sealed = await sealVp8(sender.engine, true)
  await receiver.engine.open('c', 'vp8', sealed.slice(), true)
  expect(await receiver.engine.open('c', 'vp8', sealed, true)).toBeNull()
  expect(receiver.told.some(({ t }) => t === 'forged')).toBe(false)
})

test('[FRM4] Opus packets of one stream have one size, and grow for good when an encoder exceeds it', async () => {
  const { sender } = await connected()
  const sizes = new Set<number>()
  for (const size of [3, 60, 100, 99, 42]) {
    sizes.add((await sender.engine.seal(7, 'opus', 'audio', opus(size)))?.length ?? 0)
  }
  expect(sizes.size).toBe(1)
  const larger = (await sender.engine.seal(7, 'opus', 'audio', opus(150)))?.length
  expect((await sender.engine.seal(7, 'opus', 'audio', opus(20)))?.length).toBe(larger)
})

test('[FRM2] frames without keys for more than 2 s are told as waiting, once, and so is their return', async () => {
  const { sender, receiver } = await connected()
  receiver.engine.announce('c', null)
  for (let second = 0; second < 4; second++) {
    await receiver.engine.open('c', 'vp8', await sealVp8(sender.engine, false), false)
    receiver.pass(1_000)
  }
  const waiting = () => receiver.told.filter(({ t }) => t === 'waiting')
  expect(waiting()).toEqual([{ t: 'waiting', consumer: 'c', waiting: true }])
  receiver.engine.announce('c', { leaf: 5, stream: 7 })
  await receiver.engine.open('c', 'vp8', await sealVp8(sender.engine, true), true)
  expect(waiting()).toHaveLength(2)
})

test('[FRM2] a consumer whose frames stopped waits for nothing', async () => {
  const { sender, receiver } = await connected()
  receiver.engine.announce('c', null)
  await receiver.engine.open('c', 'vp8', await sealVp8(sender.engine, false), false)
  receiver.pass(10_000)
  expect(receiver.told.filter(({ t }) => t === 'waiting')).toEqual([])
})

test('[KEY4] video that opens without its key frame asks for one, at once and then once a second', async () => {
  const { sender, receiver } = await connected()
  const asked = () => receiver.told.filter(({ t }) => t === 'needs-key-frame').length
  const deliver = async (isKey: boolean) =>
    receiver.engine.open('c', 'vp8', await sealVp8(sender.engine, isKey), isKey)
  await deliver(false)
  await deliver(false)
  expect(asked()).toBe(1)
  receiver.pass(1_000)
  await deliver(false)
  expect(asked()).toBe(2)
  await deliver(true)
  receiver.pass(5_000)
  await deliver(false)
  expect(asked()).toBe(2)
})

test('[FRM5] a frame with a wrong tag is told as forged', async () => {
  const { receiver } = await connected()
  const key = await deriveKeys(
    MEETING_SUITE,
    encodeKid({ leaf: 5, stream: 7, epoch: 3 }),
    baseKey(99),
    'seal',
  )
  const forged = await seal(key, 0n, new Uint8Array(), new Uint8Array(40))
  expect(await receiver.engine.open('c', 'vp9', forged, true)).toBeNull()
  expect(receiver.told).toContainEqual({ t: 'forged', consumer: 'c' })
})

test('[FRM3] reports come at most once a tick and only when something changed', async () => {
  const { sender } = await connected()
  for (let i = 0; i < 50; i++) await sealVp8(sender.engine, false)
  await sender.engine.seal(8, 'vp8', 'video', vp8(true))
  sender.engine.tick()
  sender.engine.tick()
  const reports = sender.told.filter(({ t }) => t === 'report')
  expect(reports).toEqual([
    {
      t: 'report',
      counts: { sealed: 50, opened: 0, sealMs: 0, openMs: 0, notSent: { 'no-key': 1 }, notOpened: {} },
    },
  ])
})

test('the base key that came with the message is wiped once it is installed', () => {
  const { engine } = start()
  const key = baseKey(1)
  engine.installEpoch({ epoch: 0, baseKey: key, removed: [], retireAfterMs: 10_000 })
  expect(key).toEqual(new Uint8Array(32))
})

test('[KEY4] base keys older than the sending epoch are gone: a late sendWith sends nothing', async () => {
  const { engine, install } = start()
  for (const epoch of [3, 4, 5]) install(epoch)
  await engine.addStream(7, 102)
  await engine.sendWith(4, 5)
  expect(await engine.seal(7, 'vp8', 'video', vp8(true))).not.toBeNull()
  await engine.sendWith(3, 5)
  expect(await engine.seal(7, 'vp8', 'video', vp8(true))).toBeNull()
  await engine.sendWith(5, 5)
  expect(await engine.seal(7, 'vp8', 'video', vp8(true))).not.toBeNull()
})

test('[KEY4] many epochs that follow closely take no sending key away, also for a stream that begins then', async () => {
  const { engine, install } = start()
  install(3)
  await engine.sendWith(3, 5)
  for (const epoch of [4, 5, 6, 7]) install(epoch)
  await engine.addStream(7, 102)
  expect(await engine.seal(7, 'vp8', 'video', vp8(true))).not.toBeNull()
})

test('[KEY4] while nothing is sent, base keys live no longer than those of receivers', async () => {
  const { engine, install, pass } = start()
  install(3)
  install(4)
  await engine.addStream(7, 102)
  pass(11_000)
  await engine.sendWith(3, 5)
  expect(await engine.seal(7, 'vp8', 'video', vp8(true))).toBeNull()
  await engine.sendWith(4, 5)
  expect(await engine.seal(7, 'vp8', 'video', vp8(true))).not.toBeNull()
})
