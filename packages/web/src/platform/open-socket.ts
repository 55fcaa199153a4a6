/** A WebSocket to this page's own server, as the engine's `Socket` port. */
import type { Socket } from '@huisclos/participant'
import { adaptSocket } from '@huisclos/participant/adapt-socket'

export function openSocket(path: string): Socket {
  const address = new URL(path, location.href)
  address.protocol = address.protocol === 'http:' ? 'ws:' : 'wss:'
  address.hash = ''
  return adaptSocket(new WebSocket(address))
}
