/**
 * The meeting's cipher suite [GRP1]: X-Wing, AES-256-GCM, SHA-512 and Ed25519 (suite 83 of ts-mls), on WebCrypto,
 * @hpke/core and noble, for browsers' workers and Node alike. There is no other suite and no negotiation: the
 * smaller one below exists for tests that need many members in little time, and no engine of the index takes it.
 */
import { Aes256Gcm, CipherSuite, DhkemX25519HkdfSha256 } from '@hpke/core'
import { XWing } from '@hpke/hybridkem-x-wing'
import { ed25519 } from '@noble/curves/ed25519.js'
import { expand, extract } from '@noble/hashes/hkdf.js'
import { sha512 } from '@noble/hashes/sha2.js'
import { toBytes } from '../bytes.ts'
import type { CiphersuiteImpl, CiphersuiteName, Signature } from './mls-library.ts'
import { getCiphersuiteFromName, makeGenericHpke, makeHashImpl, makeKdf } from './mls-library.ts'

/** A suite with what the library does not say about it. */
export interface Suite extends CiphersuiteImpl {
  /** Size of a KEM public key. */
  publicKeyBytes: number
}

const SUITE_NAME = 'MLS_256_XWING_AES256GCM_SHA512_Ed25519'

/** The suite of every meeting. */
export async function meetingSuite(): Promise<Suite> {
  return { ...(await buildSuite(SUITE_NAME, new XWing())), publicKeyBytes: 1216 }
}

/** X25519 alone under X-Wing's name, for tests: trees of hundreds of commits in seconds. */
export async function quickSuite(): Promise<Suite> {
  return { ...(await buildSuite(SUITE_NAME, new DhkemX25519HkdfSha256())), publicKeyBytes: 32 }
}

async function buildSuite(
  name: CiphersuiteName,
  kem: XWing | DhkemX25519HkdfSha256,
): Promise<CiphersuiteImpl> {
  const { hpke, hash } = getCiphersuiteFromName(name)
  const suite = new CipherSuite({ kem, kdf: makeKdf(hpke.kdf), aead: new Aes256Gcm() })
  return {
    name,
    kdf: hkdfSha512,
    hash: makeHashImpl(crypto.subtle, hash),
    hpke: await makeGenericHpke(hpke, { encrypt: sealAesGcm, decrypt: openAesGcm }, suite),
    signature: (await hasNativeEd25519()) ? nativeEd25519 : nobleEd25519,
    rng: { randomBytes: (sizeBytes) => crypto.getRandomValues(new Uint8Array(sizeBytes)) },
  }
}

/** Of noble, since one commit takes hundreds of short derivations and each of WebCrypto's costs a thread's turn. */
const hkdfSha512: CiphersuiteImpl['kdf'] = {
  size: 64,
  extract: async (salt, ikm) => extract(sha512, ikm, salt),
  expand: async (prk, info, sizeBytes) => expand(sha512, prk, info, sizeBytes),
}

type AesGcm = (key: Uint8Array, nonce: Uint8Array, aad: Uint8Array, text: Uint8Array) => Promise<Uint8Array>

const sealAesGcm: AesGcm = async (key, nonce, aad, plaintext) => {
  const imported = await crypto.subtle.importKey('raw', toBytes(key), 'AES-GCM', false, ['encrypt'])
  return new Uint8Array(await crypto.subtle.encrypt(gcm(nonce, aad), imported, toBytes(plaintext)))
}

const openAesGcm: AesGcm = async (key, nonce, aad, ciphertext) => {
  const imported = await crypto.subtle.importKey('raw', toBytes(key), 'AES-GCM', false, ['decrypt'])
  return new Uint8Array(await crypto.subtle.decrypt(gcm(nonce, aad), imported, toBytes(ciphertext)))
}

function gcm(nonce: Uint8Array, aad: Uint8Array) {
  return { name: 'AES-GCM', iv: toBytes(nonce), additionalData: toBytes(aad) }
}

async function hasNativeEd25519(): Promise<boolean> {
  try {
    await crypto.subtle.generateKey('Ed25519', false, ['sign', 'verify'])
    return true
  } catch {
    return false
  }
}

/** RFC 8410 in front of the 32-byte seed. */
const PKCS8_PREFIX = [0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20]

const keygen: Signature['keygen'] = async () => {
  const signKey = crypto.getRandomValues(new Uint8Array(32))
  return { signKey, publicKey: ed25519.getPublicKey(signKey) }
}

const nativeEd25519: Signature = {
  keygen,
  async sign(signKey, message) {
    const encoded = new Uint8Array([...PKCS8_PREFIX, ...signKey])
    const key = await crypto.subtle.importKey('pkcs8', encoded, 'Ed25519', false, ['sign'])
    encoded.fill(0)
    return new Uint8Array(await crypto.subtle.sign('Ed25519', key, toBytes(message)))
  },
  async verify(publicKey, message, signature) {
    try {
      const key = await crypto.subtle.importKey('raw', toBytes(publicKey), 'Ed25519', false, ['verify'])
      return await crypto.subtle.verify('Ed25519', key, toBytes(signature), toBytes(message))
    } catch {
      return false
    }
  },
}

const nobleEd25519: Signature = {
  keygen,
  sign: async (signKey, message) => ed25519.sign(message, signKey),
  async verify(publicKey, message, signature) {
    try {
      return ed25519.verify(signature, message, publicKey, { zip215: false })
    } catch {
      return false
    }
  },
}
