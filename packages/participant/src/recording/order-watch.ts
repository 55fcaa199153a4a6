/**
 * The order to record as the group's context carries it (REC1), epoch by epoch: which recording, whether it stands
 * still, which epochs' keys may be sealed, and how long the mark stays after the end. The server has no say here.
 */
import { encodeBase64url } from '@huisclos/crypto/bytes'
import type { EpochView } from '@huisclos/crypto/mls'
import { decodeRecordingOrder, formatFingerprint, recordingFingerprint } from '@huisclos/crypto/seal'
import type { Ms } from '../ports.ts'

export interface Order {
  readonly id: string
  readonly recording: Uint8Array
  readonly publicKey: Uint8Array
  readonly owner: string
  readonly fingerprint: string
}

interface Shown {
  readonly order: Order
  readonly by: string | null
  readonly since: Ms
}

export type OrderNews = 'started' | 'paused' | 'resumed' | 'stopped'

/** Everybody's senders have left an epoch so long after the next one came (KEY4: 1.5 s, and the way). */
const SWITCHED_MS = 2_500
const EPOCHS_KEPT = 16

export class OrderWatch {
  /** The recording whose keys an epoch would be sealed for, while it is neither absent nor paused. */
  readonly #active = new Map<number, string | null>()
  #shown: Shown | null = null
  #order: Order | null = null
  #paused = false
  /** The latest epoch that was sealed, or may have been, and when one followed that is not. */
  #sealed: { epoch: number; leftAt: Ms | null } | null = null

  /** What the context orders now. */
  get order(): Order | null {
    return this.#order
  }
  get paused(): boolean {
    return this.#paused
  }
  /** Orders are shown until nothing of them can be opened any more. */
  get shown(): (Shown & { stopping: boolean }) | null {
    return this.#shown && { ...this.#shown, stopping: this.#order === null }
  }
  /** What is sent may be opened by the key's owner. */
  get sealing(): boolean {
    return this.#sealed !== null
  }

  /** `committer`: the name of whoever made this epoch, where it was a commit that we saw. */
  epoch(
    view: EpochView,
    a: { now: Ms; struck: boolean; entered: boolean; committer: string | null },
  ): OrderNews | null {
    const { recordingKey, recordingPaused } = view.context.policy
    const before = { order: this.#order, paused: this.#paused }
    this.#order = recordingKey === null ? null : this.#read(recordingKey)
    this.#paused = recordingPaused
    for (const epoch of this.#active.keys())
      if (epoch >= view.epoch || epoch < view.epoch - EPOCHS_KEPT) this.#active.delete(epoch)
    const active = this.#order && !recordingPaused ? this.#order.id : null
    // A commit that changes the order adds nobody: who enters comes into an epoch that follows one like it.
    if (a.entered) this.#active.set(view.epoch - 1, active)
    this.#active.set(view.epoch, active)
    if (this.sealable(view.epoch)) this.#sealed = { epoch: view.epoch, leftAt: null }
    else if (this.#sealed) this.#sealed.leftAt ??= a.now
    return this.#show(before, a)
  }

  /** REC1: whether this epoch's keys may be sealed: the epoch before it was ordered alike. */
  sealable(epoch: number): boolean {
    const active = this.#active.get(epoch) ?? null
    return active !== null && this.#active.get(epoch - 1) === active
  }

  /** Time has passed, or our own senders have switched. True where what is shown changed. */
  look(now: Ms, sendingEpoch: number | null): boolean {
    const sealed = this.#sealed
    if (sealed && sealed.leftAt !== null) {
      const switched = sendingEpoch === null || sendingEpoch > sealed.epoch
      if (switched && now - sealed.leftAt >= SWITCHED_MS) this.#sealed = null
    }
    if (this.#order !== null || this.#shown === null || this.#sealed !== null) return sealed !== this.#sealed
    this.#shown = null
    return true
  }

  /** The stay is over; so is what it showed. */
  end(): void {
    this.#active.clear()
    this.#shown = null
    this.#order = null
    this.#paused = false
    this.#sealed = null
  }

  #show(
    before: { order: Order | null; paused: boolean },
    { now, entered, committer }: { now: Ms; entered: boolean; committer: string | null },
  ): OrderNews | null {
    const order = this.#order
    if (order && this.#shown?.order.id !== order.id) {
      this.#shown = { order, by: entered ? null : committer, since: now }
      return entered ? null : 'started'
    }
    if (order && before.paused !== this.#paused) return this.#paused ? 'paused' : 'resumed'
    return !order && before.order ? 'stopped' : null
  }

  #read(bytes: Uint8Array): Order | null {
    const decoded = decodeRecordingOrder(bytes)
    if (!decoded) return null
    const id = encodeBase64url(decoded.recording)
    if (this.#order?.id === id) return this.#order
    const fingerprint = formatFingerprint(recordingFingerprint(decoded.publicKey))
    return { ...decoded, id, fingerprint }
  }
}
