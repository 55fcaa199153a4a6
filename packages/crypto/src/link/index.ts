/**
 * What a meeting's link holds and gives [LINK1–LINK4]: the link itself, the secrets derived from it, the host
 * key and the room descriptor. Bytes in, bytes out: reads no address bar and asks no server.
 */
export {
  type BridgeCard,
  type BridgePlace,
  bridgeFingerprint,
  decodeBridgeCard,
  encodeBridgeCard,
  formatFingerprint,
  isBridge,
  proveBridge,
} from './bridge-card.ts'
export {
  type DescriptorRefusal,
  MAX_DESCRIPTOR_BYTES,
  MAX_TITLE_CHARS,
  type OpenDescriptor,
  type OpenedDescriptor,
  openDescriptor,
  type RoomDescriptor,
  type RoomPolicy,
  type SealDescriptor,
  sealDescriptor,
} from './descriptor.ts'
export {
  type DecodedHostKey,
  decodeHostKey,
  deriveLobbyKey,
  deriveOwnerToken,
  encodeHostKey,
  HOST_HASH_BYTES,
  HOST_SEED_BYTES,
  type HostEntry,
  type HostKey,
  hostHash,
  hostKeyFromSeed,
  type LobbyKey,
  newHostKey,
  signAsHost,
  signManifest,
  verifyHostEntry,
  verifyManifest,
  verifySignature,
} from './host-key.ts'
export { LinkError, type LinkErrorCode } from './link-error.ts'
export { deriveGroupSecrets, deriveLinkSecrets, type GroupSecrets, type LinkSecrets } from './link-secrets.ts'
export {
  type DecodedLink,
  decodeLink,
  encodeFragment,
  encodeLink,
  hasHost,
  isRoom,
  type LinkRefusal,
  type MeetingLink,
  newMeetingLink,
  newMeetingSecrets,
  ROOM_BYTES,
  SECRET_BYTES,
} from './meeting-link.ts'
