/**
 * The real server on loopback with the fake media engine, under a clock that a test turns, and sockets to it. What a
 * lying server stands in front of.
 */
import { createHash } from 'node:crypto'
import type { MeetingLink } from '@huisclos/crypto/link'
import { deriveLinkSecrets, deriveOwnerToken } from '@huisclos/crypto/link'
import type { Socket } from '@huisclos/participant'
import { WEBSOCKET_PATH } from '@huisclos/protocol'
import type { RunningServer, StartOptions } from '@huisclos/server'
import { startServer } from '@huisclos/server'
import { WebSocket } from 'ws'

export interface RoomWrite {
  link: MeetingLink
  hostSeed?: Uint8Array
  descriptor?: { sealed: Uint8Array; version: number }
}

export class HonestServer {
  readonly #server: RunningServer

  private constructor(server: RunningServer) {
    this.#server = server
  }

  static async start(clock: NonNullable<StartOptions['clock']>): Promise<HonestServer> {
    const options = {
      sfu: 'fake',
      port: 0,
      logLevel: 'silent',
      clock,
      roomsPerAddressPerHour: 10_000,
    } as const
    return new HonestServer(await startServer(options))
  }

  /** Tells the server of a room, as the host's browser does. */
  async putRoom({ link, hostSeed, descriptor }: RoomWrite): Promise<void> {
    const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('base64url')
    const owner = deriveOwnerToken(hostSeed ?? link.secret, link.room)
    const body = {
      accessHash: sha256(deriveLinkSecrets(link.secret, link.room).access),
      ownerHash: sha256(owner),
      descriptor: descriptor ? Buffer.from(descriptor.sealed).toString('base64url') : null,
      descriptorVersion: descriptor?.version ?? 0,
    }
    const response = await fetch(`${this.#server.url}/api/rooms/${link.room}`, {
      method: 'PUT',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${Buffer.from(owner).toString('base64url')}`,
      },
      body: JSON.stringify(body),
    })
    if (!response.ok) throw new Error(`the room was refused: ${response.status}`)
  }

  connect(): Socket {
    return adaptSocket(new WebSocket(this.#server.url.replace(/^http/, 'ws') + WEBSOCKET_PATH))
  }

  close(): Promise<void> {
    return this.#server.close()
  }
}

/** A `ws` socket as the engine wants it. */
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
