/**
 * What of the server's codecs this page negotiates, and with which settings (FRM4). The settings of Opus are written
 * here, into what becomes the fmtp line of the SDP answer that governs our encoder, because mediasoup-client has no
 * option for a constant bitrate; nothing that the server says can turn it off.
 */
import type { Codec } from '@huisclos/crypto/sframe'
import type { RtpCapabilities } from '@huisclos/protocol'
import type { types } from 'mediasoup-client'

const CODECS: ReadonlyMap<string, Codec> = new Map([
  ['audio/opus', 'opus'],
  ['video/vp8', 'vp8'],
  ['video/vp9', 'vp9'],
])
const RTX = 'video/rtx'

/** Shows who speaks to whoever carries the packets (SEE1): never negotiated, even if a server offers it. */
const AUDIO_LEVEL = /audio-level|csrc-audio/

/** FRM4: constant bitrate, no DTX, 20 ms a packet. `usedtx` and `cbr` are RFC 7587 §6.1. */
const OPUS_PARAMETERS = {
  cbr: 1,
  usedtx: 0,
  useinbandfec: 1,
  stereo: 0,
  'sprop-stereo': 0,
  maxaveragebitrate: 40_000,
  minptime: 20,
  ptime: 20,
  maxptime: 20,
} as const

/** Which of our codecs a MIME type means; undefined for one whose frames we cannot encrypt. */
export function codecOf(mimeType: string): Codec | undefined {
  return CODECS.get(mimeType.toLowerCase())
}

/**
 * The router's capabilities reduced to codecs that we encrypt (so no RED, no H.264) and the retransmission codecs
 * that belong to them, with our Opus settings and without header extensions that tell who speaks.
 */
export function ourCapabilities(router: RtpCapabilities): types.RtpCapabilities {
  const offered = structuredClone(router) as types.RtpCapabilities
  const media = (offered.codecs ?? []).filter(({ mimeType }) => codecOf(mimeType) !== undefined)
  const payloadTypes = new Set(media.map(({ preferredPayloadType }) => preferredPayloadType))
  const rtx = (offered.codecs ?? []).filter(
    ({ mimeType, parameters }) =>
      mimeType.toLowerCase() === RTX && payloadTypes.has(Number(parameters?.['apt'])),
  )
  return {
    codecs: [...media.map(withOurOpus), ...rtx],
    headerExtensions: (offered.headerExtensions ?? []).filter(({ uri }) => !AUDIO_LEVEL.test(uri)),
  }
}

function withOurOpus(codec: types.RtpCodecCapability): types.RtpCodecCapability {
  if (codecOf(codec.mimeType) !== 'opus') return codec
  return { ...codec, parameters: { ...OPUS_PARAMETERS } }
}
