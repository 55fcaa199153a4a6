/** A socket to the meeting's server, as the engine wants it, over Node's own WebSocket. */
import type { Socket } from '@huisclos/participant'
import { adaptSocket } from '@huisclos/participant/adapt-socket'
import { WEBSOCKET_PATH } from '@huisclos/protocol'

/** `server`: its address as people open it, `https://meet.example.org`. */
export const connectTo = (server: string): Socket =>
  adaptSocket(new WebSocket(server.replace(/^http/, 'ws').replace(/\/$/, '') + WEBSOCKET_PATH))
