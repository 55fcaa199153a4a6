/**
 * The customer's key pair that recordings are sealed to [REC1] [REC6]: X-Wing, from a seed of 32 bytes, and the
 * fingerprint that people compare. The seed stays with the customer; nothing here keeps or prints it.
 */
import { Aes256Gcm, CipherSuite, HkdfSha512 } from '@hpke/core'
import { XWing } from '@hpke/hybridkem-x-wing'
import { sha512 } from '@noble/hashes/sha2.js'
import type { Bytes } from '../bytes.ts'
import { encodeFields, random, toBytes, utf8 } from '../bytes.ts'
import { SealError } from './seal-error.ts'

export const RECORDING_SEED_BYTES = 32
export const RECORDING_KEY_BYTES = 1216
/** What HPKE's encapsulation takes in front of the ciphertext. */
export const ENCAPSULATION_BYTES = 1120
const FINGERPRINT_BYTES = 16

export type RecordingKey = { seed: Bytes; publicKey: Bytes }

const kem = new XWing()
/** RFC 9180 with X-Wing, HKDF-SHA512 and AES-256-GCM. */
export const sealSuite = new CipherSuite({ kem, kdf: new HkdfSha512(), aead: new Aes256Gcm() })

export async function newRecordingKey(): Promise<RecordingKey> {
  return recordingKeyFromSeed(random(RECORDING_SEED_BYTES))
}

/** Throws `bad-input`. */
export async function recordingKeyFromSeed(seed: Uint8Array): Promise<RecordingKey> {
  const { publicKey } = await importSeed(seed)
  return { seed: new Uint8Array(seed), publicKey: new Uint8Array(await kem.serializePublicKey(publicKey)) }
}

/** Both halves as @hpke/core takes them. Throws `bad-input`. */
export async function importSeed(seed: Uint8Array) {
  if (seed.length !== RECORDING_SEED_BYTES) throw new SealError('bad-input')
  return kem.generateKeyPairDerand(new Uint8Array(seed))
}

/** Throws `bad-recording-key`. */
export async function importPublicKey(publicKey: Uint8Array) {
  if (publicKey.length !== RECORDING_KEY_BYTES) throw new SealError('bad-recording-key')
  return kem.deserializePublicKey(new Uint8Array(publicKey).buffer)
}

/** The first 16 bytes of SHA-512 over fields("huisclos/1 recording key", public key). Throws `bad-recording-key`. */
export function recordingFingerprint(publicKey: Uint8Array): Bytes {
  if (publicKey.length !== RECORDING_KEY_BYTES) throw new SealError('bad-recording-key')
  return toBytes(sha512(encodeFields(utf8('huisclos/1 recording key'), publicKey))).slice(
    0,
    FINGERPRINT_BYTES,
  )
}
