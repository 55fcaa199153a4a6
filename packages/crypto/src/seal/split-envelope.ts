/**
 * Large meetings [REC2]: a content that one envelope cannot hold, split over several that each open alone. Each part
 * carries the sealer, the hosts, and of the roster the leaves of its keys and a share of the others.
 */
import type { Bytes } from '../bytes.ts'
import type { SignEnvelope } from './envelope.ts'
import { sealEnvelope } from './envelope.ts'
import type { EnvelopeContent, RosterEntry } from './envelope-content.ts'

/** With 290 bytes a key, 540 a member whose name is all escapes and 220 a host entry: 40 KB at most. */
const KEYS_PER_PART = 32
const SILENT_PER_PART = 16

/** The envelopes of one content, in order. Throws what `sealEnvelope` throws. */
export async function sealEnvelopes(
  publicKey: Uint8Array,
  content: EnvelopeContent,
  sign: SignEnvelope,
): Promise<Bytes[]> {
  const parts: Bytes[] = []
  for (const part of splitContent(content)) parts.push(await sealEnvelope(publicKey, part, sign))
  return parts
}

/** Parts whose keys and rosters together are those of the content. */
export function splitContent(content: EnvelopeContent): EnvelopeContent[] {
  const { keys, roster, sealer } = content
  if (keys.length <= KEYS_PER_PART && roster.length <= KEYS_PER_PART) return [content]
  const speaking = new Set([sealer, ...keys.map(({ leaf }) => leaf)])
  const silent = roster.filter(({ leaf }) => !speaking.has(leaf))
  const count = Math.max(
    1,
    Math.ceil(keys.length / KEYS_PER_PART),
    Math.ceil(silent.length / SILENT_PER_PART),
  )
  return Array.from({ length: count }, (_, i) => {
    const own = keys.slice(i * KEYS_PER_PART, (i + 1) * KEYS_PER_PART)
    const leaves = new Set([sealer, ...own.map(({ leaf }) => leaf)])
    const listed: RosterEntry[] = [
      ...roster.filter(({ leaf }) => leaves.has(leaf)),
      ...silent.slice(i * SILENT_PER_PART, (i + 1) * SILENT_PER_PART),
    ]
    return { ...content, keys: own, roster: listed }
  })
}
