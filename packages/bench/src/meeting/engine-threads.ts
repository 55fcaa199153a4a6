/**
 * MLS engines of bots in a thread of their own, as a browser has them in a worker: what one bot computes does not hold up
 * the packets of another. Whoever starts a thread closes it.
 */
import { MessageChannel, Worker } from 'node:worker_threads'
import type { EnginePort, GroupEngine } from '@huisclos/crypto/mls'
import { connectGroupEngine } from '@huisclos/crypto/mls'

export class EngineThread {
  readonly #worker = new Worker(new URL('./engine-thread.ts', import.meta.url))

  /** A new engine in this thread. */
  create(): GroupEngine {
    const { port1, port2 } = new MessageChannel()
    this.#worker.postMessage(port2, [port2])
    // What Node's ports give to `onmessage` is an event with `data`, too.
    return connectGroupEngine(port1 as unknown as EnginePort)
  }

  close(): Promise<number> {
    return this.#worker.terminate()
  }
}
