/**
 * Carries the protocol's RTP and DTLS shapes over to mediasoup's types and back, field by field: nothing a client sends
 * travels as a whole object, and no value passes that mediasoup's serialiser would choke on half way (its buffer is
 * shared by every room of a worker). Must never spread what a client sent.
 */

import type { DtlsParameters } from '@huisclos/protocol'
import { RtpCapabilities, RtpParameters } from '@huisclos/protocol'
import type { types } from 'mediasoup'
import { AUDIO_LEVEL, ROOM_EXTENSIONS } from './rtp-policy.ts'
import { SfuError } from './sfu.ts'

const EXTENSION_URIS = [...ROOM_EXTENSIONS, AUDIO_LEVEL] as const
const FINGERPRINTS = ['sha-1', 'sha-224', 'sha-256', 'sha-384', 'sha-512'] as const
const MAX_U32 = 0xffff_ffff

type Settings = Record<string, string | number | boolean | null>
type Codec = RtpParameters['codecs'][number]
type CodecCapability = NonNullable<RtpCapabilities['codecs']>[number]

function settings(given: Settings | undefined): Record<string, string | number> {
  const kept = Object.entries(given ?? {}).filter(
    (entry): entry is [string, string | number] =>
      typeof entry[1] === 'string' || typeof entry[1] === 'number',
  )
  return Object.fromEntries(kept)
}

const feedback = (given: Codec['rtcpFeedback']): types.RtcpFeedback[] =>
  (given ?? []).map(({ type, parameter }) => (parameter === undefined ? { type } : { type, parameter }))

const uriOf = (uri: string) => EXTENSION_URIS.find((known) => known === uri)

function need<T>(value: T | undefined): T {
  if (value === undefined) throw new SfuError('media-refused')
  return value
}

/** Mandatory parts of a codec that send parameters and capabilities share. */
const codecCore = (codec: Codec) => ({
  mimeType: codec.mimeType,
  clockRate: codec.clockRate,
  ...(codec.channels === undefined ? {} : { channels: codec.channels }),
  parameters: settings(codec.parameters),
  rtcpFeedback: feedback(codec.rtcpFeedback),
})

function toEncoding(encoding: NonNullable<RtpParameters['encodings']>[number]): types.RtpEncodingParameters {
  const { ssrc, rid, rtx, scalabilityMode, maxBitrate, codecPayloadType } = encoding
  const out: types.RtpEncodingParameters = {}
  if (ssrc !== undefined) out.ssrc = ssrc
  if (rid !== undefined) out.rid = rid
  if (rtx !== undefined) out.rtx = { ssrc: rtx.ssrc }
  if (scalabilityMode !== undefined) out.scalabilityMode = scalabilityMode
  if (codecPayloadType !== undefined) out.codecPayloadType = codecPayloadType
  if (maxBitrate !== undefined && maxBitrate > 0 && maxBitrate <= MAX_U32)
    out.maxBitrate = Math.floor(maxBitrate)
  return out
}

/**
 * Send parameters for `transport.produce`. `dtx` is left out: Opus is constant here (FRM4); `msid` and the sender's
 * `cname` are left out because receivers have no use for them.
 * @throws SfuError `media-refused`
 */
export function toSendParameters(rtp: RtpParameters): types.RtpParameters {
  return {
    ...(rtp.mid === undefined ? {} : { mid: rtp.mid }),
    codecs: rtp.codecs.map((codec) => ({ ...codecCore(codec), payloadType: need(codec.payloadType) })),
    headerExtensions: (rtp.headerExtensions ?? []).map(({ uri, id }) => ({
      uri: need(uriOf(uri)),
      id: need(id),
    })),
    encodings: (rtp.encodings ?? []).map(toEncoding),
  }
}

function toCodecCapability(codec: CodecCapability): types.RtpCodecCapability {
  const kind = codec.kind ?? (codec.mimeType.toLowerCase().startsWith('audio/') ? 'audio' : 'video')
  return { ...codecCore(codec), kind, preferredPayloadType: need(codec.preferredPayloadType) }
}

/**
 * Receive capabilities for `transport.consume`; extensions mediasoup is not to use here fall away.
 * @throws SfuError `media-refused`
 */
export function toReceiveCapabilities(caps: RtpCapabilities): types.RtpCapabilities {
  const headerExtensions: types.RtpHeaderExtension[] = []
  for (const { uri, kind, preferredId } of caps.headerExtensions ?? []) {
    const known = uriOf(uri)
    if (known && kind) headerExtensions.push({ uri: known, kind, preferredId: need(preferredId) })
  }
  return { codecs: (caps.codecs ?? []).map(toCodecCapability), headerExtensions }
}

/** @throws SfuError `media-refused` when no fingerprint uses a hash that mediasoup knows. */
export function toDtlsParameters(dtls: DtlsParameters): types.DtlsParameters {
  const fingerprints: types.DtlsFingerprint[] = []
  for (const { algorithm, value } of dtls.fingerprints) {
    const known = FINGERPRINTS.find((name) => name === algorithm)
    if (known) fingerprints.push({ algorithm: known, value })
  }
  if (fingerprints.length === 0) throw new SfuError('media-refused')
  return dtls.role === undefined ? { fingerprints } : { role: dtls.role, fingerprints }
}

/** mediasoup's parameters checked against the protocol's shape; a mismatch is our bug and throws. */
export const fromReceiveParameters = (rtp: types.RtpParameters): RtpParameters => RtpParameters.parse(rtp)
/** Likewise for what the router can do. */
export const fromCapabilities = (caps: types.RtpCapabilities): RtpCapabilities => RtpCapabilities.parse(caps)
