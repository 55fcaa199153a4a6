/**
 * Any WebSocket (a browser's, Node's, that of `ws`) as the engine's `Socket` port. Carries text only. Apart from the
 * engine: a page's first visit loads none of that.
 */
import type { Socket } from './ports.ts'

/** What all of them have. */
export interface AnyWebSocket {
  readonly readyState: number
  readonly bufferedAmount: number
  send(text: string): void
  close(): void
  addEventListener(type: 'open' | 'close', heard: () => void): void
  addEventListener(type: 'message', heard: (event: { data: unknown }) => void): void
}

/** The state of a socket that sends. */
const OPEN = 1

export function adaptSocket(ws: AnyWebSocket): Socket {
  const socket: Socket = {
    send: (text) => {
      if (ws.readyState === OPEN) ws.send(text)
    },
    close: () => ws.close(),
    get bufferedAmount() {
      return ws.bufferedAmount
    },
    onopen: null,
    onmessage: null,
    onclose: null,
  }
  ws.addEventListener('open', () => socket.onopen?.())
  ws.addEventListener('close', () => socket.onclose?.())
  ws.addEventListener('message', ({ data }) => {
    if (typeof data === 'string') socket.onmessage?.(data)
  })
  return socket
}
