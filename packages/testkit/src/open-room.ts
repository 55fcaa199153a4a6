/** A room that nobody hosts, on a server that lets anyone create one, and sockets to it. Imports no server. */
import { createHash } from 'node:crypto'
import type { MeetingLink } from '@huisclos/crypto/link'
import { deriveLinkSecrets, deriveOwnerToken, newMeetingLink } from '@huisclos/crypto/link'
import type { Socket } from '@huisclos/participant'
import { WEBSOCKET_PATH } from '@huisclos/protocol'
import { WebSocket } from 'ws'
import { adaptSocket } from './ws-socket.ts'

/** `url`: the server's, as its pages have it. */
export const connectTo = (url: string): Socket =>
  adaptSocket(new WebSocket(url.replace(/^http/, 'ws') + WEBSOCKET_PATH))

/** @throws Error when the server refuses it */
export async function putRoom(url: string): Promise<MeetingLink> {
  const link = newMeetingLink()
  const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('base64url')
  const owner = deriveOwnerToken(link.secret, link.room)
  const response = await fetch(`${url}/api/rooms/${link.room}`, {
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
  return link
}
