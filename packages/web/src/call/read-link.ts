/**
 * Reads what a person pastes where a link is wanted: forgives text around it, spaces, line breaks within it and a
 * missing scheme; says which of the usual accidents happened (LINK4). Keeps nothing.
 */
import type { LinkRefusal, MeetingLink } from '@huisclos/crypto/link'
import { decodeLink, encodeLink } from '@huisclos/crypto/link'
import type { LinkProblem } from '../ui/ports.ts'

export type ReadLink =
  | { readonly ok: true; readonly href: string; readonly link: MeetingLink }
  | { readonly ok: false; readonly why: LinkProblem }

const PROBLEMS: Readonly<Record<LinkRefusal, LinkProblem>> = {
  'bad-room': 'not-a-link',
  'no-secret': 'no-secret',
  damaged: 'damaged',
  'bad-version': 'newer-version',
}

export const problemOfLink = (code: LinkRefusal): LinkProblem => PROBLEMS[code]

/** What `#` is followed by in version 1: 49 bytes in base64url. */
const FRAGMENT_CHARS = 66

/** `origin`: this server's, such as `https://meet.example.org`. */
export function readLink(text: string, origin: string): ReadLink {
  if (text.trim() === '') return { ok: false, why: 'empty' }
  const asItStands = readFirst(text, origin, false)
  if (asItStands.ok) return asItStands
  // Mail programs break lines inside a link, and words run into it once the breaks are gone.
  const joined = readFirst(text.replace(/\s+/g, ''), origin, true)
  return joined.ok || asItStands.why === 'not-a-link' ? joined : asItStands
}

const ADDRESS = /(?:[a-z]+:\/\/)?([\w.[\]-]+(?::\d+)?)?(\/m\/[^\s/?#]*)\/?(?:\?[^\s#]*)?(#[\w-]*)?/i

function readFirst(text: string, origin: string, joined: boolean): ReadLink {
  const [, host, path, fragment = ''] = ADDRESS.exec(text) ?? []
  if (path === undefined) return { ok: false, why: 'not-a-link' }
  if (host !== undefined && !isOurs(host.toLowerCase(), new URL(origin).host, joined)) {
    return { ok: false, why: 'other-server' }
  }
  const decoded = decodeLink(path + (joined ? fragment.slice(0, 1 + FRAGMENT_CHARS) : fragment))
  if (!decoded.ok) return { ok: false, why: problemOfLink(decoded.code) }
  return { ok: true, href: encodeLink(origin, decoded.link), link: decoded.link }
}

/** Only tells people which server they hold a link of: whatever is read is opened on this one. */
function isOurs(host: string, ours: string, joined: boolean): boolean {
  return host === ours || (joined && host.endsWith(ours))
}
