/** Finds consecutive ports that are free for UDP and TCP, for tests and for `mediaPort: 0`. */
import { randomInt } from 'node:crypto'
import { createSocket } from 'node:dgram'
import { createServer } from 'node:net'
import type { ListenAddress } from './media-worker.ts'
import { SfuStartError } from './sfu-start-error.ts'

const TRIES = 200

/** Any other trouble with the address is for the worker to report. */
const inUse = (error: NodeJS.ErrnoException) => error.code === 'EADDRINUSE'

function tcpIsFree(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', (error) => resolve(!inUse(error)))
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(true)))
  })
}

function udpIsFree(address: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createSocket(address.includes(':') ? 'udp6' : 'udp4')
    socket.once('error', (error) => {
      socket.close()
      resolve(!inUse(error))
    })
    socket.bind({ address, port, exclusive: true }, () => socket.close(() => resolve(true)))
  })
}

/**
 * The first of `count` free ports in 20000–32000 (below the range the kernel hands out). Another program may take one
 * before it is used; the start then fails with `port-in-use`.
 */
export async function freeMediaPort(count: number, addresses: readonly ListenAddress[]): Promise<number> {
  const ip = addresses[0]?.ip ?? '127.0.0.1'
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const first = randomInt(20_000, 32_000 - count)
    const ports = Array.from({ length: count }, (_, index) => first + index)
    const free = await Promise.all(ports.flatMap((port) => [tcpIsFree(ip, port), udpIsFree(ip, port)]))
    if (free.every(Boolean)) return first
  }
  throw new SfuStartError('port-in-use', null)
}
