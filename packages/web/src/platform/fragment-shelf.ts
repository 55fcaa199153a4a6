/** What the link keeper holds: fragments by tab and room, each for a minute and for one taking (LINK1). */

export const KEEP_MS = 60_000
const MAX_KEPT = 16

export interface KeptPlace {
  /** The tab's random id, which stands in its history entry. */
  tab: string
  room: string
}
export type AskKeeper =
  | ({ t: 'keep'; fragment: string } & KeptPlace)
  | ({ t: 'take' } & KeptPlace)
  | ({ t: 'forget' } & KeptPlace)
/** The fragment, or null when there is none (any more). */
export type KeeperAnswer = string | null

const keyOf = ({ tab, room }: KeptPlace): string => `${tab}/${room}`

export class FragmentShelf {
  readonly #kept = new Map<string, { fragment: string; until: number }>()

  keep(what: { fragment: string } & KeptPlace, now: number): void {
    this.expire(now)
    if (this.#kept.size >= MAX_KEPT) return
    this.#kept.set(keyOf(what), { fragment: what.fragment, until: now + KEEP_MS })
  }

  take(place: KeptPlace, now: number): KeeperAnswer {
    this.expire(now)
    const kept = this.#kept.get(keyOf(place))
    this.#kept.delete(keyOf(place))
    return kept?.fragment ?? null
  }

  forget(place: KeptPlace): void {
    this.#kept.delete(keyOf(place))
  }

  expire(now: number): void {
    for (const [key, { until }] of this.#kept) if (until <= now) this.#kept.delete(key)
  }
}
