/**
 * The card of a telephone bridge [TEL2]: its public keys, with who runs it and its number. It stands in a room's signed
 * descriptor, so that which bridge may join is never the server's to say. Owns the card's text, its fingerprint, and the
 * proof by which a leaf shows that it is the bridge's [TEL3].
 */
import { ed25519 } from '@noble/curves/ed25519.js'
import { sha512 } from '@noble/hashes/sha2.js'
import type { Bytes } from '../bytes.ts'
import {
  decodeBase64url,
  decodeFields,
  decodeUtf8,
  encodeBase64url,
  encodeFields,
  encodeHex,
  toBytes,
  utf8,
} from '../bytes.ts'
import { verifySignature } from './host-key.ts'
import { LinkError } from './link-error.ts'

const MAX_BRIDGE_NAME_CHARS = 64
const MAX_BRIDGE_NUMBER_CHARS = 32
/** Of a card as text; a longer one is not looked at. */
const MAX_CARD_CHARS = 2400
/** X-Wing's. */
const SEAL_KEY_BYTES = 1216
const KEY_BYTES = 32
const FINGERPRINT_BYTES = 16
const VERSION = 1

/** `sealKey` is X-Wing's (1,216 bytes), the others have 32 bytes; `mailbox` is SHA-256 of the bridge's `door`. */
export type BridgeCard = {
  sealKey: Bytes
  signKey: Bytes
  mailbox: Bytes
  /** Who runs it, and the number to call: written by its operator, so shown as text and never trusted. */
  name: string
  number: string
}

/** Throws `bad-input`. */
export function encodeBridgeCard(card: BridgeCard): string {
  if (!isCard(card)) throw new LinkError('bad-input')
  const { sealKey, signKey, mailbox, name, number } = card
  const fields = [Uint8Array.of(VERSION), sealKey, signKey, mailbox, utf8(name), utf8(number)]
  return encodeBase64url(encodeFields(...fields))
}

/** `undefined` for anything that is not the one text of a card. */
export function decodeBridgeCard(text: string): BridgeCard | undefined {
  const bytes = text.length > MAX_CARD_CHARS ? undefined : decodeBase64url(text)
  const fields = bytes && decodeFields(bytes)
  if (fields?.length !== 6) return undefined
  const [version, sealKey, signKey, mailbox, ...texts] = fields.map((field) => new Uint8Array(field))
  const [name, number] = texts.map(decodeUtf8)
  if (version?.length !== 1 || version[0] !== VERSION || !sealKey || !signKey || !mailbox) return undefined
  if (name === undefined || number === undefined) return undefined
  const card = { sealKey, signKey, mailbox, name, number }
  return isCard(card) ? card : undefined
}

/** Eight groups of four hexadecimal digits, as people read it out. */
export function formatFingerprint(fingerprint: Uint8Array): string {
  return (encodeHex(fingerprint).match(/.{4}/g) ?? []).join(' ')
}

/** What people compare: the first 16 bytes of SHA-512 over all keys of the card; `formatFingerprint`. */
export function bridgeFingerprint({ sealKey, signKey, mailbox }: BridgeCard): Bytes {
  const fields = encodeFields(utf8('huisclos/1 bridge key'), sealKey, signKey, mailbox)
  return toBytes(sha512(fields)).slice(0, FINGERPRINT_BYTES)
}

/** Where in one group a bridge sits: the key that signs for its leaf. */
export type BridgePlace = { groupId: Uint8Array; leafKey: Uint8Array }

/** That this leaf of this group is the bridge's [TEL3]: 64 bytes, of no use anywhere else. Throws `bad-input`. */
export function proveBridge(signSeed: Uint8Array, place: BridgePlace): Bytes {
  if (signSeed.length !== KEY_BYTES) throw new LinkError('bad-input')
  return toBytes(ed25519.sign(proofStatement(place), signSeed))
}

export function isBridge(card: BridgeCard, place: BridgePlace, proof: Uint8Array): boolean {
  return verifySignature(proof, proofStatement(place), card.signKey)
}

const proofStatement = ({ groupId, leafKey }: BridgePlace): Bytes =>
  encodeFields(utf8('huisclos/1 bridge'), groupId, leafKey)

/** Whether every part has its size and every text may be shown. */
function isCard({ sealKey, signKey, mailbox, name, number }: BridgeCard): boolean {
  return (
    sealKey.length === SEAL_KEY_BYTES &&
    signKey.length === KEY_BYTES &&
    mailbox.length === KEY_BYTES &&
    isShownText(name, MAX_BRIDGE_NAME_CHARS) &&
    name !== '' &&
    isShownText(number, MAX_BRIDGE_NUMBER_CHARS)
  )
}

const isShownText = (text: string, mostChars: number): boolean =>
  text.isWellFormed() && [...text].length <= mostChars && !/\p{C}/u.test(text)
