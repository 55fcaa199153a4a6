/**
 * What the home page does: makes meetings (link, host key, descriptor, room at the server), lists those of this
 * browser, forgets them, carries their host key to another device. View model without React; rules LINK1–3.
 */
import {
  bridgeFingerprint,
  decodeBridgeCard,
  formatFingerprint,
  hasHost,
  newHostKey,
  newMeetingLink,
} from '@huisclos/crypto/link'
import type { HomePort, HomeProblem, HomeView, KnownMeeting } from '../ui/ports.ts'
import { HomeError } from '../ui/ports.ts'
import { decodeHostExport, encodeHostExport } from './host-export.ts'
import type { MeetingShelf, OwnMeeting } from './meeting-shelf.ts'
import type { PageLinks } from './page-links.ts'
import type { ReadLink } from './read-link.ts'
import { readLink } from './read-link.ts'
import type { RoomApi } from './room-api.ts'
import { RoomApiError } from './room-api.ts'
import { Snapshot } from './snapshot.ts'

export interface HomePorts {
  shelf: MeetingShelf
  api: RoomApi
  links: PageLinks
  origin: string
  now(): number
}

const DAY_MS = 86_400_000

export class Home extends Snapshot<HomeView> implements HomePort {
  readonly #ports: HomePorts
  #own: OwnMeeting[] = []

  constructor(ports: HomePorts) {
    super({ meetings: [], create: null })
    this.#ports = ports
  }

  /** Reads the shelf, so that own rooms can be visited; then asks the server who may create. Never rejects. */
  async start(): Promise<void> {
    const { shelf, api, links, now } = this.#ports
    const kept = await shelf.all().catch(() => [])
    this.#own = kept.filter(({ expiresAt }) => expiresAt > now())
    for (const { link } of this.#own) links.know(link)
    for (const { link } of kept.filter(({ expiresAt }) => expiresAt <= now()))
      shelf.remove(link.room).catch(() => {})
    this.#show()
    api.config().then(
      ({ create }) => this.patch({ create }),
      () => undefined,
    )
  }

  /** What this browser keeps of a room that it made; undefined for other people's rooms. */
  own(room: string): OwnMeeting | undefined {
    return this.#own.find(({ link }) => link.room === room)
  }

  /** Rejects with a `HomeError`. */
  create: HomePort['create'] = async (wish) => {
    const { bridge = '' } = wish
    const host = newHostKey()
    const meeting: OwnMeeting = {
      link: newMeetingLink(host.publicKey),
      hostSeed: host.seed,
      title: wish.title.trim(),
      expiresAt: this.#ports.now() + wish.expiresInDays * DAY_MS,
      descriptorVersion: 1,
      ...(this.readCard(bridge) ? { bridge: compact(bridge) } : {}),
    }
    await told(this.#ports.api.put(meeting, wish.operatorToken.trim()))
    return this.#keep(meeting)
  }

  /**
   * GRP9: another meeting of the same title and term, with a link and keys of its own; resolves with the link. The old one
   * goes on. Rejects with a `HomeError`.
   */
  renew = async (room: string): Promise<string> => {
    const meeting = this.own(room)
    if (!meeting) throw new HomeError('fault')
    const left = Math.ceil((meeting.expiresAt - this.#ports.now()) / DAY_MS)
    const wish = {
      title: meeting.title,
      expiresInDays: Math.max(1, left),
      operatorToken: '',
      bridge: meeting.bridge ?? '',
    }
    return (await this.create(wish)).href
  }

  readCard: HomePort['readCard'] = (text) => {
    const card = decodeBridgeCard(compact(text))
    if (!card) return null
    const fingerprint = formatFingerprint(bridgeFingerprint(card))
    return { runBy: card.name, number: card.number, fingerprint }
  }

  readLink = (text: string): ReadLink => readLink(text, this.#ports.origin)

  /** Goes to a meeting's pre-join screen; anything that is not a link of ours is ignored. */
  open = (href: string): void => {
    const read = readLink(href, this.#ports.origin)
    if (read.ok) this.#ports.links.goTo(read.link)
  }

  forget = (room: string): void => {
    this.#own = this.#own.filter(({ link }) => link.room !== room)
    this.#show()
    this.#ports.shelf.remove(room).catch(() => undefined)
  }

  /** Rejects with a `HomeError`. */
  exportHostKey = async (room: string): Promise<string> => {
    const meeting = this.own(room)
    if (!meeting) throw new HomeError('fault')
    return encodeHostExport(meeting)
  }

  /** Rejects with a `HomeError`: `key-unreadable` or `storage-refused`. */
  importHostKey = async (text: string): Promise<KnownMeeting> => {
    const meeting = decodeHostExport(text)
    if (!meeting) throw new HomeError('key-unreadable')
    return this.#keep(meeting)
  }

  /** The server has forgotten this room: tells it again. False for a room that is not ours, or when that failed. */
  bringBack = async (room: string): Promise<boolean> => {
    const meeting = this.own(room)
    if (!meeting) return false
    return this.#ports.api.put(meeting, '').then(
      () => true,
      () => false,
    )
  }

  /** What the descriptor says of an own room that was imported: its title, and the highest version seen (LINK3). */
  learn(room: string, said: { title: string; version: number; bridge: string | null }): void {
    const meeting = this.own(room)
    if (!meeting) return
    const bridge = meeting.bridge ?? null
    if (meeting.title === said.title && meeting.descriptorVersion === said.version && bridge === said.bridge)
      return
    if (said.bridge === null) delete meeting.bridge
    else meeting.bridge = said.bridge
    meeting.title = said.title
    meeting.descriptorVersion = said.version
    this.#show()
    this.#ports.shelf.put(meeting).catch(() => undefined)
  }

  async #keep(meeting: OwnMeeting): Promise<KnownMeeting> {
    await this.#ports.shelf.put(meeting).catch((error: unknown) => {
      throw new HomeError('storage-refused', error)
    })
    this.#own = [...this.#own.filter(({ link }) => link.room !== meeting.link.room), meeting]
    this.#ports.links.know(meeting.link)
    this.#show()
    return this.#known(meeting)
  }

  #known({ link, title, expiresAt }: OwnMeeting): KnownMeeting {
    const href = this.#ports.links.hrefOf(link)
    return { room: link.room, title, href, hosted: hasHost(link), expiresAt }
  }

  #show(): void {
    this.patch({ meetings: this.#own.map((meeting) => this.#known(meeting)) })
  }
}

/** A card may have been broken over lines. */
const compact = (text: string): string => text.replace(/\s+/g, '')

const PROBLEMS: Readonly<Record<RoomApiError['code'], HomeProblem>> = {
  'create-refused': 'create-refused',
  'owner-refused': 'create-refused',
  'too-many': 'too-many',
  unreachable: 'unreachable',
  fault: 'fault',
}

async function told(put: Promise<void>): Promise<void> {
  try {
    await put
  } catch (error) {
    throw new HomeError(error instanceof RoomApiError ? PROBLEMS[error.code] : 'fault', error)
  }
}
