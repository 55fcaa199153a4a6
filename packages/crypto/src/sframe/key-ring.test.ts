import { describe, expect, test } from 'vitest'
import { random, utf8 } from '../bytes.ts'
import { open, seal } from './cipher.ts'
import { deriveKeys } from './derive.ts'
import { KeyRing, LIVES_AFTER_ADD_MS, LIVES_AFTER_REMOVE_MS } from './key-ring.ts'
import { encodeKid } from './kid.ts'

const keyOf = (epoch: number) => new Uint8Array(32).fill(epoch % 251)
const kidOf = (epoch: number, leaf = 1, stream = 0) => encodeKid({ epoch, leaf, stream })
const install = (ring: KeyRing, epoch: number, now: number, removed: number[] = []) =>
  ring.install({ epoch, baseKey: keyOf(epoch), removed, now })
const has = async (ring: KeyRing, kid: bigint, now: number) => (await ring.receiver(kid, now)) !== undefined

describe('finding a key', () => {
  test('[KEY3] opens what the sender of that KID sealed', async () => {
    const ring = new KeyRing()
    install(ring, 3, 0)
    const sealing = await deriveKeys(5, kidOf(3), keyOf(3), 'seal')
    const sealed = await seal(sealing, 4n, utf8('m'), utf8('speech'))
    const receiver = await ring.receiver(kidOf(3), 0)
    expect(await open(receiver!.key, utf8('m'), sealed)).toMatchObject({
      ok: true,
      plaintext: utf8('speech'),
    })
  })

  test('[KEY3] there is none for an epoch that is not there, though another one is', async () => {
    const ring = new KeyRing()
    install(ring, 3, 0)
    expect(await has(ring, kidOf(2), 0)).toBe(false)
    expect(await has(ring, kidOf(4), 0)).toBe(false)
    expect(await has(ring, 1n << 40n, 0)).toBe(false)
  })

  test('[FRM3] a key and its replay window are made once and kept', async () => {
    const ring = new KeyRing()
    install(ring, 3, 0)
    const [a, b] = await Promise.all([ring.receiver(kidOf(3), 0), ring.receiver(kidOf(3), 1)])
    expect(a).toBe(b)
    expect(await ring.receiver(kidOf(3, 2), 0)).not.toBe(a)
    expect((await ring.receiver(kidOf(3, 1, 1), 0))?.window).not.toBe(a!.window)
  })

  test('the ring keeps a copy: the caller may wipe its base key', async () => {
    const ring = new KeyRing()
    const baseKey = random(32)
    const sealing = await deriveKeys(5, kidOf(3), baseKey, 'seal')
    ring.install({ epoch: 3, baseKey, removed: [], now: 0 })
    baseKey.fill(0)
    const sealed = await seal(sealing, 0n, utf8(''), utf8('speech'))
    expect((await open((await ring.receiver(kidOf(3), 0))!.key, utf8(''), sealed)).ok).toBe(true)
  })

  test('an unknown suite is an error', () => {
    expect(() => new KeyRing(9)).toThrow('unknown-suite')
  })
})

describe('the end of an epoch', () => {
  test('[KEY4] old keys live 10 s after an Add', async () => {
    const ring = new KeyRing()
    install(ring, 3, 0)
    install(ring, 4, 50_000)
    expect(LIVES_AFTER_ADD_MS).toBe(10_000)
    expect(await has(ring, kidOf(3), 59_999)).toBe(true)
    expect(await has(ring, kidOf(3), 60_000)).toBe(false)
    expect(await has(ring, kidOf(4), 60_000)).toBe(true)
  })

  test('[KEY4] old keys live 2 s after a Remove, the removed leaf’s not at all', async () => {
    const ring = new KeyRing()
    install(ring, 3, 0)
    await ring.receiver(kidOf(3, 7), 0)
    install(ring, 4, 50_000, [7])
    expect(LIVES_AFTER_REMOVE_MS).toBe(2_000)
    expect(await has(ring, kidOf(3, 7), 50_000)).toBe(false)
    expect(await has(ring, kidOf(3, 7, 5), 50_000)).toBe(false)
    expect(await has(ring, kidOf(3, 1), 51_999)).toBe(true)
    expect(await has(ring, kidOf(3, 1), 52_000)).toBe(false)
  })

  test('[KEY4] a Remove shortens what an Add before it had left, and shuts the leaf out of all older epochs', async () => {
    const ring = new KeyRing()
    install(ring, 3, 0)
    install(ring, 4, 1_000)
    install(ring, 5, 2_000, [7])
    expect(await has(ring, kidOf(3, 7), 2_000)).toBe(false)
    expect(await has(ring, kidOf(4, 7), 2_000)).toBe(false)
    expect(ring.liveEpochs(3_999)).toEqual([3, 4, 5])
    expect(ring.liveEpochs(4_000)).toEqual([5])
  })

  test('[KEY4] an Add after a Remove does not lengthen anything', () => {
    const ring = new KeyRing()
    install(ring, 3, 0)
    install(ring, 4, 1_000, [7])
    install(ring, 5, 1_500)
    expect(ring.liveEpochs(2_999)).toEqual([3, 4, 5])
    expect(ring.liveEpochs(3_000)).toEqual([4, 5])
    expect(ring.liveEpochs(11_500)).toEqual([5])
  })

  test('[KEY4] who takes a removed leaf’s place is heard in the new epoch', async () => {
    const ring = new KeyRing()
    install(ring, 3, 0)
    install(ring, 4, 1_000, [7])
    expect(await has(ring, kidOf(4, 7), 1_000)).toBe(true)
  })

  test('[ROS2] what was heard of a leaf is told by epoch: it may have had another member before', async () => {
    const ring = new KeyRing()
    install(ring, 3, 0)
    const before = await ring.receiver(kidOf(3, 7), 0)
    for (const counter of [4n, 900n]) before?.window.accept(counter)
    install(ring, 4, 1_000, [7])
    const after = await ring.receiver(kidOf(4, 7), 1_000)
    after?.window.accept(2n)
    const told = ring.heard().map(({ leaf, epoch, counter }) => ({ leaf, epoch, counter }))
    expect(told).toEqual([
      { leaf: 7, epoch: 3, counter: 900n },
      { leaf: 7, epoch: 4, counter: 2n },
    ])
  })

  test('the caller may set another time', () => {
    const ring = new KeyRing()
    install(ring, 3, 0)
    ring.install({ epoch: 4, baseKey: keyOf(4), removed: [], now: 100, retireAfterMs: 50 })
    expect(ring.liveEpochs(149)).toEqual([3, 4])
    expect(ring.liveEpochs(150)).toEqual([4])
  })

  test('[RFC 9605 §5.2] the newest epoch of a low byte wins, the older is gone at once', async () => {
    const ring = new KeyRing()
    install(ring, 3, 0)
    const old = await ring.receiver(kidOf(3), 0)
    install(ring, 259, 0)
    expect(ring.liveEpochs(0)).toEqual([259])
    const sealing = await deriveKeys(5, kidOf(259), keyOf(259), 'seal')
    const sealed = await seal(sealing, 0n, utf8(''), utf8('speech'))
    const receiver = await ring.receiver(kidOf(259), 0)
    expect(receiver!.window).not.toBe(old!.window)
    expect((await open(receiver!.key, utf8(''), sealed)).ok).toBe(true)
    expect(await open(old!.key, utf8(''), sealed)).toEqual({ ok: false, code: 'bad-tag' })
  })

  test('an epoch that is not newer is refused', () => {
    const ring = new KeyRing()
    install(ring, 3, 0)
    for (const epoch of [3, 2, -1, 3.5, Number.NaN]) {
      expect(() => install(ring, epoch, 0)).toThrow('epoch-stale')
    }
  })

  test('clear erases everything', async () => {
    const ring = new KeyRing()
    install(ring, 3, 0)
    install(ring, 4, 0)
    ring.clear()
    expect(ring.liveEpochs(0)).toEqual([])
    expect(await has(ring, kidOf(4), 0)).toBe(false)
  })
})

describe('[KEY3] a suspended ring', () => {
  test('holds no key, and opens no frame twice once they are installed again', async () => {
    const ring = new KeyRing()
    install(ring, 3, 0)
    install(ring, 4, 0)
    for (const epoch of [3, 4]) expect((await ring.receiver(kidOf(epoch), 0))?.window.accept(9n)).toBe(true)
    ring.suspend()
    expect(ring.liveEpochs(0)).toEqual([])
    expect(await has(ring, kidOf(4), 0)).toBe(false)
    install(ring, 4, 10)
    const again = await ring.receiver(kidOf(4), 10)
    expect([8n, 9n, 10n].map((ctr) => again?.window.isFresh(ctr))).toEqual([true, false, true])
    expect(await has(ring, kidOf(3), 10)).toBe(false)
  })

  test('takes another commit of an epoch that was struck meanwhile, and any later one', () => {
    const ring = new KeyRing()
    install(ring, 4, 0)
    ring.suspend()
    ring.strike(4)
    install(ring, 4, 10)
    install(ring, 5, 10)
    expect(ring.liveEpochs(10)).toEqual([4, 5])
  })
})

describe('[ORD3] a struck commit', () => {
  test('takes its epoch away and gives the one before its life and its removed leaf back', async () => {
    const ring = new KeyRing()
    install(ring, 3, 0)
    const before = await ring.receiver(kidOf(3, 7), 0)
    install(ring, 4, 1_000, [7])
    ring.strike(4)
    expect(ring.liveEpochs(90_000)).toEqual([3])
    expect(await has(ring, kidOf(4), 1_500)).toBe(false)
    expect(await ring.receiver(kidOf(3, 7), 90_000)).toBe(before)
  })

  test('makes room for another commit of the same epoch', async () => {
    const ring = new KeyRing()
    install(ring, 3, 0)
    install(ring, 4, 1_000)
    ring.strike(4)
    ring.install({ epoch: 4, baseKey: random(32), removed: [], now: 2_000 })
    expect(ring.liveEpochs(11_999)).toEqual([3, 4])
    expect(ring.liveEpochs(12_000)).toEqual([4])
  })

  test('whose former epoch was over already lets it be installed again', () => {
    const ring = new KeyRing()
    install(ring, 3, 0)
    install(ring, 4, 0, [7])
    ring.expire(5_000)
    ring.strike(4)
    expect(ring.liveEpochs(5_000)).toEqual([])
    install(ring, 3, 5_000)
    expect(ring.liveEpochs(99_000)).toEqual([3])
  })

  test('[KEY3] opens no frame twice: windows of an epoch that was over go on when it is installed again', async () => {
    const ring = new KeyRing()
    install(ring, 3, 0)
    const before = await ring.receiver(kidOf(3), 0)
    for (const ctr of [4n, 5n]) expect(before?.window.accept(ctr)).toBe(true)
    install(ring, 4, 0, [7])
    ring.expire(5_000)
    expect(await has(ring, kidOf(3), 5_000)).toBe(false)
    ring.strike(4)
    install(ring, 3, 5_000)
    const again = await ring.receiver(kidOf(3), 5_000)
    expect(again?.key).not.toBe(before?.key)
    expect([4n, 5n, 6n].map((ctr) => again?.window.isFresh(ctr))).toEqual([false, false, true])
  })

  test('[KEY3] whichever epochs ended before it, the one that comes back has its windows', async () => {
    const ring = new KeyRing()
    for (const epoch of [3, 4]) {
      install(ring, epoch, epoch)
      expect((await ring.receiver(kidOf(epoch), epoch))?.window.accept(9n)).toBe(true)
    }
    install(ring, 5, 5, [7])
    ring.expire(20_000)
    ring.strike(5)
    install(ring, 4, 20_000)
    expect((await ring.receiver(kidOf(4), 20_000))?.window.isFresh(9n)).toBe(false)
  })

  test('[KEY3] a new epoch of a struck one’s number begins with empty windows', async () => {
    const ring = new KeyRing()
    install(ring, 3, 0)
    install(ring, 4, 0)
    expect((await ring.receiver(kidOf(4), 0))?.window.accept(0n)).toBe(true)
    install(ring, 5, 0, [7])
    ring.expire(20_000)
    ring.strike(4)
    ring.install({ epoch: 4, baseKey: random(32), removed: [], now: 20_000 })
    expect((await ring.receiver(kidOf(4), 20_000))?.window.isFresh(0n)).toBe(true)
  })

  test('that never was here changes nothing', () => {
    const ring = new KeyRing()
    install(ring, 3, 0)
    ring.strike(4)
    expect(ring.liveEpochs(0)).toEqual([3])
    expect(() => install(ring, 3, 0)).toThrow('epoch-stale')
  })
})
