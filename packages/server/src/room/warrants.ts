/**
 * Warrants of absence (GRP7, SIG11): a leaf whose peer has gone is warranted for the present epoch, and again in each
 * next one until a commit blanks it. The bytes are `lp("huisclos/1 gone") ‖ lp(group id) ‖ u64be(epoch) ‖ u32be(leaf)`,
 * lp(x) = u16be(length) ‖ x. Signing needs a key and is done by whoever carries the actions out.
 */
import type { Epoch, GroupId, Leaf } from '@huisclos/protocol'
import type { Group } from './room-state.ts'
import type { Turn } from './turn.ts'
import { seatedPeers } from './turn.ts'

const LABEL = Buffer.from('huisclos/1 gone', 'ascii')

/** The bytes under the server's signature. */
export function warrantBytes(group: GroupId, epoch: Epoch, leaf: Leaf): Buffer {
  const numbers = Buffer.alloc(12)
  numbers.writeBigUInt64BE(BigInt(epoch), 0)
  numbers.writeUInt32BE(leaf, 8)
  return Buffer.concat([lengthPrefixed(LABEL), lengthPrefixed(Buffer.from(group, 'base64url')), numbers])
}

function lengthPrefixed(bytes: Buffer): Buffer {
  const length = Buffer.alloc(2)
  length.writeUInt16BE(bytes.length)
  return Buffer.concat([length, bytes])
}

/** Warrants of the present epoch for these leaves, to everybody seated. */
export function warrant(turn: Turn, group: Group, leaves: Iterable<Leaf>): void {
  const to = seatedPeers(turn.state).map((p) => p.id)
  if (to.length === 0) return
  for (const leaf of leaves)
    turn.actions.push({ do: 'warrant', to, group: group.id, epoch: group.epoch, leaf })
}
