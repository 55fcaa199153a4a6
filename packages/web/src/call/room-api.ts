/**
 * The HTTP API from the host's side (LINK2, LINK3): makes a room, brings it back, asks who may create. Sends hashes
 * and the sealed descriptor; the link's secret and the host's seed stay here. Errors carry a code and no address.
 */
import { encodeBase64url } from '@huisclos/crypto/bytes'
import {
  decodeBridgeCard,
  deriveLinkSecrets,
  deriveLobbyKey,
  deriveOwnerToken,
  hostKeyFromSeed,
  sealDescriptor,
} from '@huisclos/crypto/link'
import type { RoomPut } from '@huisclos/protocol'
import { OPERATOR_HEADER, ServerConfig } from '@huisclos/protocol'
import type { OwnMeeting } from './meeting-shelf.ts'

export type RoomApiCode = 'create-refused' | 'owner-refused' | 'too-many' | 'unreachable' | 'fault'

export class RoomApiError extends Error {
  override readonly name = 'RoomApiError'
  readonly code: RoomApiCode

  constructor(code: RoomApiCode, cause?: unknown) {
    super(code, { cause })
    this.code = code
  }
}

export interface RoomApi {
  /** Rejects with a `RoomApiError`. */
  config(): Promise<ServerConfig>
  /** Makes the room, or brings it back as it was. `operatorToken` may be empty. Rejects with a `RoomApiError`. */
  put(meeting: OwnMeeting, operatorToken: string): Promise<void>
}

export type Fetch = (path: string, init?: RequestInit) => Promise<Response>

export function roomApi(ask: Fetch = (path, init) => fetch(path, init)): RoomApi {
  return {
    async config() {
      const response = await reach(ask('/api/config'))
      const config = ServerConfig.safeParse(await response.json().catch(() => null))
      if (!response.ok || !config.success) throw new RoomApiError('fault')
      return config.data
    },
    async put(meeting, operatorToken) {
      const headers: Record<string, string> = {
        'content-type': 'application/json',
        authorization: `Bearer ${encodeBase64url(deriveOwnerToken(meeting.hostSeed, meeting.link.room))}`,
      }
      if (operatorToken !== '') headers[OPERATOR_HEADER] = operatorToken
      const body = JSON.stringify(await roomPut(meeting))
      const response = await reach(ask(`/api/rooms/${meeting.link.room}`, { method: 'PUT', headers, body }))
      if (!response.ok) throw new RoomApiError(await codeOf(response))
    },
  }
}

/** What the server is told of a room. */
export async function roomPut(meeting: OwnMeeting): Promise<RoomPut> {
  const { link, hostSeed, title, descriptorVersion, expiresAt } = meeting
  const bridge = meeting.bridge === undefined ? undefined : decodeBridgeCard(meeting.bridge)
  const secrets = deriveLinkSecrets(link.secret, link.room)
  const descriptor = await sealDescriptor({
    key: secrets.descriptor,
    room: link.room,
    host: hostKeyFromSeed(hostSeed),
    descriptor: {
      version: descriptorVersion,
      title,
      lobbyKey: deriveLobbyKey(hostSeed, link.room).publicKey,
      // REC14: a host may order one; whether this server records at all is its operator's to say.
      policy: { lobby: false, audioLevel: false, bridges: bridge !== undefined, recording: true },
      ...(bridge ? { bridge } : {}),
    },
  })
  return {
    accessHash: await sha256(secrets.access),
    ownerHash: await sha256(deriveOwnerToken(hostSeed, link.room)),
    descriptor: encodeBase64url(descriptor),
    descriptorVersion,
    expiresAt,
  }
}

async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return encodeBase64url(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)))
}

async function reach(response: Promise<Response>): Promise<Response> {
  try {
    return await response
  } catch (error) {
    throw new RoomApiError('unreachable', error)
  }
}

async function codeOf(response: Response): Promise<RoomApiCode> {
  const body: unknown = await response.json().catch(() => null)
  const said = typeof body === 'object' && body !== null && 'code' in body ? body.code : undefined
  if (said === 'create-refused' || said === 'owner-refused' || said === 'too-many') return said
  if (response.status === 429) return 'too-many'
  if (response.status === 401 || response.status === 403) return 'create-refused'
  return 'fault'
}
