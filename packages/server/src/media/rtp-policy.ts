/**
 * Which codecs and RTP header extensions a room speaks, and what a client's parameters must look like before any
 * engine sees them. Rules SEE1 (nothing beyond the listed extensions reaches the server) and FRM1 (only codecs whose
 * frames can be encrypted). Must never let a value through that an engine would have to truncate.
 */
import type { MediaKind, RtpCapabilities, RtpParameters } from '@huisclos/protocol'
import { SFU_LIMITS, SfuError } from './sfu.ts'

export const AUDIO_LEVEL = 'urn:ietf:params:rtp-hdrext:ssrc-audio-level'

/** Routing and congestion control only; what describes content (audio level, capture time) is not among them. */
export const ROOM_EXTENSIONS = [
  'urn:ietf:params:rtp-hdrext:sdes:mid',
  'urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id',
  'urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id',
  'http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time',
  'http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01',
  'urn:3gpp:video-orientation',
  'urn:ietf:params:rtp-hdrext:toffset',
] as const
const EXTENSIONS: ReadonlySet<string> = new Set(ROOM_EXTENSIONS)

const CODECS = new Set(['audio/opus', 'video/vp8', 'video/vp9', 'video/rtx'])

const MIME_TYPE = /^(audio|video)\/[\w.+-]+$/i

const allowed = (uri: string, audioLevel: boolean) =>
  EXTENSIONS.has(uri) || (audioLevel && uri === AUDIO_LEVEL)

/** `caps` without the header extensions that this room does not speak. Used on what is handed out and on what comes. */
export function withAllowedExtensions<C extends Pick<RtpCapabilities, 'headerExtensions'>>(
  caps: C,
  audioLevel: boolean,
): C {
  const headerExtensions = (caps.headerExtensions ?? []).filter(({ uri }) => allowed(uri, audioLevel))
  return { ...caps, headerExtensions }
}

/**
 * Refuses send parameters that this room does not take.
 * @throws SfuError `media-refused`
 */
export function checkProduced(kind: MediaKind, rtp: RtpParameters, audioLevel: boolean): void {
  const refuse = (why: string): never => {
    throw new SfuError('media-refused', new Error(why))
  }
  for (const { mimeType, payloadType, channels } of rtp.codecs) {
    const name = mimeType.toLowerCase()
    if (!CODECS.has(name) || !name.startsWith(`${kind}/`)) refuse('codec not offered')
    if (payloadType === undefined || payloadType > 127) refuse('payload type out of range')
    if (channels !== undefined && channels > 2) refuse('too many channels')
  }
  for (const { uri, id } of rtp.headerExtensions ?? []) {
    if (!allowed(uri, audioLevel)) refuse('header extension not offered')
    if (id === undefined || id < 1 || id > 255) refuse('header extension id out of range')
  }
  const encodings = rtp.encodings ?? []
  if (encodings.length === 0 || encodings.length > SFU_LIMITS.encodingsPerProducer)
    refuse('encodings out of range')
  if (kind === 'audio' && encodings.length > 1) refuse('audio has one encoding')
}

/**
 * Refuses receive capabilities that no engine could read.
 * @throws SfuError `media-refused`
 */
export function checkReceivable(caps: RtpCapabilities): void {
  const broken =
    (caps.codecs ?? []).some(
      ({ mimeType, preferredPayloadType: pt }) => !MIME_TYPE.test(mimeType) || pt === undefined || pt > 127,
    ) || (caps.headerExtensions ?? []).some(({ preferredId: id }) => id === undefined || id < 1 || id > 255)
  if (broken) throw new SfuError('media-refused')
}

/** Whether an endpoint with these capabilities takes the codec (payload formats compare by name and clock). */
export function takesCodec(caps: RtpCapabilities, codec: { mimeType: string; clockRate: number }): boolean {
  return (caps.codecs ?? []).some(
    (c) => c.mimeType.toLowerCase() === codec.mimeType.toLowerCase() && c.clockRate === codec.clockRate,
  )
}
