/** Send parameters that a room takes, made from what it speaks; for participants that send no packets. */
import { randomInt } from 'node:crypto'
import type { MediaKind, RtpCapabilities, RtpParameters } from '@huisclos/protocol'

export function producedRtp(kind: MediaKind, { codecs = [] }: RtpCapabilities): RtpParameters {
  const codec = codecs.find((each) => each.kind === kind)
  if (!codec) throw new Error(`the room speaks no ${kind}`)
  const { mimeType, clockRate, channels, parameters, preferredPayloadType } = codec
  return {
    codecs: [
      {
        mimeType,
        clockRate,
        ...(channels ? { channels } : {}),
        ...(parameters ? { parameters } : {}),
        ...(preferredPayloadType ? { payloadType: preferredPayloadType } : {}),
      },
    ],
    encodings: [{ ssrc: randomInt(1, 0xffff_ffff) }],
  }
}
