/**
 * The answer to an offer (RFC 3264): one codec in the bridge's order, keys as events, SRTP where the trunk has it. Every
 * other stream is refused by port 0.
 */
import type { CodecName } from '../audio/voice-codec.ts'
import { MASTER_BYTES } from '../media/srtp.ts'
import type { AudioOffer, OfferedKey } from './read-offer.ts'

export type SrtpPolicy = 'off' | 'optional' | 'required'

export interface Agreed {
  codec: CodecName
  payloadType: number
  /** Of telephone events; null when the caller has none. */
  eventType: number | null
  /** Their key, and ours by its tag; null: plain RTP. */
  srtp: { tag: string; theirs: Uint8Array } | null
}

/** Best sound first. */
const ORDER: readonly { codec: CodecName; name: string; clockRate: number }[] = [
  { codec: 'opus', name: 'OPUS', clockRate: 48_000 },
  { codec: 'G722', name: 'G722', clockRate: 8000 },
  { codec: 'PCMA', name: 'PCMA', clockRate: 8000 },
  { codec: 'PCMU', name: 'PCMU', clockRate: 8000 },
]
export const SUITE = 'AES_CM_128_HMAC_SHA1_80'

/** Null: nothing in common, to be refused with 488. Fails closed: a trunk that requires SRTP gets no other call. */
export function agree(offer: AudioOffer, policy: SrtpPolicy): Agreed | null {
  const found = ORDER.flatMap(({ codec, name, clockRate }) => {
    const format = offer.formats.find((one) => one.name === name && one.clockRate === clockRate)
    return format ? [{ codec, payloadType: format.payloadType, clockRate }] : []
  })[0]
  if (!found) return null
  const srtp = policy === 'off' ? null : usable(offer.keys)
  if (!srtp && (policy === 'required' || offer.profile === 'RTP/SAVP')) return null
  const events = offer.formats.filter(({ name }) => name === 'TELEPHONE-EVENT')
  // Events go with the codec's clock where the caller offers several (RFC 4733 §2.5.1.1).
  const event = events.find(({ clockRate }) => clockRate === found.clockRate) ?? events[0]
  const { codec, payloadType } = found
  return { codec, payloadType, eventType: event?.payloadType ?? null, srtp }
}

function usable(keys: readonly OfferedKey[]): Agreed['srtp'] {
  const key = keys.find(({ suite, master }) => suite === SUITE && master.length === MASTER_BYTES)
  return key ? { tag: key.tag, theirs: key.master } : null
}

export interface AnswerOptions {
  offer: AudioOffer
  agreed: Agreed
  address: string
  port: number
  /** Our SRTP master key where `agreed.srtp`. */
  ours: Uint8Array | null
  session: number
  version: number
}

/** How an SDP of ours begins. */
export function connection(
  address: string,
  { session, version }: { session: number; version: number },
): string[] {
  const family = address.includes(':') ? 'IP6' : 'IP4'
  const origin = `o=huisclos ${session} ${version} IN ${family} ${address}`
  return ['v=0', origin, 's=-', `c=IN ${family} ${address}`, 't=0 0']
}

export function writeAnswer({
  offer,
  agreed,
  address,
  port,
  ours,
  session,
  version,
}: AnswerOptions): Uint8Array {
  const lines = [
    ...connection(address, { session, version }),
    ...offer.media.flatMap((line, i) =>
      i === offer.index
        ? audioLines({ offer, agreed, port, ours })
        : [line.replace(/^(m=[a-z]+) \d+(?:\/\d+)?/, '$1 0')],
    ),
  ]
  return Buffer.from(`${lines.join('\r\n')}\r\n`, 'latin1')
}

function audioLines({
  offer,
  agreed,
  port,
  ours,
}: Pick<AnswerOptions, 'offer' | 'agreed' | 'port' | 'ours'>): string[] {
  const { codec, payloadType, eventType, srtp } = agreed
  const clockRate = codec === 'opus' ? 48_000 : 8000
  const eventRate = offer.formats.find((one) => one.payloadType === eventType)?.clockRate ?? 8000
  const direction = `a=${answerTo(offer)}`
  return [
    `m=audio ${port} ${offer.profile} ${payloadType}${eventType === null ? '' : ` ${eventType}`}`,
    `a=rtpmap:${payloadType} ${codec}/${clockRate}${codec === 'opus' ? '/2' : ''}`,
    ...(codec === 'opus' ? [`a=fmtp:${payloadType} useinbandfec=1;usedtx=0;cbr=1;stereo=0`] : []),
    ...(eventType === null
      ? []
      : [`a=rtpmap:${eventType} telephone-event/${eventRate}`, `a=fmtp:${eventType} 0-15`]),
    ...(srtp && ours ? [`a=crypto:${srtp.tag} ${SUITE} inline:${Buffer.from(ours).toString('base64')}`] : []),
    'a=ptime:20',
    direction,
  ]
}

function answerTo({ sends, receives }: AudioOffer): string {
  if (sends && receives) return 'sendrecv'
  if (sends) return 'recvonly'
  return receives ? 'sendonly' : 'inactive'
}
