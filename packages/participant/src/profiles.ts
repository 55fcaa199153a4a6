/**
 * Who members say they are (ROS4): the latest profile of each, its signature checked, kept with the signed bytes so
 * that a committer can pass it on to newcomers. Keyed by pseudonym. A profile never counts for another leaf's.
 */
import type { Announcement } from './incoming-tracks.ts'
import type { SignedProfile } from './messages/group-message.ts'
import type { Profile } from './messages/profile.ts'
import { openProfile } from './messages/profile.ts'

interface Member {
  leaf: number
  pseudonym: string
}
interface Known {
  profile: Profile
  signed: SignedProfile
}
type Verify = (leaf: number, label: string, data: Uint8Array, signature: Uint8Array) => Promise<boolean>

export class Profiles {
  readonly #known = new Map<string, Known>()
  /** Names outlive their members: lines and notices still say who it was. */
  readonly #names = new Map<string, string>()

  of(pseudonym: string): Profile | null {
    return this.#known.get(pseudonym)?.profile ?? null
  }

  nameOf(pseudonym: string): string {
    return this.#names.get(pseudonym) ?? ''
  }

  /** Own profile, signed by us. */
  set(pseudonym: string, profile: Profile, signed: SignedProfile): void {
    this.#known.set(pseudonym, { profile, signed })
    this.#names.set(pseudonym, profile.name)
  }

  /**
   * Keeps a profile that is newer than the known one and signed by the leaf that it names; `memberAt` says who sits
   * there, before and after the signature was checked. True when it was kept.
   */
  async accept(
    signed: SignedProfile,
    memberAt: (leaf: number) => string | null,
    verify: Verify,
  ): Promise<boolean> {
    const pseudonym = memberAt(signed.leaf)
    if (pseudonym === null) return false
    const known = this.#known.get(pseudonym)
    if (known && known.signed.body === signed.body) return false
    const profile = await openProfile(signed, verify)
    if (!profile || memberAt(signed.leaf) !== pseudonym) return false
    if (profile.number <= (this.#known.get(pseudonym)?.profile.number ?? 0)) return false
    this.set(pseudonym, profile, signed)
    return true
  }

  /** In the order of the members. */
  signed(members: readonly Member[]): SignedProfile[] {
    return members.flatMap(({ pseudonym }) => this.#known.get(pseudonym)?.signed ?? [])
  }

  announcements(members: readonly Member[]): Announcement[] {
    return members.flatMap(({ leaf, pseudonym }) =>
      (this.of(pseudonym)?.streams ?? []).map((stream) => ({ ...stream, leaf, pseudonym })),
    )
  }

  retain(pseudonyms: ReadonlySet<string>): void {
    for (const key of [...this.#known.keys()]) if (!pseudonyms.has(key)) this.#known.delete(key)
  }
}
