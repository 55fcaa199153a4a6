/**
 * A SIP message (RFC 3261 §7) as the bridge sees it: start line, header fields in order with their long lower-case
 * names, body. Text is Latin-1, one character a byte, so that what is echoed is byte for byte what came.
 */

export interface SipHeader {
  name: string
  value: string
}

export interface SipRequest {
  kind: 'request'
  method: string
  uri: string
  headers: SipHeader[]
  body: Uint8Array
  /** Why it must be refused, although there is enough of it to say so. */
  fault: SipFault | null
}

export interface SipResponse {
  kind: 'response'
  status: number
  reason: string
  headers: SipHeader[]
  body: Uint8Array
}

export type SipMessage = SipRequest | SipResponse

/** What is wrong with a request that is answered all the same, with the status to answer. */
export interface SipFault {
  status: 400 | 505 | 513
  reason: string
}

/** The first field of that name (long form, lower case). */
export function header(message: SipMessage, name: string): string | undefined {
  return message.headers.find((one) => one.name === name)?.value
}

/** All values of that name, those in one line with commas apart (RFC 3261 §7.3.1). */
export function headerList(message: SipMessage, name: string): string[] {
  return message.headers
    .filter((one) => one.name === name)
    .flatMap(({ value }) => splitList(value))
    .filter((value) => value !== '')
}

/** Cuts at commas that stand neither in quotes nor in angle brackets. */
export function splitList(value: string, at = ','): string[] {
  const parts: string[] = []
  let start = 0
  let quoted = false
  let depth = 0
  for (let i = 0; i < value.length; i += 1) {
    const char = value[i]
    if (quoted && char === '\\') i += 1
    else if (char === '"') quoted = !quoted
    else if (quoted) continue
    else if (char === '<') depth += 1
    else if (char === '>') depth = Math.max(0, depth - 1)
    else if (char === at && depth === 0) {
      parts.push(value.slice(start, i).trim())
      start = i + 1
    }
  }
  parts.push(value.slice(start).trim())
  return parts
}
