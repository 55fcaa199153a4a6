/**
 * The links that this page knows, in memory only (LINK1): reads the address once, takes the fragment away from it, and
 * moves between the home page and meetings without ever writing a secret into an address or the history.
 */
import type { MeetingLink } from '@huisclos/crypto/link'
import { decodeLink, encodeFragment, encodeLink } from '@huisclos/crypto/link'
import type { LinkKeeper } from '../platform/link-keeper.ts'
import type { LinkProblem } from '../ui/ports.ts'
import { problemOfLink } from './read-link.ts'

export type Place =
  | { at: 'home' }
  /** The connection test. */
  | { at: 'check' }
  | { at: 'meeting'; link: MeetingLink }
  | { at: 'problem'; why: LinkProblem }

/** The parts of `window` that are used. */
export interface PagePort {
  readonly location: Pick<Location, 'pathname' | 'hash' | 'origin'>
  readonly history: Pick<History, 'pushState' | 'replaceState' | 'state' | 'back'>
  addEventListener(type: 'popstate' | 'hashchange', moved: () => void): void
}

const roomOf = (path: string): string | null => /^\/m\/([^/]*)\/?$/.exec(path)?.[1] ?? null

const CHECK_PATH = '/check'
/** In the history's entry of a page that was reached from inside. */
const INSIDE = 'inside'

export class PageLinks {
  readonly #page: PagePort
  readonly #keeper: LinkKeeper
  readonly #known = new Map<string, MeetingLink>()
  readonly #watchers = new Set<() => void>()
  #release: () => void = () => {}

  constructor(page: PagePort, keeper: LinkKeeper) {
    this.#page = page
    this.#keeper = keeper
    for (const type of ['popstate', 'hashchange'] as const) page.addEventListener(type, () => this.#moved())
  }

  /** After a reload: asks the keeper for the fragment that this tab had. To be awaited before the first `visit`. */
  async recover(): Promise<void> {
    const room = roomOf(this.#page.location.pathname)
    if (room === null || this.#page.location.hash.length > 1 || this.#known.has(room)) return
    const fragment = await this.#keeper.recover(room)
    const decoded = fragment === null ? null : decodeLink(`/m/${room}#${fragment}`)
    if (decoded?.ok) this.#known.set(room, decoded.link)
  }

  /** Makes a link known to this page, so that its room can be visited without a fragment in the address. */
  know(link: MeetingLink): void {
    this.#known.set(link.room, link)
  }

  /** Where the page is. Takes the fragment out of the address at once, whatever it holds. */
  visit(): Place {
    const { pathname, hash } = this.#page.location
    const room = roomOf(pathname)
    this.#release()
    this.#release = () => {}
    if (room === null) return { at: pathname === CHECK_PATH ? 'check' : 'home' }
    if (hash.length > 1) this.#page.history.replaceState(this.#page.history.state, '', pathname)
    const place = this.#placeOf(room, hash)
    if (place.at === 'meeting') this.#release = this.#keeper.hold(room, encodeFragment(place.link))
    return place
  }

  /** Goes to a room whose link is known. */
  goTo(link: MeetingLink): void {
    this.know(link)
    this.#page.history.pushState(null, '', `/m/${link.room}`)
    this.#moved()
  }

  goHome(): void {
    this.#page.history.pushState(null, '', '/')
    this.#moved()
  }

  goCheck(): void {
    this.#page.history.pushState(INSIDE, '', CHECK_PATH)
    this.#moved()
  }

  /** Back to where the test was asked for, or home when it was opened by its address. */
  leaveCheck(): void {
    if (this.#page.history.state === INSIDE) this.#page.history.back()
    else this.goHome()
  }

  onMove(moved: () => void): () => void {
    this.#watchers.add(moved)
    return () => this.#watchers.delete(moved)
  }

  hrefOf(link: MeetingLink): string {
    return encodeLink(this.#page.location.origin, link)
  }

  #placeOf(room: string, hash: string): Place {
    const known = this.#known.get(room)
    if (hash.length <= 1 && known) return { at: 'meeting', link: known }
    const decoded = decodeLink(`/m/${room}${hash}`)
    if (!decoded.ok) return { at: 'problem', why: problemOfLink(decoded.code) }
    this.#known.set(room, decoded.link)
    return { at: 'meeting', link: decoded.link }
  }

  #moved(): void {
    for (const watcher of [...this.#watchers]) watcher()
  }
}
