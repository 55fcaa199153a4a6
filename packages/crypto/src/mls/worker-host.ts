/**
 * The two ends of a GroupEngine that lives in a worker [LIB1]: `serveGroupEngine` inside, `connectGroupEngine` on the
 * page. Requests are carried out one after another; errors cross as codes, never as messages or stacks. Knows no DOM:
 * a port is whatever posts structured-cloneable values, a worker's global scope and a MessagePort alike.
 */
import type { GroupEngine } from './group-engine.ts'
import type { MlsCode } from './mls-error.ts'
import { MLS_CODES, MlsError } from './mls-error.ts'
import { SerialQueue } from './serial-queue.ts'

/** A MessagePort, a Worker, or a worker's global scope, as far as it is used here. */
export interface EnginePort {
  postMessage(message: unknown): void
  onmessage: ((event: { data: unknown }) => void) | null
}

const METHODS = [
  'create',
  'keyPackage',
  'join',
  'inspect',
  'commit',
  'confirm',
  'discard',
  'process',
  'rollback',
  'seal',
  'sign',
  'verify',
] as const
type Method = (typeof METHODS)[number]

interface EngineRequest {
  id: number
  method: Method | 'close'
  args: unknown[]
}

type EngineAnswer = { id: number; ok: true; result: unknown } | { id: number; ok: false; code: MlsCode }

/** Serves one engine over a port until `close` comes through it. */
export function serveGroupEngine(port: EnginePort, engine: GroupEngine): void {
  const queue = new SerialQueue()
  const methods = engine as unknown as Record<Method, (...args: unknown[]) => Promise<unknown>>
  const answer = (reply: EngineAnswer) => port.postMessage(reply)
  port.onmessage = ({ data }) => {
    const request = readRequest(data)
    if (request === undefined) return
    const { id, method, args } = request
    if (method === 'close') {
      port.onmessage = null
      engine.close()
      return
    }
    void queue.run(async () => {
      try {
        const result = await methods[method](...args)
        answer({ id, ok: true, result })
      } catch (error) {
        answer({ id, ok: false, code: error instanceof MlsError ? error.code : 'engine-fault' })
      }
    })
  }
}

function readRequest(data: unknown): EngineRequest | undefined {
  const { id, method, args } = (data ?? {}) as Partial<EngineRequest>
  const known = method === 'close' || METHODS.some((name) => name === method)
  if (typeof id !== 'number' || method === undefined || !known || !Array.isArray(args)) return undefined
  return { id, method, args }
}

/** The engine on the other side of a port. After `close`, calls that wait and later ones reject with `closed`. */
export function connectGroupEngine(port: EnginePort): GroupEngine {
  const waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: MlsError) => void }>()
  let [last, closed] = [0, false]
  port.onmessage = ({ data }) => {
    const reply = readAnswer(data)
    const call = reply && waiting.get(reply.id)
    if (reply === undefined || call === undefined) return
    waiting.delete(reply.id)
    if (reply.ok) call.resolve(reply.result)
    else call.reject(new MlsError(reply.code))
  }
  const call = (method: Method, args: unknown[]) =>
    new Promise<unknown>((resolve, reject) => {
      if (closed) {
        reject(new MlsError('closed'))
        return
      }
      const id = ++last
      waiting.set(id, { resolve, reject })
      port.postMessage({ id, method, args } satisfies EngineRequest)
    })
  const close = () => {
    if (closed) return
    closed = true
    port.postMessage({ id: ++last, method: 'close', args: [] } satisfies EngineRequest)
    for (const { reject } of waiting.values()) reject(new MlsError('closed'))
    waiting.clear()
  }
  const methods = METHODS.map((method) => [method, (...args: unknown[]) => call(method, args)] as const)
  return { ...Object.fromEntries(methods), close } as unknown as GroupEngine
}

function readAnswer(data: unknown): EngineAnswer | undefined {
  const reply = (data ?? {}) as Partial<EngineAnswer>
  if (typeof reply.id !== 'number') return undefined
  if (reply.ok === true) return reply as EngineAnswer
  if (reply.ok !== false) return undefined
  const code = MLS_CODES.find((known) => known === reply.code) ?? 'engine-fault'
  return { id: reply.id, ok: false, code }
}
