/** A well on the real loopback: what waits in it, in which order, and whose packets get in. */
import type { Socket } from 'node:dgram'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { PacketWell } from './packet-well.ts'

const PATIENT = { timeout: 5_000 }

describe.runIf(process.platform === 'linux')('a packet well', () => {
  let sender: Socket
  let stranger: Socket
  let well: PacketWell
  let came: string[]
  beforeEach(async () => {
    sender = createSocket('udp4').bind(0, '127.0.0.1')
    stranger = createSocket('udp4').bind(0, '127.0.0.1')
    await Promise.all([once(sender, 'listening'), once(stranger, 'listening')])
    well = await PacketWell.open(sender.address().port)
    came = []
  })
  afterEach(() => {
    well.close()
    sender.close()
    stranger.close()
  })

  const send = (from: Socket, text: string, port = well.port) =>
    new Promise((resolve) => from.send(text, port, '127.0.0.1', resolve))
  const drain = () => well.drain((packet) => came.push(packet.toString()))

  test('packets wait in it, in their order, until somebody comes for them', async () => {
    const sent = Array.from({ length: 200 }, (_, at) => `packet ${at}`)
    for (const text of sent) await send(sender, text)
    await vi.waitFor(() => {
      drain()
      expect(came).toEqual(sent)
    }, PATIENT)
    expect(drain()).toBe(0)
    expect(well.dropped()).toBe(0)
  })

  test('[REC10] attack: another program of this machine sends packets to be recorded: none gets in', async () => {
    await send(stranger, 'forged')
    await send(sender, 'genuine')
    await vi.waitFor(() => {
      drain()
      expect(came).toContain('genuine')
    }, PATIENT)
    expect(came).toEqual(['genuine'])
    // The same attack on a socket that is tied to nobody.
    const open = createSocket('udp4').bind(0, '127.0.0.1')
    await once(open, 'listening')
    const heard = once(open, 'message')
    await send(stranger, 'forged', open.address().port)
    expect(String((await heard)[0])).toBe('forged')
    open.close()
  })

  test('[REC4] what the kernel had no room for is counted', async () => {
    const large = 'x'.repeat(60_000)
    const count = Math.ceil(well.bufferBytes / 60_000) + 20
    for (let at = 0; at < count; at += 1) await send(sender, large)
    await vi.waitFor(() => expect(drain()).toBe(0), PATIENT)
    expect(came.length).toBeLessThan(count)
    expect(well.dropped()).toBe(count - came.length)
    expect(well.dropped()).toBe(0)
  })

  test('closed, it is never read again: its descriptor may be that of another file', async () => {
    await send(sender, 'late')
    well.close()
    well.close()
    expect(drain()).toBe(0)
    expect(well.dropped()).toBe(0)
    expect(came).toEqual([])
    // The port is given back.
    await vi.waitFor(async () => {
      const again = createSocket('udp4').bind(well.port, '127.0.0.1')
      await once(again, 'listening')
      again.close()
    }, PATIENT)
  })
})
