/**
 * A connection test's line to the server (SIG16): `probe` first, then media requests like a meeting's. Knows no room and
 * sends nothing of one.
 */
import type { AskServer, Socket } from '@huisclos/participant'
import type { EventOf, RequestOf, RequestType, ResultOf } from '@huisclos/protocol'
import { PROTOCOL_VERSIONS } from '@huisclos/protocol'
import type { LineFailure } from './check-line.ts'
import { CheckLine } from './check-line.ts'

export class ProbeError extends Error {
  override readonly name = 'ProbeError'
  readonly code: LineFailure

  constructor(code: LineFailure) {
    super(code)
    this.code = code
  }
}

export class ProbeLine {
  readonly #line: CheckLine
  readonly #heard = new Set<(offer: EventOf<'media.consumer'>) => void>()

  constructor(socket: Socket) {
    this.#line = new CheckLine(socket, (event) => {
      if (event.t === 'media.consumer') for (const heard of this.#heard) heard(event)
    })
  }

  /** Rejects with a `ProbeError`. */
  begin(): Promise<ResultOf<'probe'>> {
    return this.ask({ t: 'probe', versions: [...PROTOCOL_VERSIONS] })
  }

  /** Rejects with a `ProbeError`. */
  readonly ask = (async <T extends RequestType>(body: Omit<RequestOf<T>, 'id'> & { t: T }) => {
    const answer = await this.#line.ask<T>(body)
    if (!answer.ok) throw new ProbeError(answer.code)
    return answer.result
  }) as AskServer

  onConsumer(heard: (offer: EventOf<'media.consumer'>) => void): () => void {
    this.#heard.add(heard)
    return () => this.#heard.delete(heard)
  }

  close(): void {
    this.#line.close()
  }
}
