/**
 * Key packages of joiners [GRP3] [GRP4] [GRP10]: made fresh for one attempt, with the admission code and, for who
 * returns, the former leaf's signature in extension 0xF011. Judging one uses nothing but the group and the key
 * package; only `inspect`, before an Add is made, looks at a clock.
 */
import { hmac } from '@noble/hashes/hmac.js'
import { sha512 } from '@noble/hashes/sha2.js'
import { concat, decodeFields, encodeBase64url, encodeFields, equal, uint, utf8, wipe } from '../bytes.ts'
import { MEETING_CONTEXT_EXTENSION } from './meeting-context.ts'
import { MlsError } from './mls-error.ts'
import type { Capabilities, KeyPackage, LeafNode, PrivateKeyPackage } from './mls-library.ts'
import { decodeMlsMessage, encodeMlsMessage, signKeyPackage, signLeafNodeKeyPackage } from './mls-library.ts'
import type { Demand } from './refusal.ts'
import { hostKnockData, resumeData, signedBytes } from './signed-bytes.ts'
import type { Suite } from './suite.ts'

export const ADMISSION_EXTENSION = 0xf011
export const PSEUDONYM_BYTES = 16

const MAX_KEY_PACKAGE_BYTES = 8192
/** Valid for ten minutes from its making, and from five minutes before it, for members whose clocks lag. */
const LIFETIME_SECONDS = 600n
const LAG_SECONDS = 300n

/** A leaf that a key package claims to come back to, with the signature by that leaf's key. */
export interface Resumption {
  leaf: number
  signature: Uint8Array
}

/** That the holder of the room's host key made this key package [GRP6]. */
export interface HostVouch {
  hostKey: Uint8Array
  signature: Uint8Array
}

export interface OwnKeyPackage {
  publicPackage: KeyPackage
  privatePackage: PrivateKeyPackage
}

/** What every leaf of a meeting says of itself; anything else is refused, so that no two clients differ. */
function ownCapabilities(suite: Suite): Capabilities {
  return {
    versions: ['mls10'],
    ciphersuites: [suite.name],
    extensions: [MEETING_CONTEXT_EXTENSION, ADMISSION_EXTENSION],
    proposals: [],
    credentials: ['basic'],
  }
}

/**
 * A key package under a new pseudonym. `former` is the leaf held so far, when it returns to the same group; otherwise
 * `host` may sign for it, the room's host key.
 */
export async function makeKeyPackage(a: {
  suite: Suite
  pseudonym: Uint8Array
  nowMs: number
  admission: Uint8Array
  former: { groupId: Uint8Array; leaf: number; signKey: Uint8Array } | null
  host?: { groupId: Uint8Array; publicKey: Uint8Array; signKey: Uint8Array } | null
}): Promise<OwnKeyPackage> {
  const { suite, former, host } = a
  const [init, leafKey] = [await suite.hpke.generateKeyPair(), await suite.hpke.generateKeyPair()]
  const signer = await suite.signature.keygen()
  const seconds = BigInt(Math.floor(a.nowMs / 1000))
  const initKey = await suite.hpke.exportPublicKey(init.publicKey)
  const leafNode = await signLeafNodeKeyPackage(
    {
      leafNodeSource: 'key_package',
      hpkePublicKey: await suite.hpke.exportPublicKey(leafKey.publicKey),
      signaturePublicKey: signer.publicKey,
      credential: { credentialType: 'basic', identity: a.pseudonym },
      capabilities: ownCapabilities(suite),
      lifetime: { notBefore: seconds - LAG_SECONDS, notAfter: seconds + LIFETIME_SECONDS },
      extensions: [],
    },
    signer.signKey,
    suite.signature,
  )
  const code = admissionCode(a.admission, initKey, signer.publicKey)
  const resumption = former && {
    leaf: former.leaf,
    signature: await suite.signature.sign(
      former.signKey,
      signedBytes('resume', former.groupId, resumeData(former.leaf, initKey)),
    ),
  }
  const vouch = host && {
    hostKey: host.publicKey,
    signature: await suite.signature.sign(
      host.signKey,
      signedBytes('host knock', host.groupId, hostKnockData(initKey, signer.publicKey)),
    ),
  }
  const extensionData = encodeAdmission(code, resumption, vouch)
  const extensions = [{ extensionType: ADMISSION_EXTENSION, extensionData }]
  const tbs = { version: 'mls10' as const, cipherSuite: suite.name, initKey, leafNode, extensions }
  return {
    publicPackage: await signKeyPackage(tbs, signer.signKey, suite.signature),
    privatePackage: {
      initPrivateKey: await suite.hpke.exportPrivateKey(init.privateKey),
      hpkePrivateKey: await suite.hpke.exportPrivateKey(leafKey.privateKey),
      signaturePrivateKey: signer.signKey,
    },
  }
}

export function eraseKeyPackage({ privatePackage }: OwnKeyPackage): void {
  wipe(privatePackage.initPrivateKey)
  wipe(privatePackage.hpkePrivateKey)
  wipe(privatePackage.signaturePrivateKey)
}

export function encodeKeyPackageMessage(keyPackage: KeyPackage): Uint8Array {
  return encodeMlsMessage({ version: 'mls10', wireformat: 'mls_key_package', keyPackage })
}

/** Throws `malformed`. */
export function decodeKeyPackageMessage(bytes: Uint8Array): KeyPackage {
  const message = bytes.length > MAX_KEY_PACKAGE_BYTES ? undefined : decodeMessage(bytes)
  if (message?.wireformat !== 'mls_key_package') throw new MlsError('malformed')
  return message.keyPackage
}

/** One MLS message that fills `bytes` exactly, or `undefined`. */
export function decodeMessage(bytes: Uint8Array) {
  try {
    const decoded = decodeMlsMessage(bytes, 0)
    return decoded !== undefined && decoded[1] === bytes.length ? decoded[0] : undefined
  } catch {
    return undefined
  }
}

/** MAC(admission, init key ‖ leaf signature key) [GRP4], HMAC-SHA-512. */
export function admissionCode(
  admission: Uint8Array,
  initKey: Uint8Array,
  signatureKey: Uint8Array,
): Uint8Array {
  return hmac(sha512, admission, concat(utf8('huisclos/1 admission code'), initKey, signatureKey))
}

export function encodeAdmission(
  code: Uint8Array,
  resumption: Resumption | null,
  vouch?: HostVouch | null,
): Uint8Array {
  if (resumption !== null) return encodeFields(code, uint(resumption.leaf, 4), resumption.signature)
  return vouch ? encodeFields(code, vouch.hostKey, vouch.signature) : encodeFields(code)
}

interface Admission {
  code: Uint8Array
  resumption: Resumption | null
  vouch: HostVouch | null
}

/** The second field tells by its length what the signature is for: a leaf's number, or the room's host key. */
export function decodeAdmission(bytes: Uint8Array): Admission | undefined {
  const [code, claim, signature, ...rest] = decodeFields(bytes) ?? []
  if (code?.length !== 64 || rest.length > 0) return
  if (claim === undefined) return { code, resumption: null, vouch: null }
  if (signature?.length !== 64) return
  if (claim.length === 32)
    return { code, resumption: null, vouch: { hostKey: claim.slice(), signature: signature.slice() } }
  if (claim.length !== 4) return
  const number = new DataView(claim.buffer, claim.byteOffset, 4).getUint32(0)
  return { code, resumption: { leaf: number, signature: signature.slice() }, vouch: null }
}

/** The credential as text; `undefined` unless it is exactly a pseudonym of ours [GRP3]. */
export function pseudonymOf(leaf: LeafNode): string | undefined {
  const { credential } = leaf
  if (credential.credentialType !== 'basic' || !('identity' in credential)) return
  return credential.identity.length === PSEUDONYM_BYTES ? encodeBase64url(credential.identity) : undefined
}

/** Whether a leaf says nothing of itself but what every leaf says. */
export function isPlainLeaf(leaf: LeafNode, suite: Suite): boolean {
  const { capabilities: c } = leaf
  const own = ownCapabilities(suite)
  const same = (a: readonly unknown[], b: readonly unknown[]) =>
    a.length === b.length && a.every((x, i) => x === b[i])
  return (
    leaf.extensions.length === 0 &&
    leaf.hpkePublicKey.length === suite.publicKeyBytes &&
    leaf.signaturePublicKey.length === 32 &&
    pseudonymOf(leaf) !== undefined &&
    (Object.keys(own) as (keyof Capabilities)[]).every((key) => same(c[key], own[key]))
  )
}

/** Judges a key package by the group alone, signatures excepted: the library verifies those [GRP4]. */
export function judgeKeyPackage(
  keyPackage: KeyPackage,
  group: { suite: Suite; admission: Uint8Array; used: ReadonlySet<string> },
  demand: Demand,
): { pseudonym: string; resumption: Resumption | null; vouch: HostVouch | null } {
  const { leafNode, extensions, initKey } = keyPackage
  const { suite } = group
  demand(keyPackage.cipherSuite === suite.name && keyPackage.version === 'mls10', 'key-package-invalid')
  demand(initKey.length === suite.publicKeyBytes && isPlainLeaf(leafNode, suite), 'key-package-invalid')
  const { notBefore, notAfter } = leafNode.lifetime
  demand(notAfter > notBefore && notAfter - notBefore <= LIFETIME_SECONDS + LAG_SECONDS, 'lifetime-invalid')
  const [extension, ...others] = extensions
  const ours = extension?.extensionType === ADMISSION_EXTENSION && others.length === 0
  const admission = ours ? decodeAdmission(extension.extensionData) : undefined
  const code = admissionCode(group.admission, initKey, leafNode.signaturePublicKey)
  demand(admission !== undefined && equal(admission.code, code), 'admission-invalid')
  const pseudonym = pseudonymOf(leafNode) ?? ''
  demand(!group.used.has(pseudonym), 'pseudonym-used')
  return { pseudonym, resumption: admission?.resumption ?? null, vouch: admission?.vouch ?? null }
}

/** Whether a key package may be used at this time, by the clock of who is about to add it. */
export function isCurrent(keyPackage: KeyPackage, nowMs: number): boolean {
  const seconds = BigInt(Math.floor(nowMs / 1000))
  const { notBefore, notAfter } = keyPackage.leafNode.lifetime
  return notBefore <= seconds && seconds <= notAfter
}
