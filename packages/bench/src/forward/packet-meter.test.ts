import { expect, test } from 'vitest'
import { PacketMeter } from './packet-meter.ts'

const packet = (head: number, tail: number): Uint8Array => Uint8Array.of(head, 0, 1, 2, 3, 4, 5, tail)

test('a packet is known by its end, whatever became of its head, once for each receiver', () => {
  const meter = new PacketMeter()
  meter.noteSent(packet(1, 9))
  meter.noteReceived(packet(77, 9))
  meter.noteReceived(packet(78, 9))
  meter.noteReceived(packet(1, 8))
  expect(meter).toMatchObject({ sent: 1, received: 2 })
  expect(meter.delaysMs).toHaveLength(2)
  for (const ms of meter.delaysMs) expect(ms).toBeGreaterThanOrEqual(0)
})

test('a late packet of the run before does not count', () => {
  const meter = new PacketMeter()
  meter.noteSent(packet(1, 9))
  meter.reset()
  meter.noteReceived(packet(1, 9))
  expect(meter).toMatchObject({ sent: 0, received: 0, delaysMs: [] })
})

test('what is under way is bounded', () => {
  const meter = new PacketMeter()
  const numbered = (i: number) => new Uint8Array(new Uint32Array([0, i, i]).buffer)
  for (let i = 0; i < 20_001; i++) meter.noteSent(numbered(i))
  meter.noteReceived(numbered(0))
  expect(meter.received).toBe(0)
  meter.noteReceived(numbered(20_000))
  expect(meter.received).toBe(1)
})
