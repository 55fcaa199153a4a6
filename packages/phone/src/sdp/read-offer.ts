/**
 * What the bridge needs of an SDP offer (RFC 4566, RFC 3264): the first audio stream with a port, its address, formats,
 * direction and SDES keys (RFC 4568). Capped, line by line, everything else passed over; null is "no such thing".
 */
import { isIP } from 'node:net'

export interface OfferedFormat {
  payloadType: number
  /** Upper case. */
  name: string
  clockRate: number
}

export interface OfferedKey {
  tag: string
  suite: string
  /** Key and salt. */
  master: Uint8Array
}

export interface AudioOffer {
  address: string
  port: number
  profile: 'RTP/AVP' | 'RTP/SAVP'
  formats: OfferedFormat[]
  keys: OfferedKey[]
  /** Where reports are taken (RFC 3605); null: at the next port. */
  reportPort: number | null
  /** Whether the caller wants to hear us, and speaks. */
  receives: boolean
  sends: boolean
  /** The place of this stream among all `m=` lines, and what stands in the others, to be refused one by one. */
  index: number
  media: string[]
}

const MAX_BYTES = 16_384
const MAX_LINES = 512
const MAX_MEDIA = 16
const STATIC: Readonly<Record<number, OfferedFormat>> = {
  0: { payloadType: 0, name: 'PCMU', clockRate: 8000 },
  8: { payloadType: 8, name: 'PCMA', clockRate: 8000 },
  9: { payloadType: 9, name: 'G722', clockRate: 8000 },
}
const MEDIA = /^m=([a-z]+) (\d{1,5})(?:\/\d+)? (\S+)((?: \S+)+)$/
const CRYPTO = /^a=crypto:(\d{1,9}) (\S+) inline:([A-Za-z0-9+/=]{1,128})/

interface Section {
  line: RegExpExecArray
  lines: string[]
}

export function readOffer(sdp: Uint8Array): AudioOffer | null {
  if (sdp.length > MAX_BYTES) return null
  const lines = Buffer.from(sdp).toString('latin1').split(/\r?\n/)
  if (lines.length > MAX_LINES || !lines[0]?.startsWith('v=0')) return null
  const session: string[] = []
  const sections: Section[] = []
  for (const text of lines) {
    const line = MEDIA.exec(text)
    if (line) sections.push({ line, lines: [] })
    else if (text.startsWith('m=')) return null
    else (sections.at(-1)?.lines ?? session).push(text)
  }
  if (sections.length > MAX_MEDIA) return null
  const index = sections.findIndex(({ line }) => line[1] === 'audio' && Number(line[2]) > 0)
  const audio = sections[index]
  if (!audio) return null
  return readAudio(audio, session, { index, media: sections.map(({ line }) => line[0]) })
}

function readAudio(
  { line, lines }: Section,
  session: readonly string[],
  place: { index: number; media: string[] },
): AudioOffer | null {
  const profile = line[3]
  if (profile !== 'RTP/AVP' && profile !== 'RTP/SAVP') return null
  const address = addressIn(lines) ?? addressIn(session)
  const port = Number(line[2])
  if (address === null || port > 65_535) return null
  const direction = [...lines, ...session].find((text) =>
    /^a=(sendrecv|sendonly|recvonly|inactive)$/.test(text),
  )
  const held = address === '0.0.0.0'
  return {
    address,
    port,
    profile,
    formats: formatsOf(line[4] ?? '', lines),
    keys: lines.flatMap(keyIn),
    reportPort: reportPortIn(lines),
    receives: !held && direction !== 'a=sendonly' && direction !== 'a=inactive',
    sends: direction !== 'a=recvonly' && direction !== 'a=inactive',
    ...place,
  }
}

function addressIn(lines: readonly string[]): string | null {
  const found = lines.map((text) => /^c=IN IP[46] ([0-9A-Fa-f.:]+)(?:\/\d+)?$/.exec(text)?.[1]).find(Boolean)
  return found !== undefined && isIP(found) !== 0 ? found : null
}

function reportPortIn(lines: readonly string[]): number | null {
  const port = lines.map((text) => /^a=rtcp:(\d{1,5})(?: |$)/.exec(text)?.[1]).find(Boolean)
  return port !== undefined && Number(port) > 0 && Number(port) <= 65_535 ? Number(port) : null
}

function formatsOf(numbers: string, lines: readonly string[]): OfferedFormat[] {
  const mapped = new Map<number, OfferedFormat>()
  for (const text of lines) {
    const found = /^a=rtpmap:(\d{1,3}) ([A-Za-z0-9.-]+)\/(\d{1,6})(?:\/\d+)?$/.exec(text)
    if (!found) continue
    const payloadType = Number(found[1])
    mapped.set(payloadType, {
      payloadType,
      name: (found[2] ?? '').toUpperCase(),
      clockRate: Number(found[3]),
    })
  }
  return numbers
    .trim()
    .split(' ')
    .map(Number)
    .flatMap((number) => (number <= 127 ? (mapped.get(number) ?? STATIC[number] ?? []) : []))
}

function keyIn(text: string): OfferedKey[] {
  const found = CRYPTO.exec(text)
  if (!found) return []
  const master = new Uint8Array(Buffer.from(found[3] ?? '', 'base64'))
  return [{ tag: found[1] ?? '', suite: found[2] ?? '', master }]
}
