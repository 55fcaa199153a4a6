/**
 * Telephone bridges (TEL2, TEL9): a bridge listens at its mailbox, a member of a meeting leaves a sealed grant there,
 * and the server hands it over with a ticket to that meeting. The server can open no grant and picks no bridge.
 */
import * as z from 'zod/mini'
import { b64, GroupId, RoomId } from './ids.ts'

const id = z.int().check(z.gte(1), z.lte(0x7fff_ffff))
const offer = z.int().check(z.gte(1))

export const BRIDGE_LIMITS = { grantBytes: 4096, answerWithinMs: 8_000 } as const

/** First request on a socket of a bridge: no room, no session. Its mailbox is SHA-256 of `door`. */
const BridgeListen = z.strictObject({
  t: z.literal('bridge.listen'),
  id,
  versions: z.array(z.int()).check(z.minLength(1), z.maxLength(8)),
  door: b64(32, 32),
})
/** Whether the bridge takes a grant that it was offered. */
const BridgeAnswer = z.strictObject({ t: z.literal('bridge.answer'), id, offer, taken: z.boolean() })
/** From a member, for whoever listens at that mailbox. Answered when the bridge has answered. */
const BridgeInvite = z.strictObject({
  t: z.literal('bridge.invite'),
  id,
  group: GroupId,
  mailbox: b64(32, 32),
  grant: b64(BRIDGE_LIMITS.grantBytes, 1),
})

export const BRIDGE_REQUESTS = [BridgeListen, BridgeAnswer, BridgeInvite] as const

/**
 * To a bridge, outside any session and so without `seq`. `ticket` stands for `access` in `hello`, for that room, while
 * that group lives.
 */
export const BridgeOffer = z.strictObject({
  t: z.literal('bridge.offer'),
  offer,
  room: RoomId,
  group: GroupId,
  ticket: b64(32, 32),
  grant: b64(BRIDGE_LIMITS.grantBytes, 1),
})
export type BridgeOffer = z.infer<typeof BridgeOffer>

/** To a bridge that was invited there: that meeting has ended, so that what opened it can be erased. */
export const BridgeOver = z.strictObject({ t: z.literal('bridge.over'), room: RoomId, group: GroupId })
export type BridgeOver = z.infer<typeof BridgeOver>
