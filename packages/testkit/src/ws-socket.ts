/** A socket of `ws`, as the engine wants it. */
import type { Socket } from '@huisclos/participant'
import { WebSocket } from 'ws'

export function adaptSocket(ws: WebSocket): Socket {
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
  ws.on('open', () => socket.onopen?.())
  ws.on('message', (data) => socket.onmessage?.(String(data)))
  ws.on('close', () => socket.onclose?.())
  ws.on('error', () => ws.terminate())
  return socket
}
