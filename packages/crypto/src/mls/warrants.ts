/**
 * What a commit's authenticated data carries [GRP7]: 16 random bytes, so that a commit rebuilt after a strike never
 * makes the same epoch again, and one warrant for each Remove, in their order. The decoder answers `undefined` to
 * anything else.
 */
import { concat, decodeFields, encodeFields, uint } from '../bytes.ts'
import type { RemovalReason, Warrant } from './group-engine.ts'

export const COMMIT_NONCE_BYTES = 16

const KINDS = ['host', 'leaver', 'server', 'resume'] as const

export const REASONS: Record<Warrant['by'], RemovalReason> = {
  leaver: 'left',
  server: 'gone',
  resume: 'resumed',
  host: 'removed',
}

/** fields(nonce, then each warrant: its kind in one byte, then signature or index). */
export function encodeCommitData(nonce: Uint8Array, warrants: Warrant[]): Uint8Array {
  return encodeFields(nonce, ...warrants.map(encodeWarrant))
}

function encodeWarrant(warrant: Warrant): Uint8Array {
  const kind = uint(KINDS.indexOf(warrant.by), 1)
  if (warrant.by === 'host') return kind
  return concat(kind, warrant.by === 'resume' ? uint(warrant.newKeyPackage, 2) : warrant.signature)
}

export function decodeCommitData(bytes: Uint8Array): { warrants: Warrant[] } | undefined {
  const [nonce, ...rest] = decodeFields(bytes) ?? []
  if (nonce?.length !== COMMIT_NONCE_BYTES) return undefined
  const warrants = rest.map(decodeWarrant)
  return warrants.includes(undefined) ? undefined : { warrants: warrants as Warrant[] }
}

function decodeWarrant(bytes: Uint8Array): Warrant | undefined {
  const by = KINDS[bytes[0] ?? KINDS.length]
  const rest = bytes.slice(1)
  switch (by) {
    case 'host':
      return rest.length === 0 ? { by } : undefined
    case 'leaver':
    case 'server':
      return rest.length === 64 ? { by, signature: rest } : undefined
    case 'resume':
      return rest.length === 2 ? { by, newKeyPackage: new DataView(rest.buffer).getUint16(0) } : undefined
    default:
      return undefined
  }
}
