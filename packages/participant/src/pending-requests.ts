/**
 * Requests that wait for their answers, by number. They outlive sockets: after a resume each is sent again under the
 * number it had, and the server answers what it answered before (ORD4). Knows no socket.
 */
import type { RequestType, ResultOf, ServerFrame } from '@huisclos/protocol'
import { RESULTS } from '@huisclos/protocol'
import type { SignallingCode } from './signalling-error.ts'
import { SignallingError } from './signalling-error.ts'

interface Waiting {
  type: RequestType
  text: string
  settle(answer: { ok: true; result: unknown } | { ok: false; code: SignallingCode }): void
}

export class PendingRequests {
  readonly #waiting = new Map<number, Waiting>()

  /** Resolves with the checked result; rejects with a `SignallingError`. */
  add<T extends RequestType>(id: number, type: T, text: string): Promise<ResultOf<T>> {
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, {
        type,
        text,
        settle: (answer) => {
          if (!answer.ok) return reject(new SignallingError(answer.code))
          const parsed = RESULTS[type].safeParse(answer.result)
          if (parsed.success) resolve(parsed.data as ResultOf<T>)
          else reject(new SignallingError('bad-message'))
        },
      })
    })
  }

  handle(reply: Extract<ServerFrame, { t: 'ok' | 'error' }>): void {
    const waiting = this.#waiting.get(reply.re)
    this.#waiting.delete(reply.re)
    waiting?.settle(reply.t === 'ok' ? { ok: true, result: reply.result } : { ok: false, code: reply.code })
  }

  /** The frames to send again, oldest first. */
  texts(): string[] {
    return [...this.#waiting.entries()].sort(([a], [b]) => a - b).map(([, { text }]) => text)
  }

  fail(id: number, code: SignallingCode): void {
    const waiting = this.#waiting.get(id)
    this.#waiting.delete(id)
    waiting?.settle({ ok: false, code })
  }

  failAll(code: SignallingCode): void {
    for (const id of [...this.#waiting.keys()]) this.fail(id, code)
  }
}
