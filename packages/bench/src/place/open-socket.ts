/** A connection to the server by Node's own WebSocket, as the engine wants it. */
import type { Socket } from '@huisclos/participant'

export function openSocket(url: string): Socket {
  const ws = new WebSocket(url)
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
