/**
 * The page's end of one MLS worker: an engine whose worker ends when it is closed. A worker that dies closes its
 * engine, so that every call rejects and the meeting joins anew with a new key package (ORD4).
 */
import type { EnginePort, GroupEngine } from '@huisclos/crypto/mls'
import { connectGroupEngine } from '@huisclos/crypto/mls'

/** The part of `Worker` that is used; tests bring their own. */
export interface GroupWorkerPort extends EnginePort {
  addEventListener(type: 'error' | 'messageerror', died: () => void): void
  terminate(): void
}

/** The worker erases its secrets when it is told to close; this is how long it is given for that. */
const ERASE_WITHIN_MS = 500

export function workerEngine(worker: GroupWorkerPort): GroupEngine {
  const engine = connectGroupEngine(worker)
  const close = () => {
    engine.close()
    setTimeout(() => worker.terminate(), ERASE_WITHIN_MS)
  }
  worker.addEventListener('error', close)
  worker.addEventListener('messageerror', close)
  return { ...engine, close }
}
