/**
 * The little SDP that Janus and a bot's raw transport need of each other: who may check the path, which certificate to
 * expect, and one VP8 stream. The transport itself never sees any of it: it is told the same as mediasoup tells it.
 */
import type { RawTransport, RemoteTransport } from '@huisclos/node-media'

export interface OwnSide {
  local: Pick<RawTransport, 'dtls' | 'ice'>
  payloadType: number
  mid: string
  /** Of what is sent; absent on the side that receives. */
  ssrc?: number
}

const HOST = '127.0.0.1'
/** A port that nobody looks at: Janus, as an ICE-lite agent, waits for our checks and learns where they come from. */
const DISCARD_PORT = 9

/** Our offer (with an SSRC) or answer. We are the DTLS client in both. @throws Error without a SHA-256 fingerprint */
export function ownSdp({ local, payloadType, mid, ssrc }: OwnSide): string {
  const fingerprint = local.dtls.fingerprints.find(({ algorithm }) => algorithm === 'sha-256')
  if (!fingerprint) throw new Error('no SHA-256 fingerprint of our own')
  return [
    'v=0',
    `o=- 1 1 IN IP4 ${HOST}`,
    's=-',
    't=0 0',
    `a=group:BUNDLE ${mid}`,
    `m=video ${DISCARD_PORT} UDP/TLS/RTP/SAVPF ${payloadType}`,
    `c=IN IP4 ${HOST}`,
    `a=mid:${mid}`,
    ssrc === undefined ? 'a=recvonly' : 'a=sendonly',
    'a=rtcp-mux',
    `a=rtpmap:${payloadType} VP8/90000`,
    `a=rtcp-fb:${payloadType} nack pli`,
    'a=setup:active',
    `a=fingerprint:sha-256 ${fingerprint.value}`,
    `a=ice-ufrag:${local.ice.usernameFragment}`,
    `a=ice-pwd:${local.ice.password}`,
    ...(ssrc === undefined ? [] : [`a=ssrc:${ssrc} cname:bot`]),
    '',
  ].join('\r\n')
}

function lineOf(sdp: string, pattern: RegExp, what: string): string {
  const found = pattern.exec(sdp)?.[1]
  if (found === undefined) throw new Error(`an SDP of Janus without ${what}`)
  return found
}

export interface JanusSide {
  remote: RemoteTransport
  payloadType: number
  mid: string
}

/** What Janus' offer or answer says. @throws Error that says what is missing */
export function readJanusSdp(sdp: string): JanusSide {
  const found = [...sdp.matchAll(/^a=candidate:(\S+) 1 udp (\d+) (\S+) (\d+) typ host/gim)]
  const candidates = found.map(([, foundation = '', priority, address = '', port]) => ({
    foundation,
    priority: Number(priority),
    address,
    ip: address,
    port: Number(port),
    protocol: 'udp' as const,
    type: 'host' as const,
  }))
  if (candidates.length === 0) throw new Error('an SDP of Janus without a UDP candidate')
  return {
    remote: {
      ice: {
        usernameFragment: lineOf(sdp, /^a=ice-ufrag:(\S+)/m, 'ice-ufrag'),
        password: lineOf(sdp, /^a=ice-pwd:(\S+)/m, 'ice-pwd'),
        iceLite: true,
      },
      candidates,
      dtls: {
        role: 'auto',
        fingerprints: [
          {
            algorithm: 'sha-256',
            value: lineOf(sdp, /^a=fingerprint:sha-256 (\S+)/im, 'a SHA-256 fingerprint'),
          },
        ],
      },
    },
    payloadType: Number(lineOf(sdp, /^a=rtpmap:(\d+) VP8\/90000/im, 'VP8')),
    mid: lineOf(sdp, /^a=mid:(\S+)/m, 'mid'),
  }
}
