/**
 * Whether a member that says it is a telephone bridge is the one that the host named (TEL2, TEL3): by the proof in its
 * profile against the card in the signed descriptor. What is no such bridge is not heard as one. Remembers its answers.
 */
import { decodeBase64url } from '@huisclos/crypto/bytes'
import type { BridgeCard } from '@huisclos/crypto/link'
import { isBridge } from '@huisclos/crypto/link'
import type { MemberView } from '@huisclos/crypto/mls'
import type { Profile } from '../messages/profile.ts'

/** `false`: claims to be a bridge, and is not the one that may be here. */
export type Standing = 'person' | 'bridge' | 'false-bridge'

export class BridgeCheck {
  #card: BridgeCard | null = null
  #groupId: Uint8Array | null = null
  readonly #known = new Map<string, { proof: string; standing: Standing }>()

  setCard(card: BridgeCard | null): void {
    this.#card = card
    this.#known.clear()
  }

  /** `members`: those of the present epoch. */
  epoch(groupId: Uint8Array, members: readonly MemberView[]): void {
    this.#groupId = groupId
    const present = new Set(members.map(({ pseudonym }) => pseudonym))
    for (const pseudonym of this.#known.keys()) if (!present.has(pseudonym)) this.#known.delete(pseudonym)
  }

  end(): void {
    this.#groupId = null
    this.#known.clear()
  }

  of({ pseudonym, signatureKey }: MemberView, profile: Profile | null): Standing {
    if (!profile?.bridge) return 'person'
    const { proof } = profile.bridge
    const known = this.#known.get(pseudonym)
    if (known?.proof === proof) return known.standing
    const standing = this.#proves(signatureKey, proof) ? 'bridge' : 'false-bridge'
    this.#known.set(pseudonym, { proof, standing })
    return standing
  }

  #proves(leafKey: Uint8Array, proof: string): boolean {
    const bytes = decodeBase64url(proof)
    if (!bytes || !this.#card || !this.#groupId) return false
    return isBridge(this.#card, { groupId: this.#groupId, leafKey }, bytes)
  }
}
