import type { Socket } from 'node:dgram'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { startUdpRelay } from './udp-relay.ts'

let echo: Socket, client: Socket
let seenPorts: Set<number>
let heard: number[]
const open = async (): Promise<Socket> => {
  const socket = createSocket('udp4')
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  return socket
}
const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

beforeEach(async () => {
  seenPorts = new Set()
  heard = []
  echo = await open()
  echo.on('message', (packet, from) => {
    seenPorts.add(from.port)
    echo.send(packet, from.port, from.address)
  })
  client = await open()
  client.on('message', (packet) => heard.push(packet.readUInt32BE()))
})
afterEach(() => {
  echo.close()
  client.close()
})

const say = async (port: number, from: number, to: number): Promise<void> => {
  for (let n = from; n < to; n++) {
    const packet = Buffer.alloc(200)
    packet.writeUInt32BE(n)
    client.send(packet, port, '127.0.0.1')
    if (n % 20 === 0) await wait(1)
  }
}
const within = async (holds: () => boolean, ms: number): Promise<void> => {
  for (const end = performance.now() + ms; !holds() && performance.now() < end; ) await wait(10)
}

test('packets go both ways, and a share of them is lost on each', async () => {
  await using relay = await startUdpRelay({
    targetPort: echo.address().port,
    seed: 5,
    up: { loss: 0.3 },
    down: {},
  })
  await say(relay.port, 0, 400)
  await within(() => heard.length >= 400 - relay.up.lost, 3_000)
  expect(relay.up.offered).toBe(400)
  expect(relay.up.lost).toBeGreaterThan(80)
  expect(relay.up.lost).toBeLessThan(160)
  expect(heard).toHaveLength(400 - relay.up.lost)
})

test('the same seed loses the same packets', async () => {
  const survivors: number[][] = []
  for (let round = 0; round < 2; round++) {
    heard.length = 0
    await using relay = await startUdpRelay({
      targetPort: echo.address().port,
      seed: 9,
      up: { loss: 0.5 },
      down: {},
    })
    await say(relay.port, 0, 100)
    await within(() => heard.length >= 100 - relay.up.lost, 3_000)
    survivors.push([...heard])
  }
  expect(survivors[0]?.length).toBeLessThan(80)
  expect(survivors[1]).toEqual(survivors[0])
})

test('delay takes its time, and a blackout lets nothing through until it is over', async () => {
  await using relay = await startUdpRelay({ targetPort: echo.address().port, seed: 1, up: { delayMs: 120 } })
  const from = performance.now()
  await say(relay.port, 0, 1)
  await within(() => heard.length > 0, 3_000)
  expect(performance.now() - from).toBeGreaterThanOrEqual(235)
  relay.set({ blackout: true })
  await say(relay.port, 1, 20)
  await wait(300)
  expect(heard).toEqual([0])
  relay.set({})
  await say(relay.port, 20, 21)
  await within(() => heard.length > 1, 3_000)
  expect(heard).toEqual([0, 20])
})

test('a NAT that forgets: the target sees the client under another port', async () => {
  await using relay = await startUdpRelay({ targetPort: echo.address().port, seed: 1 })
  await say(relay.port, 0, 1)
  await within(() => heard.length === 1, 3_000)
  relay.rebind()
  await say(relay.port, 1, 2)
  await within(() => heard.length === 2, 3_000)
  expect(seenPorts.size).toBe(2)
})
