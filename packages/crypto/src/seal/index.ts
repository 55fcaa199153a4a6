/**
 * Recordings that only the customer opens [REC1] [REC2] [REC6]: the recording key pair, the order in the GroupContext,
 * and envelopes of stream keys sealed to it. Bytes in, bytes out; no base key ever enters an envelope.
 * Beside them the grants that telephone bridges are invited by [TEL2].
 */

export { formatFingerprint } from '../link/bridge-card.ts'
export {
  type BridgeGrant,
  eraseGrant,
  type GrantPlace,
  type GrantRefusal,
  MAX_GRANT_BYTES,
  type OpenedGrant,
  openBridgeGrant,
  sealBridgeGrant,
} from './bridge-grant.ts'
export {
  BRIDGE_SEED_BYTES,
  type BridgeKey,
  bridgeKeyFromSeed,
  newBridgeSeed,
} from './bridge-key.ts'
export {
  ENVELOPE_LABEL,
  type EnvelopeRefusal,
  isSealedTo,
  MAX_ENVELOPE_BYTES,
  type OpenedEnvelope,
  openEnvelope,
  type SignEnvelope,
} from './envelope.ts'
export type {
  EnvelopeContent,
  EnvelopePlace,
  HostProof,
  RosterEntry,
  SealedStream,
} from './envelope-content.ts'
export { hostChain, isSealedByHost } from './host-chain.ts'
export {
  encodePublicKeyFile,
  MAX_KEY_FILE_CHARS,
  type PublicHalf,
  type ReadPublicHalf,
  readPublicKeyFile,
} from './public-key-file.ts'
export {
  newRecordingKey,
  RECORDING_KEY_BYTES,
  RECORDING_SEED_BYTES,
  type RecordingKey,
  recordingFingerprint,
  recordingKeyFromSeed,
} from './recording-key.ts'
export {
  decodeRecordingOrder,
  encodeRecordingOrder,
  isKeyOwner,
  RECORDING_ID_BYTES,
  type RecordingOrder,
} from './recording-order.ts'
export { SealError, type SealErrorCode } from './seal-error.ts'
export { sealEnvelopes } from './split-envelope.ts'
export { deriveStreamKey, importStreamKey, type StreamKey, type StreamPlace } from './stream-key.ts'
