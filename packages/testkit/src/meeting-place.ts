/**
 * The whole real server, media engine included, with one room that nobody hosts, and sockets to it: where bots meet for
 * tests and measurements. Whoever starts a place closes it.
 */
import { createHash } from 'node:crypto'
import type { MeetingLink } from '@huisclos/crypto/link'
import { deriveLinkSecrets, deriveOwnerToken, newMeetingLink } from '@huisclos/crypto/link'
import type { Socket } from '@huisclos/participant'
import { WEBSOCKET_PATH } from '@huisclos/protocol'
import type { RunningServer } from '@huisclos/server'
import { startServer } from '@huisclos/server'
import { WebSocket } from 'ws'
import { adaptSocket } from './ws-socket.ts'

export interface MeetingPlace {
  readonly server: RunningServer
  readonly link: MeetingLink
  connect(): Socket
  close(): Promise<void>
}

async function putRoom(server: RunningServer, link: MeetingLink): Promise<void> {
  const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('base64url')
  const owner = deriveOwnerToken(link.secret, link.room)
  const response = await fetch(`${server.url}/api/rooms/${link.room}`, {
    method: 'PUT',
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${Buffer.from(owner).toString('base64url')}`,
    },
    body: JSON.stringify({
      accessHash: sha256(deriveLinkSecrets(link.secret, link.room).access),
      ownerHash: sha256(owner),
      descriptor: null,
      descriptorVersion: 0,
    }),
  })
  if (!response.ok) throw new Error(`the room was refused: ${response.status}`)
}

export interface PlaceOptions {
  /** Media workers, 1 unless told otherwise. */
  workers?: number
  /** Folder of a built web client other than the usual one. */
  webRoot?: string
}

/** Starts the server on free ports of loopback. */
export async function startMeetingPlace(options: PlaceOptions = {}): Promise<MeetingPlace> {
  const { workers = 1, webRoot } = options
  const server = await startServer({ port: 0, mediaPort: 0, workers, webRoot, logLevel: 'silent' })
  const link = newMeetingLink()
  try {
    await putRoom(server, link)
  } catch (error) {
    await server.close()
    throw error
  }
  const connect = () => adaptSocket(new WebSocket(server.url.replace(/^http/, 'ws') + WEBSOCKET_PATH))
  return { server, link, connect, close: () => server.close() }
}
