/**
 * The identifiers that cross the wire, branded so that one cannot stand for another, and the codecs of byte fields.
 * Everything here is random or positional: no identifier says who somebody is (SEE1).
 */
import * as z from 'zod/mini'

// The page's policy forbids eval, which zod's compiled parsers would need (WEB1).
z.config({ jitless: true })

/** A base64url field (no padding) that decodes to at most `maxBytes` bytes. */
export const b64 = (maxBytes: number, minBytes = 0) =>
  z.string().check(
    z.minLength(Math.ceil((minBytes * 4) / 3)),
    z.maxLength(Math.ceil((maxBytes * 4) / 3)),
    z.regex(/^[A-Za-z0-9_-]*$/),
    z.refine((s) => s.length % 4 !== 1),
  )

const brandedText = (pattern: RegExp, maxLength: number) =>
  z.string().check(z.maxLength(maxLength), z.regex(pattern))

/** 80 random bits in base32, lower case: the only part of a link that the server sees. */
export const RoomId = brandedText(/^[a-z2-7]{16}$/, 16).brand<'RoomId'>()
export type RoomId = z.infer<typeof RoomId>

/** One connection's session, 16 random bytes chosen by the server. */
export const PeerId = brandedText(/^[A-Za-z0-9_-]{22}$/, 22).brand<'PeerId'>()
export type PeerId = z.infer<typeof PeerId>

/** An MLS group id, 16 random bytes in base64url. */
export const GroupId = brandedText(/^[A-Za-z0-9_-]{22}$/, 22).brand<'GroupId'>()
export type GroupId = z.infer<typeof GroupId>

/** A recording, 16 random bytes chosen by the client that orders it, in base64url. */
export const RecordingId = brandedText(/^[A-Za-z0-9_-]{22}$/, 22).brand<'RecordingId'>()
export type RecordingId = z.infer<typeof RecordingId>

/** mediasoup's ids (UUIDs), opaque to us. */
const mediaId = brandedText(/^[A-Za-z0-9-]{8,64}$/, 64)
export const TransportId = mediaId.brand<'TransportId'>()
export type TransportId = z.infer<typeof TransportId>
export const ProducerId = mediaId.brand<'ProducerId'>()
export type ProducerId = z.infer<typeof ProducerId>
export const ConsumerId = mediaId.brand<'ConsumerId'>()
export type ConsumerId = z.infer<typeof ConsumerId>

/** An MLS epoch. 2^53 epochs at four a second outlast any meeting. */
export const Epoch = z.int().check(z.gte(0))
export type Epoch = z.infer<typeof Epoch>

/** A leaf of the MLS tree, under 1,024 (KEY2). */
export const Leaf = z.int().check(z.gte(0), z.lt(1024))
export type Leaf = z.infer<typeof Leaf>
