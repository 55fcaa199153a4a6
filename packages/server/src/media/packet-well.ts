/**
 * Where the media worker leaves what is recorded: a UDP socket of loopback that takes packets of the one port it was made
 * for, and that nobody reads until `drain`. Reading many at once is what makes a recording cheap: a wake-up of this
 * process costs more than what it then does. Must never be read after `close`: the descriptor may be another file's then.
 */
import { readSync } from 'node:fs'
import { Worker } from 'node:worker_threads'
import { droppedBy } from './socket-descriptor.ts'

export interface KeeperOrder {
  /** Of the media worker, on loopback. */
  fromPort: number
  bufferBytes: number
  /** One 32-bit number; the keeper sleeps while it is 0. */
  latch: SharedArrayBuffer
}

export interface KeptSocket {
  port: number
  descriptor: number
  /** What the kernel granted. */
  bufferBytes: number
}

/** As much as the kernel allows (net.core.rmem_max), up to this. */
const BUFFER_BYTES = 4 * 1024 * 1024
const MOST_PACKET_BYTES = 65_536
/** The event loop belongs to others, too. */
const MOST_AT_ONCE = 4_096
/** Nothing there, or the other side of the socket is gone. */
const DRY = new Set(['EAGAIN', 'ECONNREFUSED'])

export class PacketWell {
  readonly port: number
  /** What the socket holds before the kernel drops, in the kernel's own count: a packet's bytes and as many again. */
  readonly bufferBytes: number
  readonly #descriptor: number
  readonly #latch: SharedArrayBuffer
  readonly #scratch = Buffer.alloc(MOST_PACKET_BYTES)
  #dropped = 0
  #closed = false

  private constructor(kept: KeptSocket, latch: SharedArrayBuffer) {
    this.port = kept.port
    this.bufferBytes = kept.bufferBytes
    this.#descriptor = kept.descriptor
    this.#latch = latch
    this.drain(() => undefined)
  }

  /** @throws Error where the system gives no such socket */
  static async open(fromPort: number): Promise<PacketWell> {
    const latch = new SharedArrayBuffer(4)
    const order: KeeperOrder = { fromPort, bufferBytes: BUFFER_BYTES, latch }
    const keeper = new Worker(new URL('./packet-well-keeper.ts', import.meta.url), {
      workerData: order,
      execArgv: [],
    })
    keeper.unref()
    const kept = Promise.withResolvers<KeptSocket>()
    keeper.once('message', (said: KeptSocket) => kept.resolve(said))
    keeper.once('error', kept.reject)
    return new PacketWell(await kept.promise, latch)
  }

  /** Hands over what has come, in its order; the bytes are good for the call alone. @returns how many there were */
  drain(take: (packet: Buffer) => void): number {
    for (let count = 0; count < MOST_AT_ONCE; count += 1) {
      const length = this.#read()
      if (length === null) return count
      take(this.#scratch.subarray(0, length))
    }
    return MOST_AT_ONCE
  }

  /** Packets that the kernel dropped since the last time. */
  dropped(): number {
    if (this.#closed) return 0
    const before = this.#dropped
    this.#dropped = droppedBy(this.port)
    return this.#dropped - before
  }

  close(): void {
    if (this.#closed) return
    this.#closed = true
    const cell = new Int32Array(this.#latch)
    Atomics.store(cell, 0, 1)
    Atomics.notify(cell, 0)
  }

  #read(): number | null {
    if (this.#closed) return null
    try {
      return readSync(this.#descriptor, this.#scratch, 0, MOST_PACKET_BYTES, null)
    } catch (error) {
      if (error instanceof Error && 'code' in error && DRY.has(String(error.code))) return null
      throw error
    }
  }
}
