/**
 * A bad network path before a TCP port of this machine (pages, WebSockets): delay, silence as of a cut cable, a reader
 * that is slow or has stopped, a connection that one end believes dead. TCP loses nothing, so neither does this.
 * Loopback only.
 */
import type { Socket } from 'node:net'
import { connect, createServer } from 'node:net'

export interface TcpFaults {
  /** Each way. */
  delayMs?: number
  /** No byte passes and nobody is told: a cut cable. Whoever sends goes on until its buffers are full. */
  silence?: boolean
  /** How fast the client takes what the server sends, bytes a second; 0: it reads no more, as a halted page. */
  readBytesPerSecond?: number
}

export interface TcpRelay extends AsyncDisposable {
  readonly port: number
  readonly connections: number
  /** For what comes from now on, on every connection. */
  set(faults: TcpFaults): void
  /** The client's ends are reset; the server is told nothing: its half stays open until it finds out by itself. */
  halfOpen(): void
  /** Both ends are reset. */
  cut(): void
}

const HOST = '127.0.0.1'
const SLICE_MS = 20

interface Pair {
  client: Socket
  server: Socket
}

/** Starts a relay on a free port of loopback. */
export async function startTcpRelay(targetPort: number, first: TcpFaults = {}): Promise<TcpRelay> {
  let faults = first
  const pairs = new Set<Pair>()
  const now = (): TcpFaults => faults
  const listener = createServer({ allowHalfOpen: false }, (client) => {
    const server = connect(targetPort, HOST)
    const pair = { client, server }
    pairs.add(pair)
    void carry(client, server, () => ({ ...now(), readBytesPerSecond: Number.POSITIVE_INFINITY }))
    void carry(server, client, now)
    client.on('close', () => {
      if (pairs.delete(pair)) server.destroy()
    })
    server.on('close', () => {
      pairs.delete(pair)
      client.destroy()
    })
  })
  const halves = new Set<Socket>()
  await new Promise<void>((resolve) => listener.listen(0, HOST, resolve))
  const address = listener.address()
  if (address === null || typeof address === 'string') throw new Error('not listening')
  const cut = (): void => {
    for (const { client, server } of pairs) {
      client.resetAndDestroy()
      server.resetAndDestroy()
    }
    for (const half of halves) half.destroy()
    halves.clear()
  }
  return {
    port: address.port,
    get connections() {
      return pairs.size
    },
    set: (next) => {
      faults = next
    },
    halfOpen: () => {
      for (const pair of [...pairs]) {
        pairs.delete(pair)
        halves.add(pair.server)
        pair.client.resetAndDestroy()
      }
    },
    cut,
    [Symbol.asyncDispose]: async () => {
      cut()
      await new Promise<void>((resolve) => listener.close(() => resolve()))
    },
  }
}

const wait = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))

/** Reads no more from one end than the other takes, so that back pressure reaches the sender as on a real path. */
async function carry(from: Socket, to: Socket, now: () => TcpFaults): Promise<void> {
  from.on('error', () => undefined)
  to.on('error', () => undefined)
  try {
    for await (const chunk of from as AsyncIterable<Buffer>) await pass(chunk, to, now)
    to.end()
  } catch {
    // A reset end: the close handlers see to the other.
  }
}

async function pass(chunk: Buffer, to: Socket, now: () => TcpFaults): Promise<void> {
  const { delayMs = 0 } = now()
  if (delayMs > 0) await wait(delayMs)
  for (let done = 0; done < chunk.length && !to.destroyed; ) {
    const { silence, readBytesPerSecond = Number.POSITIVE_INFINITY } = now()
    if (silence || readBytesPerSecond <= 0) {
      await wait(SLICE_MS)
      continue
    }
    const slice = Number.isFinite(readBytesPerSecond)
      ? Math.max(1, Math.floor((readBytesPerSecond * SLICE_MS) / 1_000))
      : chunk.length
    const drained = to.write(chunk.subarray(done, done + slice))
    done += slice
    if (!drained) await Promise.race([new Promise((resolve) => to.once('drain', resolve)), gone(to)])
    if (Number.isFinite(readBytesPerSecond)) await wait(SLICE_MS)
  }
}

const gone = (socket: Socket) => new Promise((resolve) => socket.once('close', resolve))
