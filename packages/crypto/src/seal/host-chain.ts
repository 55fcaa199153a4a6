/**
 * Who vouches for an envelope's sealer [REC2] [GRP2]: the host entries from the room's host key to the sealer's leaf key.
 * With it the owner of a recording sees, years later and offline, that a host of that very room sealed it.
 */
import { sha512 } from '@noble/hashes/sha2.js'
import { equal } from '../bytes.ts'
import { HOST_HASH_BYTES, verifySignature } from '../link/host-key.ts'
import { signedBytes } from '../mls/signed-bytes.ts'
import type { EnvelopeContent, HostProof } from './envelope-content.ts'
import { MAX_HOST_CHAIN } from './envelope-content.ts'

/** The entries that make `key` a host, the one signed by the room's host key first; none if it is no host. */
export function hostChain(entries: HostProof[], key: Uint8Array): HostProof[] {
  const chain: HostProof[] = []
  let wanted = key
  while (chain.length < MAX_HOST_CHAIN) {
    const entry = entries.find((candidate) => equal(candidate.key, wanted))
    if (!entry || chain.includes(entry)) return chain.reverse()
    chain.push(entry)
    wanted = entry.signerKey
  }
  return []
}

/** Whether a host of the room whose host key has this hash (16 bytes, as in its link) sealed an opened envelope. */
export function isSealedByHost({ group, hosts, roster, sealer }: EnvelopeContent, hash: Uint8Array): boolean {
  const first = hosts[0]
  const last = hosts.at(-1)
  const member = roster.find(({ leaf }) => leaf === sealer)
  if (!first || !last || !member || !equal(last.key, member.signatureKey)) return false
  if (!equal(sha512(first.signerKey).slice(0, HOST_HASH_BYTES), hash)) return false
  return hosts.every((entry, i) => {
    const before = hosts[i - 1]
    if (before && !equal(before.key, entry.signerKey)) return false
    return verifySignature(entry.signature, signedBytes('host', group, entry.key), entry.signerKey)
  })
}
