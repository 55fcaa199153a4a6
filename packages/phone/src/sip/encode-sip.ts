/** SIP messages to bytes. What is written here comes from the bridge or was decoded: no value may hold a line break. */
import type { SipHeader, SipMessage, SipRequest } from './sip-message.ts'

const DISPLAY: Readonly<Record<string, string>> = {
  'call-id': 'Call-ID',
  cseq: 'CSeq',
  'www-authenticate': 'WWW-Authenticate',
}

const written = (name: string) =>
  DISPLAY[name] ??
  name.replace(/(^|-)([a-z])/g, (_, dash: string, letter: string) => dash + letter.toUpperCase())

/** Content-Length is ours to say, whatever the headers hold. @throws Error on a line break in a value */
export function encodeSip(message: SipMessage): Uint8Array {
  const first =
    message.kind === 'request'
      ? `${message.method} ${message.uri} SIP/2.0`
      : `SIP/2.0 ${message.status} ${message.reason}`
  const fields = message.headers
    .filter(({ name }) => name !== 'content-length')
    .map(({ name, value }) => `${written(name)}: ${value}`)
  const lines = [first, ...fields, `Content-Length: ${message.body.length}`]
  if (lines.some((line) => /[\r\n]/.test(line))) throw new Error('a line break in a header')
  return Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), message.body])
}

/** Where the request came from, which its answer's Via tells it (RFC 3261 §18.2.1, RFC 3581). */
export interface Source {
  address: string
  port: number
}

export interface ResponseOptions {
  status: number
  reason: string
  /** Given to a To field that has none. */
  tag?: string
  headers?: SipHeader[]
  body?: Uint8Array
}

/** An answer to `request`: Via, From, To, Call-ID and CSeq as they came (§8.2.6). */
export function encodeResponse(request: SipRequest, source: Source, options: ResponseOptions): Uint8Array {
  const echoed: SipHeader[] = []
  let topVia = true
  for (const { name, value } of request.headers) {
    if (name === 'via') {
      echoed.push({ name, value: topVia ? seenFrom(value, source) : value })
      topVia = false
    }
    if (name === 'from' || name === 'call-id' || name === 'cseq') echoed.push({ name, value })
    if (name === 'to') echoed.push({ name, value: tagged(value, options.tag) })
  }
  return encodeSip({
    kind: 'response',
    status: options.status,
    reason: options.reason,
    headers: [...echoed, ...(options.headers ?? [])],
    body: options.body ?? new Uint8Array(),
  })
}

const tagged = (to: string, tag: string | undefined) =>
  tag === undefined || /;\s*tag\s*=/i.test(to) ? to : `${to};tag=${tag}`

function seenFrom(via: string, { address, port }: Source): string {
  const comma = via.indexOf(',')
  const top = comma < 0 ? via : via.slice(0, comma)
  const rest = comma < 0 ? '' : via.slice(comma)
  const filled = top.replace(/;\s*rport\s*(?=;|$)/i, `;rport=${port}`)
  return `${filled};received=${address}${rest}`
}
