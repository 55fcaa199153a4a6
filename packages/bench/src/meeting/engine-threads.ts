/**
 * MLS engines of bots in a thread of their own, as a browser has them in a worker: what one bot computes does not hold up
 * the packets of another. Whoever starts a thread closes it.
 */
import { once } from 'node:events'
import { setPriority } from 'node:os'
import { MessageChannel, Worker } from 'node:worker_threads'
import type { EnginePort, GroupEngine } from '@huisclos/crypto/mls'
import { connectGroupEngine } from '@huisclos/crypto/mls'

const LEAST_PRIORITY = 19

export class EngineThread {
  /** `PID/task/TID`, for process-costs.ts. */
  readonly id: string
  readonly #worker: Worker

  private constructor(worker: Worker, id: string) {
    this.#worker = worker
    this.id = id
  }

  static async start(): Promise<EngineThread> {
    const worker = new Worker(new URL('./engine-thread.ts', import.meta.url))
    const [id] = (await once(worker, 'message')) as [string]
    return new EngineThread(worker, id)
  }

  /** A new engine in this thread. */
  create(): GroupEngine {
    const { port1, port2 } = new MessageChannel()
    this.#worker.postMessage(port2, [port2])
    // What Node's ports give to `onmessage` is an event with `data`, too.
    return connectGroupEngine(port1 as unknown as EnginePort)
  }

  /** From now on all others go first: what this thread's bots do is not to slow down what is measured. */
  standBack(): void {
    setPriority(Number(this.id.split('/').at(-1)), LEAST_PRIORITY)
  }

  close(): Promise<number> {
    return this.#worker.terminate()
  }
}
