/**
 * What a request is refused for before anything is done (RFC 3261 §8.2.1–§8.2.3): method, Request-URI, extensions it
 * requires, the form of its body.
 */
import { ALLOW } from './call-leg.ts'
import type { ResponseOptions } from './encode-sip.ts'
import type { RequestView } from './request-view.ts'
import { header, headerList } from './sip-message.ts'
import { hasHeaders, schemeOf } from './sip-uri.ts'

const OURS = new Set(ALLOW.split(', '))
const KNOWN = new Set(['REGISTER', 'REFER', 'MESSAGE', 'SUBSCRIBE', 'NOTIFY', 'PUBLISH', 'UPDATE', 'PRACK'])
const SCHEMES = new Set(['sip', 'sips', 'tel'])
/** Reliable provisional answers: we give none but 100, which is never one, so whoever requires them has them. */
const EXTENSIONS = new Set(['100rel'])

/** Null: go on. */
export function judgeRequest({ request, fromTag, toTag }: RequestView): ResponseOptions | null {
  const allow = [{ name: 'allow', value: ALLOW }]
  if (!OURS.has(request.method)) {
    const known = KNOWN.has(request.method)
    return known
      ? { status: 405, reason: 'Method Not Allowed', headers: allow }
      : { status: 501, reason: 'Not Implemented', headers: allow }
  }
  if (!SCHEMES.has(schemeOf(request.uri) ?? '')) return { status: 416, reason: 'Unsupported URI Scheme' }
  if (hasHeaders(request.uri)) return { status: 400, reason: 'Header fields in the Request-URI' }
  if (toTag !== null && fromTag === '') return { status: 400, reason: 'No tag in From' }
  if (request.method === 'CANCEL') return null
  const unknown = headerList(request, 'require').filter((one) => !EXTENSIONS.has(one.toLowerCase()))
  if (unknown.length === 0) return null
  const headers = [{ name: 'unsupported', value: unknown.join(', ') }]
  return { status: 420, reason: 'Bad Extension', headers }
}

/** Null: an offer, or a call without one. */
export function judgeInvite({ request }: RequestView): ResponseOptions | null {
  const encoding = header(request, 'content-encoding')?.toLowerCase() ?? 'identity'
  const type = header(request, 'content-type')?.split(';', 1)[0]?.trim().toLowerCase()
  const readable = request.body.length === 0 || type === 'application/sdp'
  if (!readable || encoding !== 'identity') {
    const headers = [
      { name: 'accept', value: 'application/sdp' },
      { name: 'accept-encoding', value: 'identity' },
    ]
    return { status: 415, reason: 'Unsupported Media Type', headers }
  }
  const accepted = headerList(request, 'accept').map((one) => one.split(';', 1)[0]?.trim().toLowerCase())
  const takesSdp = accepted.some(
    (one) => one === 'application/sdp' || one === 'application/*' || one === '*/*',
  )
  return accepted.length > 0 && !takesSdp ? { status: 406, reason: 'Not Acceptable' } : null
}
