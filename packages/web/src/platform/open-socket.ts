/** A WebSocket to this page's own server, as the engine's `Socket` port. Carries text only. */
import type { Socket } from '@huisclos/participant'

export function openSocket(path: string): Socket {
  const address = new URL(path, location.href)
  address.protocol = address.protocol === 'http:' ? 'ws:' : 'wss:'
  address.hash = ''
  const web = new WebSocket(address)
  const socket: Socket = {
    send: (text) => web.send(text),
    close: () => web.close(),
    get bufferedAmount() {
      return web.bufferedAmount
    },
    onopen: null,
    onmessage: null,
    onclose: null,
  }
  web.onopen = () => socket.onopen?.()
  web.onclose = () => socket.onclose?.()
  web.onmessage = (event: MessageEvent<unknown>) => {
    if (typeof event.data === 'string') socket.onmessage?.(event.data)
  }
  return socket
}
