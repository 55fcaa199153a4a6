/** A socket to the meeting's server, as the engine wants it, over Node's own WebSocket. */
import type { Socket } from '@huisclos/participant'
import { WEBSOCKET_PATH } from '@huisclos/protocol'

/** `server`: its address as people open it, `https://meet.example.org`. */
export function connectTo(server: string): Socket {
  const ws = new WebSocket(server.replace(/^http/, 'ws').replace(/\/$/, '') + WEBSOCKET_PATH)
  const socket: Socket = {
    send: (text) => {
      if (ws.readyState === WebSocket.OPEN) ws.send(text)
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
  ws.addEventListener('message', ({ data }) => socket.onmessage?.(String(data)))
  ws.addEventListener('close', () => socket.onclose?.())
  return socket
}
