/** A socket of `ws`, as the engine wants it; ended where it fails, as a browser does. */
import type { Socket } from '@huisclos/participant'
import { adaptSocket as adaptAny } from '@huisclos/participant/adapt-socket'
import type { WebSocket } from 'ws'

export function adaptSocket(ws: WebSocket): Socket {
  ws.on('error', () => ws.terminate())
  return adaptAny(ws)
}
