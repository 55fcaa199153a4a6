/**
 * URIs as they stand in SIP messages (RFC 3261 §19.1, RFC 3966): whether one is in the grammar, its scheme and its user
 * part. The bridge dials nobody: a URI is echoed or shown, never followed.
 */

const SCHEME = /^([A-Za-z][A-Za-z0-9+.-]*):(.+)$/
const ALLOWED = /^[A-Za-z0-9\-_.!~*'();/?:@&=+$,%#[\]|^`{}\\\u0080-\u00ff]+$/
const ESCAPES = /%(?![0-9A-Fa-f]{2})/
const HOST_PORT = /^(?:\[[0-9A-Fa-f:.]{2,45}\]|[A-Za-z0-9](?:[A-Za-z0-9\-.]*[A-Za-z0-9.])?)(?::\d{1,5})?$/
const MAX_URI_CHARS = 2048

/** The scheme in lower case; null when it is no URI at all. */
export function schemeOf(uri: string): string | null {
  return SCHEME.exec(uri)?.[1]?.toLowerCase() ?? null
}

/** SIP URIs are looked at closely, those of other schemes for characters alone. */
export function isUri(uri: string): boolean {
  if (uri.length > MAX_URI_CHARS || !ALLOWED.test(uri)) return false
  const scheme = schemeOf(uri)
  if (scheme === null) return false
  return scheme === 'sip' || scheme === 'sips' ? isSipUri(uri.slice(scheme.length + 1)) : true
}

function isSipUri(rest: string): boolean {
  if (ESCAPES.test(rest)) return false
  const at = rest.lastIndexOf('@')
  const host = rest.slice(at + 1).split(/[;?]/, 1)[0] ?? ''
  return HOST_PORT.test(host) && at !== 0
}

/** A Request-URI must carry no header fields (§19.1.5). */
export function hasHeaders(uri: string): boolean {
  return uri.slice(uri.lastIndexOf('@') + 1).includes('?')
}

/** The part before the `@` (of a `tel` URI: the number), decoded; empty when there is none. */
export function userOf(uri: string): string {
  const scheme = schemeOf(uri)
  const rest = uri.slice((scheme?.length ?? -1) + 1)
  const at = rest.lastIndexOf('@')
  const user = scheme === 'tel' ? rest : rest.slice(0, Math.max(0, at))
  const bare = user.split(/[;:]/, 1)[0] ?? ''
  try {
    return decodeURIComponent(bare)
  } catch {
    return bare
  }
}
