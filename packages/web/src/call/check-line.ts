/** A short-lived connection to the server for looking before joining: asks, gets answers, leaves. */
import type { Socket } from '@huisclos/participant'
import type { ErrorCode, RequestOf, RequestType, ResultOf, ServerEvent } from '@huisclos/protocol'
import { decodeServerFrame, encodeRequest, RESULTS } from '@huisclos/protocol'

export type Answer<T extends RequestType> =
  | { ok: true; result: ResultOf<T> }
  | { ok: false; code: LineFailure }
/** What the server answered, or that it did not. */
export type LineFailure = ErrorCode | 'unreachable'
type Waiting = (
  answer: { ok: true; result: unknown } | { ok: false; code: ErrorCode | 'unreachable' },
) => void

const ANSWER_WITHIN_MS = 8_000

export class CheckLine {
  readonly #socket: Socket
  readonly #waiting = new Map<number, Waiting>()
  readonly #heard: (event: ServerEvent) => void
  readonly #open: Promise<boolean>
  #asked = 0
  #isClosed = false

  constructor(socket: Socket, heard: (event: ServerEvent) => void = () => undefined) {
    this.#heard = heard
    this.#socket = socket
    this.#open = new Promise((resolve) => {
      socket.onopen = () => resolve(true)
      socket.onclose = () => {
        resolve(false)
        this.#isClosed = true
        this.#end('unreachable')
      }
    })
    socket.onmessage = (text) => this.#hear(text)
  }

  /** Never rejects: no answer in 8 s, or a broken line, is `unreachable`. */
  async ask<T extends RequestType>(body: Omit<RequestOf<T>, 'id'> & { t: T }): Promise<Answer<T>> {
    const late = setTimeout(() => this.#end('unreachable'), ANSWER_WITHIN_MS)
    try {
      if (!(await this.#open) || this.#isClosed) return { ok: false, code: 'unreachable' }
      const id = ++this.#asked
      const answer = await new Promise<Parameters<Waiting>[0]>((resolve) => {
        this.#waiting.set(id, resolve)
        this.#socket.send(encodeRequest({ ...body, id } as unknown as RequestOf<T>))
      })
      if (!answer.ok) return answer
      const result = RESULTS[body.t].safeParse(answer.result)
      return result.success
        ? { ok: true, result: result.data as ResultOf<T> }
        : { ok: false, code: 'bad-message' }
    } finally {
      clearTimeout(late)
    }
  }

  /** Says that one leaves, so that no seat lingers, and hangs up. */
  close(): void {
    if (this.#isClosed) return
    void this.#open.then((isOpen) => {
      if (isOpen && !this.#isClosed) this.#socket.send(encodeRequest({ t: 'leave', id: ++this.#asked }))
      this.#isClosed = true
      this.#socket.close()
    })
  }

  #hear(text: string): void {
    const frame = decodeServerFrame(text)
    if (!frame.ok) return
    const { value } = frame
    if (value.t === 'goodbye') this.#end(value.code)
    else if (value.t !== 'ok' && value.t !== 'error') this.#heard(value)
    if (value.t !== 'ok' && value.t !== 'error') return
    const waiting = this.#waiting.get(value.re)
    this.#waiting.delete(value.re)
    waiting?.(value.t === 'ok' ? { ok: true, result: value.result } : { ok: false, code: value.code })
  }

  #end(code: ErrorCode | 'unreachable'): void {
    for (const waiting of this.#waiting.values()) waiting({ ok: false, code })
    this.#waiting.clear()
  }
}
