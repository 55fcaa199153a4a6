/** Plausible capabilities and transport parameters for the fake media engine. Nothing listens behind them. */
import { randomBytes, randomInt, randomUUID } from 'node:crypto'
import type { RtpCapabilities } from '@huisclos/protocol'
import { AUDIO_LEVEL } from './rtp-policy.ts'

const TRANSPORT_CC = 'http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01'
const feedback = [
  { type: 'nack' },
  { type: 'nack', parameter: 'pli' },
  { type: 'ccm', parameter: 'fir' },
  { type: 'transport-cc' },
]

/** A room's capabilities, as mediasoup would answer them. */
export function fakeCapabilities(audioLevel: boolean): RtpCapabilities {
  const video = (name: string, payloadType: number, parameters: Record<string, number>) => [
    {
      kind: 'video' as const,
      mimeType: `video/${name}`,
      clockRate: 90_000,
      preferredPayloadType: payloadType,
      parameters,
      rtcpFeedback: feedback,
    },
    {
      kind: 'video' as const,
      mimeType: 'video/rtx',
      clockRate: 90_000,
      preferredPayloadType: payloadType + 1,
      parameters: { apt: payloadType },
      rtcpFeedback: [],
    },
  ]
  const extension = (kind: 'audio' | 'video', uri: string, preferredId: number) => ({
    kind,
    uri,
    preferredId,
    preferredEncrypt: false,
    direction: 'sendrecv',
  })
  return {
    codecs: [
      {
        kind: 'audio',
        mimeType: 'audio/opus',
        clockRate: 48_000,
        channels: 2,
        preferredPayloadType: 100,
        parameters: { useinbandfec: 1 },
        rtcpFeedback: [{ type: 'transport-cc' }],
      },
      ...video('VP8', 101, {}),
      ...video('VP9', 103, { 'profile-id': 0 }),
    ],
    headerExtensions: [
      extension('audio', 'urn:ietf:params:rtp-hdrext:sdes:mid', 1),
      extension('video', 'urn:ietf:params:rtp-hdrext:sdes:mid', 1),
      extension('video', TRANSPORT_CC, 5),
      ...(audioLevel ? [extension('audio', AUDIO_LEVEL, 6)] : []),
    ],
  }
}

/** Parameters that look like a transport's; nothing listens behind them. */
export function fakeTransportParameters(tcpOnly: boolean) {
  const octets = [...randomBytes(32)].map((byte) => byte.toString(16).padStart(2, '0').toUpperCase())
  const candidate = (protocol: 'udp' | 'tcp') => ({
    foundation: `${protocol}candidate`,
    priority: protocol === 'udp' ? 1_076_558_079 : 1_076_302_079,
    ip: '127.0.0.1',
    address: '127.0.0.1',
    protocol,
    port: 40_000,
    type: 'host' as const,
    ...(protocol === 'tcp' ? { tcpType: 'passive' as const } : {}),
  })
  return {
    ice: fakeIce(),
    candidates: tcpOnly ? [candidate('tcp')] : [candidate('udp'), candidate('tcp')],
    dtls: { role: 'auto' as const, fingerprints: [{ algorithm: 'sha-256', value: octets.join(':') }] },
  }
}

export const fakeIce = () => ({
  usernameFragment: randomUUID().replaceAll('-', ''),
  password: randomUUID().replaceAll('-', ''),
  iceLite: true,
})

export const fakeSsrc = () => randomInt(1, 0xffff_ffff)
