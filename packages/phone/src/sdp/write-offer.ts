/**
 * Our own offer, for an INVITE that has none (RFC 3261 §13.2.1): every codec in the bridge's order, keys as events, and
 * SRTP where the trunk requires it. What comes back in the ACK is judged against it.
 */
import { MASTER_BYTES } from '../media/srtp.ts'
import type { Agreed, SrtpPolicy } from './negotiate.ts'
import { agree, connection, SUITE } from './negotiate.ts'
import type { AudioOffer } from './read-offer.ts'

const EVENT_TYPE = 101
const FORMATS = [
  { codec: 'opus', payloadType: 96, map: 'opus/48000/2' },
  { codec: 'G722', payloadType: 9, map: 'G722/8000' },
  { codec: 'PCMA', payloadType: 8, map: 'PCMA/8000' },
  { codec: 'PCMU', payloadType: 0, map: 'PCMU/8000' },
] as const
const TAG = '1'

export interface OfferOptions {
  address: string
  port: number
  /** Our SRTP master key; null: plain RTP. */
  ours: Uint8Array | null
  session: number
  version: number
}

/** Where plain RTP will do, plain RTP is offered: an offer of both is not every telephone's to read. */
export const offersSrtp = (policy: SrtpPolicy): boolean => policy === 'required'

export function writeOffer({ address, port, ours, session, version }: OfferOptions): Uint8Array {
  const types = [...FORMATS.map(({ payloadType }) => payloadType), EVENT_TYPE].join(' ')
  const lines = [
    ...connection(address, { session, version }),
    `m=audio ${port} ${ours ? 'RTP/SAVP' : 'RTP/AVP'} ${types}`,
    ...FORMATS.map(({ payloadType, map }) => `a=rtpmap:${payloadType} ${map}`),
    'a=fmtp:96 useinbandfec=1;usedtx=0;cbr=1;stereo=0',
    `a=rtpmap:${EVENT_TYPE} telephone-event/8000`,
    `a=fmtp:${EVENT_TYPE} 0-15`,
    ...(ours ? [`a=crypto:${TAG} ${SUITE} inline:${Buffer.from(ours).toString('base64')}`] : []),
    'a=ptime:20',
    'a=sendrecv',
  ]
  return Buffer.from(`${lines.join('\r\n')}\r\n`, 'latin1')
}

/** Null: not an answer to that offer. Fails closed: where SRTP was offered nothing else is an answer. */
export function readAnswer(answer: AudioOffer, policy: SrtpPolicy): Agreed | null {
  const secret = offersSrtp(policy)
  if ((answer.profile === 'RTP/SAVP') !== secret) return null
  const ours = answer.formats.filter(
    ({ payloadType }) => payloadType === EVENT_TYPE || FORMATS.some((one) => one.payloadType === payloadType),
  )
  const keys = answer.keys.filter(({ tag, master }) => tag === TAG && master.length === MASTER_BYTES)
  const agreed = agree({ ...answer, formats: ours, keys }, secret ? 'required' : 'off')
  const offered = FORMATS.find(({ payloadType }) => payloadType === agreed?.payloadType)
  return offered?.codec === agreed?.codec ? agreed : null
}
