/**
 * What an epoch brings to tell (GRP7, ROS3): who left, was lost or removed and by whom, who became a host, and who is
 * new; newcomers are told once their name is known. Pure bookkeeping over views.
 */
import type { EpochView } from '@huisclos/crypto/mls'
import type { Journal } from './journal.ts'
import type { Ms } from './ports.ts'

const KINDS = { left: 'left', gone: 'lost', removed: 'removed' } as const

export class EpochNews {
  readonly #journal: Journal
  #view: EpochView | null = null
  /** In the tree, not yet told of: their profile is still to come. */
  readonly #nameless = new Set<string>()
  readonly #since = new Map<string, Ms>()
  #removal: { notice: number; epoch: number } | null = null

  constructor(journal: Journal) {
    this.#journal = journal
  }

  /** GRP9: the last removal by a host, as its notice and the epoch it made. */
  get removal(): { readonly notice: number; readonly epoch: number } | null {
    return this.#removal
  }

  /** The pseudonyms that this epoch added. */
  epoch(view: EpochView, now: Ms, nameOf: (pseudonym: string) => string): string[] {
    const former = this.#view
    this.#view = view
    for (const { pseudonym } of view.members) if (!this.#since.has(pseudonym)) this.#since.set(pseudonym, now)
    if (!former || !view.change) return []
    const { change } = view
    const committer = former.members.find(({ leaf }) => leaf === change.by)
    for (const { pseudonym, why } of change.removed) {
      this.#nameless.delete(pseudonym)
      this.#since.delete(pseudonym)
      if (why === 'resumed') continue
      const by = why === 'removed' && committer ? { by: nameOf(committer.pseudonym) } : {}
      const notice = this.#journal.notice(now, { kind: KINDS[why], name: nameOf(pseudonym), ...by })
      if (why === 'removed') this.#removal = { notice, epoch: view.epoch }
    }
    this.#tellNewHosts(former, view, now, nameOf)
    return this.#noteNewcomers(view)
  }

  /** Somebody's name has become known. */
  named(now: Ms, nameOf: (pseudonym: string) => string): void {
    for (const pseudonym of this.#nameless) {
      const name = nameOf(pseudonym)
      if (name === '') continue
      this.#nameless.delete(pseudonym)
      this.#journal.notice(now, { kind: 'joined', name })
    }
  }

  /** Since when this member has been in the tree, as seen here. */
  since(pseudonym: string): Ms | null {
    return this.#since.get(pseudonym) ?? null
  }

  reset(): void {
    this.#view = null
    this.#nameless.clear()
    this.#since.clear()
    this.#removal = null
  }

  /** Who comes back to a leaf is nobody new (GRP10). */
  #noteNewcomers({ change, members }: EpochView): string[] {
    if (!change) return []
    const added = members.filter(({ leaf }) => change.added.includes(leaf)).map(({ pseudonym }) => pseudonym)
    const returned = change.removed.filter(({ why }) => why === 'resumed').length
    if (added.length > returned) for (const pseudonym of added) this.#nameless.add(pseudonym)
    return added
  }

  #tellNewHosts(former: EpochView, view: EpochView, now: Ms, nameOf: (pseudonym: string) => string): void {
    for (const { pseudonym, host } of view.members) {
      const before = former.members.find((m) => m.pseudonym === pseudonym)
      if (host && before && !before.host)
        this.#journal.notice(now, { kind: 'made-host', name: nameOf(pseudonym) })
    }
  }
}
