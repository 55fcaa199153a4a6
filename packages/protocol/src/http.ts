/**
 * The HTTP API: what a host's browser tells the server of a room, before any socket opens. The server learns hashes
 * and an opaque descriptor, never what a link's fragment holds (LINK2, LINK3).
 */
import * as z from 'zod/mini'
import { b64 } from './ids.ts'
import { RecordingPolicy } from './recording.ts'
import { LIMITS } from './requests.ts'

/** `PUT /api/rooms/:room`: makes a room, or (with the owner token as Bearer) replaces its descriptor or brings it back. */
export const RoomPut = z.strictObject({
  /** SHA-256 of LINK2's `access`. */
  accessHash: b64(32, 32),
  /** SHA-256 of the owner token. */
  ownerHash: b64(32, 32),
  descriptor: z.nullable(b64(LIMITS.descriptorBytes, 1)),
  descriptorVersion: z.int().check(z.gte(0)),
  /** Unix milliseconds; at most a year ahead, 30 days when left out. */
  expiresAt: z.optional(z.int()),
})
export type RoomPut = z.infer<typeof RoomPut>

/** `GET /api/config`. */
export const ServerConfig = z.strictObject({
  version: z.string(),
  create: z.enum(['anyone', 'token']),
  recording: RecordingPolicy,
})
export type ServerConfig = z.infer<typeof ServerConfig>

/** Header with an operator's token, where creating rooms asks for one. */
export const OPERATOR_HEADER = 'x-huisclos-operator'
