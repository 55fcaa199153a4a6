/**
 * SFrame (RFC 9605) for media frames: headers, key derivation, sealing and opening, replay windows, key rings.
 * Bytes in, bytes out: no DOM, no clock, no network.
 */
export { type Aead, type ImportGcm, importAesGcm, type KeyUse } from './aead.ts'
export { type Opened, open, seal } from './cipher.ts'
export { BASE_KEY_BYTES, BASE_KEY_LABEL, deriveKeys, type SframeKey } from './derive.ts'
export {
  type ClearFrame,
  type FrameRefusal,
  type IncomingFrame,
  MAX_FRAME_BYTES,
  type OpenedFrame,
  openFrame,
  type SealedFrame,
  sealFrame,
} from './frame.ts'
export { type Codec, clearBytes, clearBytesOf, encodeMetadata, type MediaKind } from './frame-metadata.ts'
export { FrameSealer, type FrameSealerOptions } from './frame-sealer.ts'
export { type DecodedHeader, decodeHeader, encodeHeader, type Header } from './header.ts'
export {
  KeyRing,
  LIVES_AFTER_ADD_MS,
  LIVES_AFTER_REMOVE_MS,
  type NewEpoch,
  type Receiver,
} from './key-ring.ts'
export { type DecodedKid, decodeKid, encodeKid, type Kid, MAX_LEAVES, MAX_STREAMS } from './kid.ts'
export { type OpusPacket, type PaddedOpus, type ParsedOpus, padOpus, parseOpus } from './opus.ts'
export { ReplayWindow, WINDOW_COUNTERS } from './replay-window.ts'
export { MAX_COUNTER, SendCounter, StreamNumbers } from './send-counter.ts'
export { SframeError, type SframeErrorCode } from './sframe-error.ts'
export { isSuiteId, MEETING_SUITE, type SuiteId, suiteOf } from './suites.ts'
