/** What a browser would say about itself, as far as the server looks at it. */
import { randomBytes } from 'node:crypto'
import type { DtlsParameters, RtpCapabilities, RtpParameters } from '@huisclos/protocol'

export function dtlsParameters(): DtlsParameters {
  const value = randomBytes(32).toString('hex').toUpperCase().match(/../g)?.join(':') ?? ''
  return { role: 'client', fingerprints: [{ algorithm: 'sha-256', value }] }
}

export function audioRtp(): RtpParameters {
  return {
    mid: '0',
    codecs: [
      {
        mimeType: 'audio/opus',
        payloadType: 100,
        clockRate: 48_000,
        channels: 2,
        parameters: {},
        rtcpFeedback: [],
      },
    ],
    headerExtensions: [{ uri: 'urn:ietf:params:rtp-hdrext:sdes:mid', id: 1 }],
    encodings: [{ ssrc: randomBytes(4).readUInt32BE() }],
    rtcp: { cname: 'test' },
  }
}

export function clientCapabilities(): RtpCapabilities {
  return {
    codecs: [
      {
        kind: 'audio',
        mimeType: 'audio/opus',
        preferredPayloadType: 100,
        clockRate: 48_000,
        channels: 2,
        parameters: {},
        rtcpFeedback: [],
      },
    ],
    headerExtensions: [{ kind: 'audio', uri: 'urn:ietf:params:rtp-hdrext:sdes:mid', preferredId: 1 }],
  }
}
