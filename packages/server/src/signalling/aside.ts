/** What a socket may carry instead of a session: a connection test (SIG16), or a telephone bridge's line (TEL9). */
import type { ErrorCode, Request, RequestOf } from '@huisclos/protocol'

export interface Aside {
  /** Carries a request out and gives its answer's fields, null for requests that it has no use for. */
  answer(request: Request): Promise<object | null>
  end(): void
}

/** What it may do to its socket. */
export interface AsideSocket {
  tell(text: string): void
  /** It is over: last words, then the socket closes. */
  over(code: ErrorCode): void
}

export type BegunAside = { ok: true; aside: Aside; result: object } | { ok: false; code: ErrorCode }

export type AsideRequest = RequestOf<'probe'> | RequestOf<'bridge.listen'>
export type BeginAside = (request: AsideRequest, socket: AsideSocket) => Promise<BegunAside>
