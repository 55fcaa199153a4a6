/** A decoded request with its structured fields parsed once: what the agent and the legs ask of it. */
import type { NameAddr, Via } from './header-fields.ts'
import { parseCSeq, parseNameAddr, parseVia } from './header-fields.ts'
import type { SipRequest } from './sip-message.ts'
import { header, headerList } from './sip-message.ts'

export interface RequestView {
  request: SipRequest
  via: Via
  callId: string
  sequence: { number: number; method: string }
  from: NameAddr
  to: NameAddr
  fromTag: string
  toTag: string | null
  /** One of a transaction: the same for a request sent again, and for an INVITE and the ACK of its refusal. */
  transaction: string
  /** One of a dialog, as its first request names it. */
  dialog: string
}

const MAGIC_COOKIE = 'z9hG4bK'

/** Null for a request whose decoding found a fault: it is answered from its raw fields. */
export function viewRequest(request: SipRequest): RequestView | null {
  const via = parseVia(headerList(request, 'via')[0] ?? '')
  const sequence = parseCSeq(header(request, 'cseq') ?? '')
  const from = parseNameAddr(header(request, 'from') ?? '')
  const to = parseNameAddr(header(request, 'to') ?? '')
  const callId = header(request, 'call-id')
  if (request.fault || !via || !sequence || !from || !to || !callId) return null
  const fromTag = from.params.get('tag') ?? ''
  const branch = via.params.get('branch') ?? ''
  const method = request.method === 'ACK' ? 'INVITE' : request.method
  // RFC 3261 §17.2.3: a branch without the cookie names nothing, as in RFC 2543.
  const unique = branch.startsWith(MAGIC_COOKIE) && branch.length > MAGIC_COOKIE.length
  const name = unique ? [branch] : [callId, fromTag, sequence.number, request.uri]
  const transaction = [method, `${via.host}:${via.port}`, ...name].join('\n')
  const toTag = to.params.get('tag') ?? null
  return {
    request,
    via,
    callId,
    sequence,
    from,
    to,
    fromTag,
    toTag,
    transaction,
    dialog: `${callId}\n${fromTag}`,
  }
}
