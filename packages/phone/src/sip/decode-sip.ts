/**
 * Bytes to SIP messages (RFC 3261 §7, §25). Sizes are capped before anything is decoded; malformed input is a value.
 * A request that can still be answered comes back with its `fault`; what cannot be answered is null.
 */
import { parseCSeq, parseNameAddr, parseVia } from './header-fields.ts'
import type { SipFault, SipHeader, SipMessage, SipRequest } from './sip-message.ts'
import { header, headerList } from './sip-message.ts'
import { isUri } from './sip-uri.ts'

export const MAX_HEAD_BYTES = 16_384
export const MAX_BODY_BYTES = 16_384
const MAX_HEADERS = 128

const COMPACT: Readonly<Record<string, string>> = {
  a: 'accept-contact',
  b: 'referred-by',
  c: 'content-type',
  d: 'request-disposition',
  e: 'content-encoding',
  f: 'from',
  i: 'call-id',
  j: 'reject-contact',
  k: 'supported',
  l: 'content-length',
  m: 'contact',
  n: 'identity-info',
  o: 'event',
  r: 'refer-to',
  s: 'subject',
  t: 'to',
  u: 'allow-events',
  v: 'via',
  x: 'session-expires',
  y: 'identity',
}
const ONCE = ['from', 'to', 'call-id', 'cseq', 'max-forwards', 'content-length', 'content-type'] as const
/** What would begin another line for a reader less strict than we are. */
const LONE_BREAK = /[\r\n]+/g
const TOKEN = /^[A-Za-z0-9\-.!%*_+`'~]+$/

const bad = (reason: string): SipFault => ({ status: 400, reason })

/** Where the head ends and how long the body says it is; null when the head is not complete within its cap. */
export function findHead(bytes: Uint8Array): { headBytes: number } | null {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, MAX_HEAD_BYTES))
  const at = view.indexOf('\r\n\r\n', 0, 'latin1')
  return at < 0 ? null : { headBytes: at + 4 }
}

/** `whole`: the bytes are one datagram, so a body shorter than announced is an error, and what follows it is dropped. */
export function decodeSip(bytes: Uint8Array): SipMessage | null {
  const head = findHead(bytes)
  if (!head) return null
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, head.headBytes - 4).toString('latin1')
  const lines = text.replace(/\r\n[ \t]+/g, ' ').split('\r\n')
  const first = lines.shift() ?? ''
  const { headers, fault } = readHeaders(lines)
  if (headers === null) return null
  const rest = bytes.subarray(head.headBytes)
  const response = /^SIP\/2\.0 ([1-6]\d\d) (.*)$/i.exec(first)
  if (response)
    return { kind: 'response', status: Number(response[1]), reason: response[2] ?? '', headers, body: rest }
  if (/^SIP\//i.test(first)) return null
  return readRequest(first, headers, rest, fault)
}

function readHeaders(lines: readonly string[]): { headers: SipHeader[] | null; fault: SipFault | null } {
  if (lines.length > MAX_HEADERS) return { headers: null, fault: null }
  const headers: SipHeader[] = []
  let fault: SipFault | null = null
  for (const line of lines) {
    const colon = line.indexOf(':')
    const written = line.slice(0, Math.max(0, colon)).trimEnd().toLowerCase()
    if (!TOKEN.test(written)) {
      fault = bad('Malformed header field')
      continue
    }
    const value = line.slice(colon + 1).trim()
    if (value.search(LONE_BREAK) >= 0) fault = bad('Malformed header field')
    headers.push({ name: COMPACT[written] ?? written, value: value.replace(LONE_BREAK, ' ') })
  }
  return { headers, fault }
}

function readRequest(
  first: string,
  headers: SipHeader[],
  rest: Uint8Array,
  headerFault: SipFault | null,
): SipRequest | null {
  const line = /^([^ ]+) ([^ ].*[^ ]|[^ ]) (SIP\/\d+\.\d+)$/i.exec(first)
  const method = line?.[1] ?? first.split(' ')[0] ?? ''
  if (!TOKEN.test(method)) return null
  const request: SipRequest = {
    kind: 'request',
    method,
    uri: line?.[2] ?? '',
    headers,
    body: new Uint8Array(),
    fault: null,
  }
  if (header(request, 'via') === undefined) return null
  request.fault = lineFault(line) ?? headerFault ?? fieldFault(request) ?? readBody(request, rest)
  return request
}

function lineFault(line: RegExpExecArray | null): SipFault | null {
  if (!line) return bad('Malformed request line')
  if (line[3]?.toUpperCase() !== 'SIP/2.0') return { status: 505, reason: 'Version Not Supported' }
  return isUri(line[2] ?? '') ? null : bad('Malformed Request-URI')
}

/** What RFC 3261 §8.1.1 demands of every request. */
function fieldFault(request: SipRequest): SipFault | null {
  for (const name of ONCE) {
    const values = new Set(request.headers.filter((one) => one.name === name).map(({ value }) => value))
    if (values.size > 1) return bad(`More than one ${name}`)
  }
  if (!parseVia(headerList(request, 'via')[0] ?? '')) return bad('Malformed Via')
  const callId = header(request, 'call-id')
  if (!callId || /\s/.test(callId)) return bad('Missing or malformed Call-ID')
  const sequence = parseCSeq(header(request, 'cseq') ?? '')
  if (!sequence) return bad('Missing or malformed CSeq')
  if (sequence.method !== request.method) return bad('CSeq method does not match')
  const from = parseNameAddr(header(request, 'from') ?? '')
  if (!from) return bad('Missing or malformed From')
  if (!parseNameAddr(header(request, 'to') ?? '')) return bad('Missing or malformed To')
  const hops = header(request, 'max-forwards')
  if (hops !== undefined && !/^\d{1,9}$/.test(hops)) return bad('Malformed Max-Forwards')
  const contacts = headerList(request, 'contact')
  if (contacts.some((one) => one !== '*' && !parseNameAddr(one))) return bad('Malformed Contact')
  return null
}

function readBody(request: SipRequest, rest: Uint8Array): SipFault | null {
  const length = header(request, 'content-length')
  if (length !== undefined && !/^\d{1,9}$/.test(length)) return bad('Malformed Content-Length')
  const announced = length === undefined ? rest.length : Number(length)
  if (announced > rest.length) return bad('The body is shorter than Content-Length')
  if (announced > MAX_BODY_BYTES) return { status: 513, reason: 'Message Too Large' }
  request.body = rest.slice(0, announced)
  return null
}
