/**
 * The bridge's own part in the group (TEL3): what its profile says of it and its callers, proven anew for each leaf, and
 * a host's orders for one caller. Who the callers are is the bridge's to say.
 */
import { encodeBase64url } from '@huisclos/crypto/bytes'
import type { BridgePlace } from '@huisclos/crypto/link'
import type { EpochView, MemberView } from '@huisclos/crypto/mls'
import type { BridgeProfile, Caller, CallerOrder } from '../messages/phone.ts'

/** What the program around the engine brings along. */
export interface BridgeSelf {
  /** By the bridge's key, see `proveBridge`. */
  prove(place: BridgePlace): Uint8Array
  /** A host has ordered this of a caller. */
  ordered(order: Pick<CallerOrder, 'do' | 'caller'>): void
  /** A host has asked for hands to be lowered. */
  handsLowered(): void
}

export class OwnBridge {
  readonly #self: BridgeSelf
  #proof: { leafKey: string; proof: string } | null = null
  #callers: readonly Caller[] = []
  #failed = 0

  constructor(self: BridgeSelf) {
    this.#self = self
  }

  get callers(): readonly Caller[] {
    return this.#callers
  }

  say(callers: readonly Caller[], failed: number): void {
    this.#callers = callers.map((caller) => ({ ...caller }))
    this.#failed = Math.min(failed, 1_000_000)
  }

  lowerHands(): void {
    this.#self.handsLowered()
  }

  /** For the profile; undefined before there is a leaf to prove. */
  profile(view: EpochView | null): BridgeProfile | undefined {
    const self = view?.members.find(({ leaf }) => leaf === view.self)
    if (!view || !self) return undefined
    return { proof: this.#prove(view, self), failed: this.#failed, callers: [...this.#callers] }
  }

  /** Judged already: by a host, and to us. */
  obey({ do: what, caller }: CallerOrder): void {
    this.#self.ordered({ do: what, caller })
  }

  #prove({ groupId }: EpochView, { signatureKey }: MemberView): string {
    const leafKey = encodeBase64url(signatureKey)
    if (this.#proof?.leafKey !== leafKey) {
      const proof = encodeBase64url(this.#self.prove({ groupId, leafKey: signatureKey }))
      this.#proof = { leafKey, proof }
    }
    return this.#proof.proof
  }
}
