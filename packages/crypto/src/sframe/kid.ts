/**
 * Key ids [KEY2]: KID = (stream << 18) | (leaf << 8) | (epoch mod 256). This is RFC 9605 §5.2 with E = 8,
 * S = 10 and the stream number as its context. The widths never change with the group's size: with a narrower
 * leaf field two senders would meet on one KID, and so on one key and nonce.
 */
import { SframeError } from './sframe-error.ts'

export const MAX_LEAVES = 1024
export const MAX_STREAMS = 1024

/** `epochLow` is the MLS epoch modulo 256. */
export type Kid = { stream: number; leaf: number; epochLow: number }

export type DecodedKid = ({ ok: true } & Kid) | { ok: false; code: 'kid-out-of-range' }

/** `epoch` is the whole MLS epoch number. Throws `kid-out-of-range` for leaf or stream beyond 1,023. */
export function encodeKid({ stream, leaf, epoch }: { stream: number; leaf: number; epoch: number }): bigint {
  if (
    !isBelow(stream, MAX_STREAMS) ||
    !isBelow(leaf, MAX_LEAVES) ||
    !isBelow(epoch, Number.MAX_SAFE_INTEGER)
  ) {
    throw new SframeError('kid-out-of-range')
  }
  return (BigInt(stream) << 18n) | (BigInt(leaf) << 8n) | BigInt(epoch % 256)
}

/** Refuses a KID that no sender of ours can have written. */
export function decodeKid(kid: bigint): DecodedKid {
  if (kid < 0n || kid >= BigInt(MAX_STREAMS) << 18n) return { ok: false, code: 'kid-out-of-range' }
  const bits = Number(kid)
  return { ok: true, stream: bits >>> 18, leaf: (bits >>> 8) & 0x3ff, epochLow: bits & 0xff }
}

function isBelow(value: number, limit: number): boolean {
  return Number.isInteger(value) && value >= 0 && value < limit
}
