/** Frames as RTP packets in clear, for forwarders that have no meeting around them. */

import type { EncodedTrack, RawTransport } from '@huisclos/node-media'
import { encodeRtp, packetizeVp8 } from '@huisclos/rtp'

const MAX_PAYLOAD_BYTES = 1_180

/** Sends one track at a time over a raw transport; null ends it. One for all runs over it, as `packetSender`. */
export function trackSender(
  raw: RawTransport,
  payloadType: number,
  ssrc: number,
): (track: EncodedTrack | null) => void {
  const sendPackets = packetSender(raw, payloadType, ssrc)
  let stop = (): void => undefined
  return (track) => {
    stop()
    const unsubscribe = track?.subscribe(sendPackets)
    track?.wantKeyFrame()
    stop = () => void unsubscribe?.()
  }
}

/** Frames as RTP packets: SRTP takes no sequence number twice. */
function packetSender(raw: RawTransport, payloadType: number, ssrc: number) {
  let sequence = 0
  let pictureId = 0
  return ({ data, timestamp }: { data: Uint8Array; timestamp: number }): void => {
    const payloads = packetizeVp8(data, pictureId, MAX_PAYLOAD_BYTES)
    pictureId = (pictureId + 1) & 0x7fff
    for (const [at, payload] of payloads.entries()) {
      sequence = (sequence + 1) & 0xffff
      const marker = at === payloads.length - 1
      raw.send(encodeRtp({ payloadType, sequence, timestamp: timestamp % 2 ** 32, ssrc, marker, payload }))
    }
  }
}
