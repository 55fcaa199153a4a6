import { describe, expect, test } from 'vitest'
import { encodeHex, random } from '../bytes.ts'
import { openFrame } from './frame.ts'
import { FrameSealer } from './frame-sealer.ts'
import { decodeHeader } from './header.ts'
import { KeyRing } from './key-ring.ts'
import { SendCounter, StreamNumbers } from './send-counter.ts'

const frame = { codec: 'opus', kind: 'audio', data: Uint8Array.of(0xf8, 1, 2, 3) } as const
const keys = [random(32), random(32), random(32), random(32)] as const

function newSealer(changes: Partial<ConstructorParameters<typeof FrameSealer>[0]> = {}) {
  return new FrameSealer({ leaf: 1, stream: 0, counter: new SendCounter(), ...changes })
}

async function headerOf(sealer: FrameSealer) {
  const sealed = await sealer.seal(frame)
  if (!sealed.ok) throw new Error(sealed.code)
  const header = decodeHeader(sealed.data)
  if (!header.ok) throw new Error(header.code)
  return header
}

describe('a sealer', () => {
  test('[FRM2] seals nothing before it has a key, and uses no counter up', async () => {
    const counter = new SendCounter()
    const sealer = newSealer({ counter })
    expect(sealer.epoch).toBeUndefined()
    expect(await sealer.seal(frame)).toEqual({ ok: false, code: 'no-key' })
    expect(counter.upcoming).toBe(0n)
  })

  test('seals what a receiver of that epoch opens', async () => {
    const sealer = newSealer()
    await sealer.switchTo(3, keys[0])
    const ring = new KeyRing()
    ring.install({ epoch: 3, baseKey: keys[0], removed: [], now: 0 })
    const sealed = await sealer.seal(frame)
    if (!sealed.ok) throw new Error(sealed.code)
    const opened = await openFrame(ring, {
      ...frame,
      data: sealed.data,
      expected: { leaf: 1, stream: 0 },
      now: 0,
    })
    expect(opened).toMatchObject({ ok: true, data: frame.data })
  })

  test('[KEY2] no two frames share key id and counter, over streams, layers and epochs', async () => {
    const numbers = new StreamNumbers()
    const shared = new SendCounter()
    const simulcast = numbers.take()
    const sealers = [
      newSealer({ stream: numbers.take() }),
      newSealer({ stream: numbers.take() }),
      newSealer({ stream: simulcast, counter: shared }),
      newSealer({ stream: simulcast, counter: shared }),
    ]
    const seen = new Set<string>()
    let frames = 0
    for (const epoch of [0, 1, 2]) {
      await Promise.all(sealers.map((sealer) => sealer.switchTo(epoch, keys[epoch]!)))
      const headers = await Promise.all(Array.from({ length: 80 }, (_, i) => headerOf(sealers[i % 4]!)))
      for (const { kid, ctr } of headers) seen.add(`${epoch} ${kid} ${ctr}`)
      frames += headers.length
    }
    expect(seen.size).toBe(frames)
  })

  test('[KEY2] the counter goes on through epochs', async () => {
    const sealer = newSealer()
    await sealer.switchTo(0, keys[0])
    expect((await headerOf(sealer)).ctr).toBe(0n)
    await sealer.switchTo(1, keys[1])
    expect(await headerOf(sealer)).toMatchObject({ ctr: 1n, kid: (1n << 8n) | 1n })
  })

  test('[KEY4] never goes back to an older epoch, nor changes the key of one', async () => {
    const sealer = newSealer()
    await sealer.switchTo(3, keys[0])
    for (const epoch of [3, 2, -1, 3.5])
      await expect(sealer.switchTo(epoch, keys[1])).rejects.toThrow('epoch-stale')
    expect(sealer.epoch).toBe(3)
    expect((await headerOf(sealer)).kid & 0xffn).toBe(3n)
  })

  test('[KEY4] of two switches at once the later epoch wins', async () => {
    const sealer = newSealer()
    await Promise.all([sealer.switchTo(1, keys[0]), sealer.switchTo(2, keys[1])])
    expect((await headerOf(sealer)).kid & 0xffn).toBe(2n)
  })

  test('the caller may wipe its base key at once', async () => {
    const [a, b] = [newSealer(), newSealer()]
    const baseKey = random(32)
    await a.switchTo(1, baseKey.slice())
    const switching = b.switchTo(1, baseKey)
    baseKey.fill(0)
    await switching
    const [one, other] = [await a.seal(frame), await b.seal(frame)]
    expect(one.ok && encodeHex(one.data)).toBe(other.ok && encodeHex(other.data))
  })

  test('[ROS2] stopped, it seals nothing until a later epoch, also when a switch was under way', async () => {
    const sealer = newSealer()
    await sealer.switchTo(1, keys[0])
    const switching = sealer.switchTo(2, keys[1])
    sealer.stop()
    await switching
    expect(await sealer.seal(frame)).toEqual({ ok: false, code: 'no-key' })
    await sealer.switchTo(3, keys[2])
    expect((await sealer.seal(frame)).ok).toBe(true)
  })

  test('[ORD3] after a struck commit it seals nothing until it is told the epoch, and its counter goes on', async () => {
    const sealer = newSealer()
    await sealer.switchTo(3, keys[0])
    await headerOf(sealer)
    await sealer.switchTo(4, keys[1])
    await headerOf(sealer)
    sealer.strike(4)
    expect(await sealer.seal(frame)).toEqual({ ok: false, code: 'no-key' })
    await sealer.switchTo(3, keys[0])
    expect((await headerOf(sealer)).ctr).toBe(2n)
    await sealer.switchTo(4, keys[2])
    expect((await headerOf(sealer)).ctr).toBe(3n)
  })

  test('[ORD3] a struck commit that it never switched to changes nothing', async () => {
    const sealer = newSealer()
    await sealer.switchTo(3, keys[0])
    sealer.strike(4)
    expect((await headerOf(sealer)).kid & 0xffn).toBe(3n)
  })

  test('[KEY2] leaf and stream beyond 1,023, or an unknown suite, are refused when it is made', () => {
    expect(() => newSealer({ leaf: 1024 })).toThrow('kid-out-of-range')
    expect(() => newSealer({ stream: 1024 })).toThrow('kid-out-of-range')
    expect(() => newSealer({ suite: 77 })).toThrow('unknown-suite')
  })

  test('a bad base key leaves no key behind that could go on sealing', async () => {
    const sealer = newSealer()
    await sealer.switchTo(3, keys[0])
    await expect(sealer.switchTo(4, new Uint8Array(0))).rejects.toThrow('bad-base-key')
    expect(await sealer.seal(frame)).toEqual({ ok: false, code: 'no-key' })
  })
})
