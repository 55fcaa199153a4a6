import { once } from 'node:events'
import type { Server, Socket } from 'node:net'
import { connect, createServer } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { startTcpRelay } from './tcp-relay.ts'

let server: Server
let served: Socket[]
let port: number
const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

beforeEach(async () => {
  served = []
  server = createServer((socket) => {
    served.push(socket)
    socket.on('error', () => undefined)
    socket.on('data', (data) => void socket.write(data))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  port = typeof address === 'object' && address !== null ? address.port : 0
})
afterEach(() => {
  for (const socket of served) socket.destroy()
  server.close()
})

async function client(at: number) {
  const socket = connect(at, '127.0.0.1')
  await once(socket, 'connect')
  const state = { socket, bytes: 0, closed: false }
  socket.on('data', (data) => {
    state.bytes += data.length
  })
  socket.on('error', () => undefined)
  socket.on('close', () => {
    state.closed = true
  })
  return state
}
const until = async (holds: () => boolean, ms = 4_000): Promise<void> => {
  for (const end = performance.now() + ms; !holds() && performance.now() < end; ) await wait(5)
  expect(holds()).toBe(true)
}

test('delay is paid each way', async () => {
  await using relay = await startTcpRelay(port, { delayMs: 100 })
  const one = await client(relay.port)
  const from = performance.now()
  one.socket.write('x')
  await until(() => one.bytes === 1)
  expect(performance.now() - from).toBeGreaterThanOrEqual(195)
})

test('silence: nothing passes, nobody is told, and all of it comes when the cable is back', async () => {
  await using relay = await startTcpRelay(port)
  const one = await client(relay.port)
  relay.set({ silence: true })
  one.socket.write('hello')
  await wait(300)
  expect(one).toMatchObject({ bytes: 0, closed: false })
  relay.set({})
  await until(() => one.bytes === 5)
})

test('a slow reader holds the sender up at its own pace', async () => {
  await using relay = await startTcpRelay(port, { readBytesPerSecond: 50_000 })
  const one = await client(relay.port)
  await until(() => served.length === 1)
  served[0]?.write(Buffer.alloc(20_000))
  const from = performance.now()
  await until(() => one.bytes === 20_000)
  expect(performance.now() - from).toBeGreaterThan(300)
})

test('a reader that has stopped fills the buffers between, and then the sender’s own', async () => {
  await using relay = await startTcpRelay(port, { readBytesPerSecond: 0 })
  const one = await client(relay.port)
  await until(() => served.length === 1)
  for (let n = 0; n < 32; n++) served[0]?.write(Buffer.alloc(1_000_000))
  await wait(300)
  expect(served[0]?.writableLength).toBeGreaterThan(10_000_000)
  expect(one.bytes).toBe(0)
})

test('half open: the client learns at once, the server never', async () => {
  await using relay = await startTcpRelay(port)
  const one = await client(relay.port)
  one.socket.write('x')
  await until(() => one.bytes === 1)
  relay.halfOpen()
  await until(() => one.closed)
  await wait(200)
  expect(served[0]?.closed).toBe(false)
  expect(served[0]?.readable).toBe(true)
})

test('a cut: both learn', async () => {
  await using relay = await startTcpRelay(port)
  const one = await client(relay.port)
  await until(() => served.length === 1)
  expect(relay.connections).toBe(1)
  relay.cut()
  await until(() => one.closed && served[0]?.closed === true)
  expect(relay.connections).toBe(0)
})
