/**
 * The telephone bridge's secrets [TEL2]: one seed gives the X-Wing key that grants are sealed to, the Ed25519 key by which
 * it proves in a meeting who it is, and the secret of its mailbox at the server. The seed stays with the bridge; nothing
 * here keeps or prints it.
 */
import { ed25519 } from '@noble/curves/ed25519.js'
import { hkdf } from '@noble/hashes/hkdf.js'
import { sha256, sha512 } from '@noble/hashes/sha2.js'
import type { Bytes } from '../bytes.ts'
import { random, toBytes, utf8 } from '../bytes.ts'
import type { BridgeCard } from '../link/bridge-card.ts'
import { recordingKeyFromSeed } from './recording-key.ts'
import { SealError } from './seal-error.ts'

export const BRIDGE_SEED_BYTES = 32
const KEY_BYTES = 32

/** 32 bytes each. `door` opens the mailbox at the server and nothing else. */
export type BridgeKey = { sealSeed: Bytes; signSeed: Bytes; door: Bytes; card: BridgeCard }

export const newBridgeSeed = (): Bytes => random(BRIDGE_SEED_BYTES)

/** `shown`: who runs it, and its number. Throws `bad-input` on a seed of another size. */
export async function bridgeKeyFromSeed(
  seed: Uint8Array,
  shown: Pick<BridgeCard, 'name' | 'number'>,
): Promise<BridgeKey> {
  if (seed.length !== BRIDGE_SEED_BYTES) throw new SealError('bad-input')
  const derive = (label: string): Bytes =>
    toBytes(hkdf(sha512, seed, undefined, utf8(`huisclos/1 bridge ${label}`), KEY_BYTES))
  const [sealSeed, signSeed, door] = [derive('seal'), derive('sign'), derive('door')]
  const card = {
    sealKey: (await recordingKeyFromSeed(sealSeed)).publicKey,
    signKey: toBytes(ed25519.getPublicKey(signSeed)),
    mailbox: toBytes(sha256(door)),
    name: shown.name,
    number: shown.number,
  }
  return { sealSeed, signSeed, door, card }
}
