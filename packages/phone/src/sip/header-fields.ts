/**
 * The structured header fields that the bridge reads (RFC 3261 §20, §25.1): Via, CSeq, From, To, Contact, and
 * parameters. Each parser gives null for what is not in the grammar, and never throws.
 */
import { splitList } from './sip-message.ts'
import { isUri } from './sip-uri.ts'

export interface Via {
  transport: string
  host: string
  port: number | null
  params: Map<string, string>
}

export interface NameAddr {
  /** Without its quotes; empty when there is none. */
  display: string
  uri: string
  params: Map<string, string>
}

const TOKEN = "[A-Za-z0-9\\-.!%*_+`'~]+"
const HOST = '\\[[0-9A-Fa-f:.]{2,45}\\]|[A-Za-z0-9][A-Za-z0-9\\-.]*'
const VIA = new RegExp(
  `^SIP\\s*/\\s*2\\.0\\s*/\\s*(${TOKEN})\\s+(${HOST})\\s*(?::\\s*(\\d{1,5})\\s*)?(;.*)?$`,
  'i',
)
const PARAM = new RegExp(`^(${TOKEN})(?:\\s*=\\s*(.*))?$`)
const QUOTED = /^"((?:[^"\\]|\\.)*)"/
// One class, not tokens repeated: nested repetition would take a time that doubles with each character of a bad name.
const DISPLAY_TOKENS = /^[A-Za-z0-9\-.!%*_+`'~\s]*$/

/** `;a=b;c` to a map with lower-case names; null when it is none. */
function parseParams(text: string): Map<string, string> | null {
  const params = new Map<string, string>()
  if (text.trim() === '') return params
  const [before, ...parts] = splitList(text, ';')
  if (before !== '') return null
  for (const part of parts) {
    const found = PARAM.exec(part)
    if (!found) return null
    params.set((found[1] ?? '').toLowerCase(), (found[2] ?? '').trim())
  }
  return params
}

export function parseVia(value: string): Via | null {
  const found = VIA.exec(value)
  if (!found) return null
  const params = parseParams(found[4] ?? '')
  const port = found[3] === undefined ? null : Number(found[3])
  if (!params || (port !== null && port > 65_535)) return null
  return { transport: (found[1] ?? '').toUpperCase(), host: found[2] ?? '', port, params }
}

export function parseCSeq(value: string): { number: number; method: string } | null {
  const found = new RegExp(`^(\\d{1,10})\\s+(${TOKEN})$`).exec(value)
  if (!found) return null
  const number = Number(found[1])
  return number < 2 ** 31 ? { number, method: found[2] ?? '' } : null
}

/** `"Name" <uri>;params` or `uri;params`. */
export function parseNameAddr(value: string): NameAddr | null {
  const quoted = QUOTED.exec(value)
  const rest = quoted ? value.slice(quoted[0].length).trimStart() : value
  const open = rest.indexOf('<')
  if (open < 0) return quoted ? null : bareAddr(rest)
  const close = rest.indexOf('>', open)
  if (close < 0) return null
  const before = rest.slice(0, open).trim()
  if (quoted ? before !== '' : !isDisplay(before)) return null
  const uri = rest.slice(open + 1, close)
  const params = parseParams(rest.slice(close + 1))
  if (!params || !isUri(uri)) return null
  const display = quoted ? (quoted[1] ?? '').replace(/\\(.)/g, '$1') : before
  return { display, uri, params }
}

/** Tokens, as the grammar says, and a comma, which RFC 4475 §3.1.2.6 leaves to whoever is lenient. */
const isDisplay = (text: string) => DISPLAY_TOKENS.test(text.replaceAll(',', ''))

/** Without angle brackets every parameter is the field's (§20.10). */
function bareAddr(text: string): NameAddr | null {
  const at = text.indexOf(';')
  const uri = (at < 0 ? text : text.slice(0, at)).trim()
  const params = parseParams(at < 0 ? '' : text.slice(at))
  if (!params || !isUri(uri) || uri.includes(',') || uri.includes('?')) return null
  return { display: '', uri, params }
}
