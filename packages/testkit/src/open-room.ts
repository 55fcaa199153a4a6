/** Rooms on a server that lets anyone create one, hosted or not, and sockets to it. Imports no server. */
import { createHash } from 'node:crypto'
import type { BridgeCard, MeetingLink } from '@huisclos/crypto/link'
import {
  deriveLinkSecrets,
  deriveOwnerToken,
  newHostKey,
  newMeetingLink,
  sealDescriptor,
} from '@huisclos/crypto/link'
import type { Socket } from '@huisclos/participant'
import { WEBSOCKET_PATH } from '@huisclos/protocol'
import { WebSocket } from 'ws'
import { adaptSocket } from './ws-socket.ts'

/** `url`: the server's, as its pages have it. */
export const connectTo = (url: string): Socket =>
  adaptSocket(new WebSocket(url.replace(/^http/, 'ws') + WEBSOCKET_PATH))

/** What a hosted room's descriptor says beyond its host. */
export interface HostedRoom {
  lobby?: boolean
  /** The telephone bridge that may join. */
  bridge?: BridgeCard
  /** Whether recordings on the server may be ordered. */
  recording?: boolean
}

/** A room that nobody hosts. @throws Error when the server refuses it */
export async function putRoom(url: string): Promise<MeetingLink> {
  const link = newMeetingLink()
  await put(url, link, { owner: deriveOwnerToken(link.secret, link.room), descriptor: null, version: 0 })
  return link
}

/** @throws Error when the server refuses it */
export async function putHostedRoom(
  url: string,
  { lobby = false, bridge, recording = false }: HostedRoom,
): Promise<{ link: MeetingLink; hostSeed: Uint8Array }> {
  const host = newHostKey()
  const link = newMeetingLink(host.publicKey)
  const policy = { lobby, audioLevel: false, bridges: bridge !== undefined, recording }
  const descriptor = await sealDescriptor({
    key: deriveLinkSecrets(link.secret, link.room).descriptor,
    room: link.room,
    host,
    descriptor: { version: 1, title: 'Conseil', lobbyKey: null, policy, ...(bridge ? { bridge } : {}) },
  })
  await put(url, link, { owner: deriveOwnerToken(host.seed, link.room), descriptor, version: 1 })
  return { link, hostSeed: host.seed }
}

async function put(
  url: string,
  link: MeetingLink,
  room: { owner: Uint8Array; descriptor: Uint8Array | null; version: number },
): Promise<void> {
  const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('base64url')
  const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64url')
  const response = await fetch(`${url}/api/rooms/${link.room}`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${text(room.owner)}` },
    body: JSON.stringify({
      accessHash: sha256(deriveLinkSecrets(link.secret, link.room).access),
      ownerHash: sha256(room.owner),
      descriptor: room.descriptor && text(room.descriptor),
      descriptorVersion: room.version,
    }),
  })
  if (!response.ok) throw new Error(`the room was refused: ${response.status}`)
}
