/**
 * What a participant without a browser sends and takes, made from what the router offers: Opus and VP8, no header extensions, and no congestion
 * feedback, since we write none and its streams would be throttled for it.
 */
import type { MediaKind, RtpCapabilities, RtpParameters } from '@huisclos/protocol'
import type { TrackLayer } from './encoded-track.ts'

type Codec = NonNullable<RtpCapabilities['codecs']>[number]

const MIME_TYPES: Record<MediaKind, string> = { audio: 'audio/opus', video: 'video/vp8' }
const CONGESTION = new Set(['transport-cc', 'goog-remb'])

export interface SendingCodec {
  payloadType: number
  /** Null where the router retransmits nothing (sound). */
  rtxPayloadType: number | null
  codec: Codec
}

const feedback = (codec: Codec) => (codec.rtcpFeedback ?? []).filter(({ type }) => !CONGESTION.has(type))

/** @throws Error when the router does not speak Opus or VP8 */
export function codecFor(routerRtp: RtpCapabilities, kind: MediaKind): SendingCodec {
  const codecs = routerRtp.codecs ?? []
  const codec = codecs.find(({ mimeType }) => mimeType.toLowerCase() === MIME_TYPES[kind])
  const payloadType = codec?.preferredPayloadType
  if (!codec || payloadType === undefined) throw new Error(`the router does not offer ${MIME_TYPES[kind]}`)
  const rtx = codecs.find(
    ({ mimeType, parameters }) =>
      mimeType.toLowerCase() === 'video/rtx' && parameters?.['apt'] === payloadType,
  )
  return { payloadType, rtxPayloadType: rtx?.preferredPayloadType ?? null, codec }
}

export function receiveCapabilities(routerRtp: RtpCapabilities): RtpCapabilities {
  const taken = [codecFor(routerRtp, 'audio'), codecFor(routerRtp, 'video')]
  const types = new Set(taken.flatMap(({ payloadType, rtxPayloadType }) => [payloadType, rtxPayloadType]))
  const codecs = (routerRtp.codecs ?? []).filter(({ preferredPayloadType: type }) => types.has(type ?? null))
  return {
    codecs: codecs.map((codec) => ({ ...codec, rtcpFeedback: feedback(codec) })),
    headerExtensions: [],
  }
}

export interface Ssrcs {
  media: number
  rtx: number
}

export interface SentLayer extends Ssrcs, TrackLayer {}

/** Send parameters of one stream, in one layer or (simulcast, smallest first) several. `mid` is unique in the transport. */
export function sendParameters(
  sending: SendingCodec,
  mid: string,
  layers: readonly SentLayer[],
): RtpParameters {
  const { codec, payloadType, rtxPayloadType } = sending
  const { mimeType, clockRate, channels, parameters } = codec
  const media = { mimeType, clockRate, channels, parameters, payloadType, rtcpFeedback: feedback(codec) }
  const rtx = {
    mimeType: 'video/rtx',
    clockRate,
    payloadType: rtxPayloadType ?? 0,
    parameters: { apt: payloadType },
  }
  return {
    mid,
    codecs: rtxPayloadType === null ? [media] : [media, rtx],
    headerExtensions: [],
    encodings: layers.map(({ media: ssrc, rtx: again, ...layer }) =>
      rtxPayloadType === null ? { ssrc, ...layer } : { ssrc, rtx: { ssrc: again }, ...layer },
    ),
    rtcp: { reducedSize: true },
  }
}
