/** Recording keys and envelope contents for tests of this part; holds no secret of anybody's. */
import { ed25519 } from '@noble/curves/ed25519.js'
import { encodeBase64url, random } from '../bytes.ts'
import { hostKeyFromSeed } from '../link/host-key.ts'
import { signedBytes } from '../mls/signed-bytes.ts'
import type { SignEnvelope } from './envelope.ts'
import { ENVELOPE_LABEL } from './envelope.ts'
import type { EnvelopeContent, RosterEntry } from './envelope-content.ts'
import { deriveStreamKey } from './stream-key.ts'

export const baseKey = random(32)
export const roomHost = hostKeyFromSeed(random(32))
const leafSeeds = new Map<number, Uint8Array>()

export function seedOf(leaf: number): Uint8Array {
  const seed = leafSeeds.get(leaf) ?? random(32)
  leafSeeds.set(leaf, seed)
  return seed
}

function member(leaf: number): RosterEntry {
  const pseudonym = encodeBase64url(random(16))
  return { leaf, pseudonym, name: `Membre ${leaf}`, signatureKey: ed25519.getPublicKey(seedOf(leaf)) }
}

function streamOf(leaf: number, stream: number, epoch: number) {
  const kind = stream % 2 === 0 ? ('audio' as const) : ('video' as const)
  const derived = deriveStreamKey(baseKey, { leaf, stream, epoch })
  const codec = kind === 'audio' ? ('opus' as const) : ('vp8' as const)
  return {
    ...derived,
    kind,
    source: kind === 'audio' ? 'microphone' : 'camera',
    codec,
    producer: `p${leaf}-${stream}`,
  }
}

/** Sealed by leaf 0, a host whom the room's host key vouches for; `leaves` send sound and picture each. */
export function contentOf(leaves = 3, epoch = 5): EnvelopeContent {
  const group = random(16)
  const indices = Array.from({ length: leaves }, (_, i) => i)
  const roster = indices.map(member)
  const key = ed25519.getPublicKey(seedOf(0))
  return {
    recording: random(16),
    group,
    epoch,
    sealer: 0,
    hosts: [
      {
        key,
        signerKey: roomHost.publicKey,
        signature: ed25519.sign(signedBytes('host', group, key), roomHost.seed),
      },
    ],
    roster,
    keys: indices.flatMap((leaf) => [streamOf(leaf, 0, epoch), streamOf(leaf, 1, epoch)]),
  }
}

/** As the group engine signs for a leaf. */
export function signerOf(group: Uint8Array, leaf: number): SignEnvelope {
  return async (data) => ed25519.sign(signedBytes(ENVELOPE_LABEL, group, data), seedOf(leaf))
}
