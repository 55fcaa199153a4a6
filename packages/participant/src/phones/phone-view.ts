/** What is shown of telephones (TEL3): the bridge among the people with its callers, and what a host may do with it. */
import type { Source } from '../media-adapter.ts'
import type { Ms } from '../ports.ts'

export interface CallerView {
  readonly id: number
  /** "+33 6 •• •• •• 42", by the bridge: text, never trusted. */
  readonly label: string
  readonly hand: boolean
  /** Waits for a host. */
  readonly waiting: boolean
  readonly muted: boolean
  readonly source: Source
}

/** A member that proved to be the bridge which the room's descriptor names. */
export interface BridgeView {
  /** Who runs it, as the host signed it. */
  readonly runBy: string
  /** Wrong PINs at it (TEL4). */
  readonly failed: number
  readonly callers: readonly CallerView[]
}

export interface PhonesView {
  /** The bridge that may join; null: none is named, or bridges are forbidden. */
  readonly bridge: { readonly runBy: string; readonly number: string; readonly fingerprint: string } | null
  /** Whether `invitePhones` may be offered: we hold the room's host key. */
  readonly mayInvite: boolean
  /** Set where the bridge has taken an invitation of ours. */
  readonly invitation: { readonly pin: string; readonly since: Ms } | null
}
