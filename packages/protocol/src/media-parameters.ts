/**
 * The shapes of ICE, DTLS and RTP parameters as mediasoup and mediasoup-client exchange them. Sizes are capped here;
 * meaning is checked by mediasoup, which refuses what it does not understand.
 */
import * as z from 'zod/mini'

const short = z.string().check(z.maxLength(128))
const text = z.string().check(z.maxLength(512))
const count = z.int().check(z.gte(0), z.lte(0xffff_ffff))
const codecSetting = z.union([z.string().check(z.maxLength(256)), z.number(), z.boolean(), z.null()])
const codecParameters = z.record(short, codecSetting)
const feedback = z.array(z.strictObject({ type: short, parameter: z.optional(short) })).check(z.maxLength(16))
const kind = z.enum(['audio', 'video'])

export const MediaKind = kind
export type MediaKind = z.infer<typeof MediaKind>

export const IceParameters = z.strictObject({
  usernameFragment: short,
  password: short,
  iceLite: z.optional(z.boolean()),
})
export type IceParameters = z.infer<typeof IceParameters>

export const IceCandidate = z.strictObject({
  foundation: short,
  priority: count,
  ip: short,
  address: short,
  protocol: z.enum(['udp', 'tcp']),
  port: count,
  type: z.enum(['host', 'srflx', 'prflx', 'relay']),
  tcpType: z.optional(z.enum(['active', 'passive', 'so'])),
})
export type IceCandidate = z.infer<typeof IceCandidate>

export const DtlsParameters = z.strictObject({
  role: z.optional(z.enum(['auto', 'client', 'server'])),
  fingerprints: z
    .array(z.strictObject({ algorithm: short, value: text }))
    .check(z.minLength(1), z.maxLength(8)),
})
export type DtlsParameters = z.infer<typeof DtlsParameters>

const codec = z.strictObject({
  kind: z.optional(kind),
  mimeType: short,
  payloadType: z.optional(count),
  preferredPayloadType: z.optional(count),
  clockRate: count,
  channels: z.optional(count),
  parameters: z.optional(codecParameters),
  rtcpFeedback: z.optional(feedback),
})
const extension = z.strictObject({
  kind: z.optional(kind),
  uri: text,
  id: z.optional(count),
  preferredId: z.optional(count),
  encrypt: z.optional(z.boolean()),
  preferredEncrypt: z.optional(z.boolean()),
  direction: z.optional(short),
  parameters: z.optional(codecParameters),
})

export const RtpCapabilities = z.strictObject({
  codecs: z.optional(z.array(codec).check(z.maxLength(64))),
  headerExtensions: z.optional(z.array(extension).check(z.maxLength(64))),
})
export type RtpCapabilities = z.infer<typeof RtpCapabilities>

const encoding = z.strictObject({
  ssrc: z.optional(count),
  rid: z.optional(short),
  codecPayloadType: z.optional(count),
  rtx: z.optional(z.strictObject({ ssrc: count })),
  dtx: z.optional(z.boolean()),
  scalabilityMode: z.optional(short),
  scaleResolutionDownBy: z.optional(z.number()),
  maxBitrate: z.optional(z.number()),
  maxFramerate: z.optional(z.number()),
  active: z.optional(z.boolean()),
  priority: z.optional(short),
  networkPriority: z.optional(short),
  adaptivePtime: z.optional(z.boolean()),
})

export const RtpParameters = z.strictObject({
  mid: z.optional(short),
  msid: z.optional(text),
  codecs: z.array(codec).check(z.minLength(1), z.maxLength(16)),
  headerExtensions: z.optional(z.array(extension).check(z.maxLength(32))),
  encodings: z.optional(z.array(encoding).check(z.maxLength(8))),
  rtcp: z.optional(
    z.strictObject({
      cname: z.optional(text),
      reducedSize: z.optional(z.boolean()),
      mux: z.optional(z.boolean()),
    }),
  ),
})
export type RtpParameters = z.infer<typeof RtpParameters>
