/** Parameters that a browser would send, for tests of the Sfu port. Imported by tests only. */
import type { MediaKind, RtpParameters } from '@huisclos/protocol'

let nextSsrc = 1000
const MID = 'urn:ietf:params:rtp-hdrext:sdes:mid'

/** Send parameters as a browser would give them; every call has SSRCs of its own. */
export function sendParameters(kind: MediaKind): RtpParameters {
  nextSsrc += 2
  const codecs =
    kind === 'audio'
      ? [
          {
            mimeType: 'audio/opus',
            payloadType: 100,
            clockRate: 48_000,
            channels: 2,
            parameters: { useinbandfec: 1 },
            rtcpFeedback: [],
          },
        ]
      : [
          {
            mimeType: 'video/VP8',
            payloadType: 101,
            clockRate: 90_000,
            parameters: {},
            rtcpFeedback: [{ type: 'nack' }, { type: 'nack', parameter: 'pli' }],
          },
        ]
  return {
    mid: `m${nextSsrc}`,
    codecs,
    headerExtensions: [{ uri: MID, id: 1 }],
    encodings: [{ ssrc: nextSsrc }],
    rtcp: { cname: 'c' },
  }
}
