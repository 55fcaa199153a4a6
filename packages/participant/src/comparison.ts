/**
 * ROS3 and GRP11: the code that people compare, of the epoch in which somebody began to, on screen until closed; and
 * who has joined since. Computing it takes some tenths of a second; a result that comes too late is thrown away.
 */
import type { EpochView } from '@huisclos/crypto/mls'
import type { ComparisonCode } from '@huisclos/crypto/verify'
import { comparisonCode } from '@huisclos/crypto/verify'
import type { Ms } from './ports.ts'

type Epoch = Pick<EpochView, 'epoch' | 'authenticator' | 'groupId'>

export interface ShownCode extends ComparisonCode {
  readonly opened: boolean
  /** The pseudonym of whoever began; empty: nobody did. */
  readonly by: string
}

export class Comparison {
  readonly #changed: () => void
  readonly #compute: typeof comparisonCode
  /** The present epoch and the one before: a message may have been sealed in that. */
  #epochs: Epoch[] = []
  #turn = 0
  #code: ShownCode | null = null
  #openedAt: Ms = 0
  /** Who came after the code was opened. */
  #joined: readonly string[] = []
  #compared: { at: Ms; joined: readonly string[] } | null = null

  constructor(changed: () => void, compute: typeof comparisonCode = comparisonCode) {
    this.#changed = changed
    this.#compute = compute
  }

  get code(): ShownCode | null {
    return this.#code
  }

  /** Joined: pseudonyms of those who came after. */
  get compared(): { readonly at: Ms; readonly joined: readonly string[] } | null {
    return this.#compared
  }

  epoch(view: Epoch, joined: readonly string[]): void {
    this.#epochs = [view, ...this.#epochs].slice(0, 2)
    if (this.#code && !this.#code.opened) this.#code = null
    if (joined.length === 0) return
    this.#joined = [...this.#joined, ...joined]
    if (this.#compared) this.#compared = { ...this.#compared, joined: this.#joined }
  }

  /** Shows the code of an epoch on screen; false when that epoch is not at hand any more. */
  async open(epoch: number, by: string, now: Ms): Promise<boolean> {
    const code = await this.#codeOf(epoch)
    if (!code) return false
    this.#code = { ...code, opened: true, by }
    this.#openedAt = now
    this.#joined = []
    this.#compared = null
    this.#changed()
    return true
  }

  /** GRP11: makes the present epoch's code available without opening it. */
  async offer(): Promise<void> {
    const current = this.#epochs[0]
    if (!current || this.#code?.opened) return
    const code = await this.#codeOf(current.epoch)
    if (!code || this.#epochs[0] !== current) return
    this.#code = { ...code, opened: false, by: '' }
    this.#changed()
  }

  /** Who closes the code has seen it: this is what "compared at" counts from. False when none was open. */
  close(): boolean {
    if (!this.#code?.opened) return false
    this.#code = null
    this.#compared = { at: this.#openedAt, joined: this.#joined }
    return true
  }

  /** ORD3: after a reset nothing that was compared holds. */
  void(): void {
    this.#turn++
    this.#epochs = []
    this.#code = null
    this.#compared = null
  }

  async #codeOf(epoch: number): Promise<ComparisonCode | null> {
    const view = this.#epochs.find((candidate) => candidate.epoch === epoch)
    if (!view) return null
    const turn = ++this.#turn
    const code = await this.#compute(view.authenticator, view.groupId)
    return turn === this.#turn ? code : null
  }
}
