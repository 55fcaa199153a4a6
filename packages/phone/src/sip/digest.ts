/**
 * Digest authentication (RFC 7616, RFC 8760 for SIP) without a state: a nonce is a time and a MAC over it and the
 * Call-ID, so that a flood of unanswered challenges costs no memory and an answer serves one call. Answers are compared
 * in constant time.
 */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import type { SipHeader } from './sip-message.ts'
import { splitList } from './sip-message.ts'
import type { Ms } from './timers.ts'

export interface Credentials {
  username: string
  password: string
}

export const REALM = 'huisclos'
const NONCE_LIVES_MS: Ms = 60_000
const MAX_AUTHORIZATION_CHARS = 2048
const HASHES: Readonly<Record<string, string>> = { 'SHA-256': 'sha256', MD5: 'md5' }

const mac = (secret: Uint8Array, time: string, callId: string) =>
  createHmac('sha256', secret).update(`${time}\n${callId}`).digest('base64url').slice(0, 32)

export function makeNonce(secret: Uint8Array, now: Ms, callId: string): string {
  const time = Math.floor(now).toString(36)
  return `${time}.${mac(secret, time, callId)}`
}

const same = (a: string, b: string) => {
  const [one, other] = [Buffer.from(a), Buffer.from(b)]
  return one.length === other.length && timingSafeEqual(one, other)
}

function nonceHolds(secret: Uint8Array, now: Ms, callId: string, nonce: string): boolean {
  const [time = '', code = ''] = nonce.split('.')
  if (!same(code, mac(secret, time, callId))) return false
  const age = now - Number.parseInt(time, 36)
  return age >= 0 && age <= NONCE_LIVES_MS
}

/** Strongest first, as RFC 8760 §2.4 has it. */
export function challenges(nonce: string): SipHeader[] {
  return Object.keys(HASHES).map((algorithm) => ({
    name: 'www-authenticate',
    value: `Digest realm="${REALM}", nonce="${nonce}", algorithm=${algorithm}, qop="auth"`,
  }))
}

/** `Digest a="b", c=d` to a map with lower-case names; null for anything else. */
function parseAuthorization(value: string): Map<string, string> | null {
  const found = /^Digest\s+(.+)$/i.exec(value)
  if (!found || value.length > MAX_AUTHORIZATION_CHARS) return null
  const fields = new Map<string, string>()
  for (const part of splitList(found[1] ?? '')) {
    const pair = /^([a-z-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^"\s]+))$/i.exec(part)
    if (!pair) return null
    fields.set((pair[1] ?? '').toLowerCase(), pair[2]?.replace(/\\(.)/g, '$1') ?? pair[3] ?? '')
  }
  return fields
}

/** The `response` that proves the password (RFC 7616 §3.4.1 with qop=auth). */
function digestResponse(
  fields: ReadonlyMap<string, string>,
  method: string,
  { username, password }: Credentials,
): string | null {
  const hash = HASHES[(fields.get('algorithm') ?? 'MD5').toUpperCase()]
  if (!hash || fields.get('qop') !== 'auth') return null
  const digest = (text: string) => createHash(hash).update(text, 'latin1').digest('hex')
  const secret = digest(`${username}:${REALM}:${password}`)
  const asked = digest(`${method}:${fields.get('uri') ?? ''}`)
  const parts = ['nonce', 'nc', 'cnonce', 'qop'].map((name) => fields.get(name) ?? '')
  return digest([secret, ...parts, asked].join(':'))
}

export interface AuthorizationCheck {
  authorization: string
  method: string
  uri: string
  callId: string
  secret: Uint8Array
  now: Ms
  credentials: Credentials
}

/** Whether that header proves these credentials for this request. */
export function authorizes(check: AuthorizationCheck): boolean {
  const fields = parseAuthorization(check.authorization)
  if (fields?.get('realm') !== REALM || fields.get('username') !== check.credentials.username) return false
  if (fields.get('uri') !== check.uri) return false
  if (!nonceHolds(check.secret, check.now, check.callId, fields.get('nonce') ?? '')) return false
  const expected = digestResponse(fields, check.method, check.credentials)
  return expected !== null && same(expected, (fields.get('response') ?? '').toLowerCase())
}
