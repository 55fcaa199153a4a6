/**
 * A receiver's keys [KEY3, KEY4]: the base keys of the epochs that still live, and each KID's key and replay
 * window, derived once when first needed. A key is found by its KID and never by trying. Holds no clock:
 * callers bring `now` in milliseconds, which must not go backwards. One ring serves one group: who joins anew
 * makes a new one.
 */
import type { Bytes } from '../bytes.ts'
import { wipe } from '../bytes.ts'
import type { ImportGcm } from './aead.ts'
import type { SframeKey } from './derive.ts'
import { deriveKeys } from './derive.ts'
import { decodeKid } from './kid.ts'
import { ReplayWindow } from './replay-window.ts'
import { SframeError } from './sframe-error.ts'
import { MEETING_SUITE, suiteOf } from './suites.ts'

/** How long an old epoch's keys still open frames. */
export const LIVES_AFTER_ADD_MS = 10_000
export const LIVES_AFTER_REMOVE_MS = 2_000

export type Receiver = { key: SframeKey; window: ReplayWindow }

/**
 * `removed`: the leaves that the commit which opened this epoch removed; empty for any other commit.
 * `retireAfterMs`: how long older epochs still open frames; by KEY4 unless given.
 */
export type NewEpoch = {
  epoch: number
  baseKey: Uint8Array
  removed: readonly number[]
  now: number
  retireAfterMs?: number
}

export type HeardInEpoch = { leaf: number; stream: number; epoch: number; counter: bigint }

type Windows = Map<bigint, ReplayWindow>

type LiveEpoch = {
  epoch: number
  baseKey: Bytes
  /** When every older epoch ends, because of this one. */
  retiresOlderAt: number
  removed: readonly number[]
  receivers: Map<bigint, Promise<Receiver>>
  windows: Windows
  /** Both follow from the newer epochs; see `#settle`. */
  endsAt: number
  shutOut: Set<number>
}

export class KeyRing {
  readonly #suite: number
  readonly #gcm: ImportGcm | undefined
  readonly #live = new Map<number, LiveEpoch>()
  /** Windows of epochs whose keys are gone and may come back: by a strike [ORD3], or after `suspend`. */
  #over = new Map<number, Windows>()
  #newest = -1

  /** `gcm`: WebCrypto's unless given. Throws `unknown-suite`. */
  constructor(suite: number = MEETING_SUITE, gcm?: ImportGcm) {
    this.#suite = suiteOf(suite).id
    this.#gcm = gcm
  }

  /**
   * Opens frames of a new epoch from now on; older epochs get their end, and lose the removed leaves at once.
   * An old epoch with the same low byte goes (RFC 9605 §5.2). The base key is copied: the caller wipes its own.
   * Throws `epoch-stale` unless the epoch is newer than every one that stands.
   */
  install({ epoch, baseKey, removed, now, retireAfterMs }: NewEpoch): void {
    if (!Number.isSafeInteger(epoch) || epoch <= this.#newest) throw new SframeError('epoch-stale')
    const lives = retireAfterMs ?? (removed.length > 0 ? LIVES_AFTER_REMOVE_MS : LIVES_AFTER_ADD_MS)
    this.#drop(epoch % 256)
    this.#live.set(epoch % 256, {
      epoch,
      baseKey: new Uint8Array(baseKey),
      retiresOlderAt: now + lives,
      removed: [...removed],
      receivers: new Map(),
      windows: this.#over.get(epoch) ?? new Map(),
      endsAt: Number.POSITIVE_INFINITY,
      shutOut: new Set(),
    })
    this.#newest = epoch
    this.#settle()
    this.expire(now)
  }

  /**
   * The commit that opened `epoch` was struck [ORD3]: that epoch and any later one are erased, and what they
   * did to older epochs is undone. The one before is the newest again; if it was over, install it again: its
   * replay windows go on [KEY3].
   */
  strike(epoch: number): void {
    for (const [low, live] of this.#live) if (live.epoch >= epoch) this.#drop(low)
    for (const over of this.#over.keys()) if (over >= epoch) this.#over.delete(over)
    this.#newest = Math.min(this.#newest, Math.max(-1, ...[...this.#live.values()].map((live) => live.epoch)))
    this.#settle()
  }

  /** Erases what is over. Callers run it from a timer, so that keys also go when no frame arrives. */
  expire(now: number): void {
    for (const [low, live] of this.#live) {
      if (live.endsAt > now) continue
      if (live.epoch > Math.max(-1, ...this.#over.keys())) this.#over = new Map([[live.epoch, live.windows]])
      this.#drop(low)
    }
  }

  /** Erases everything, as on leaving. Only epochs later than the newest one may follow. */
  clear(): void {
    for (const low of this.#live.keys()) this.#drop(low)
    this.#over.clear()
  }

  /** Erases all keys, to be installed again: the replay windows of those that still opened frames go on [KEY3]. */
  suspend(): void {
    this.#over = new Map([...this.#live.values()].map(({ epoch, windows }) => [epoch, windows]))
    for (const low of this.#live.keys()) this.#drop(low)
    this.#newest = -1
  }

  /** The epochs whose frames open at `now`, oldest first. */
  liveEpochs(now: number): number[] {
    const live = [...this.#live.values()].filter(({ endsAt }) => endsAt > now)
    return live.map(({ epoch }) => epoch).sort((a, b) => a - b)
  }

  /**
   * The highest counter opened of each leaf and stream in each epoch whose keys are still here [ROS2]. A leaf may have
   * had another member in an earlier epoch.
   */
  heard(): HeardInEpoch[] {
    return [...this.#live.values()].flatMap(({ epoch, windows }) =>
      [...windows].flatMap(([kid, { highest }]) => {
        const parts = decodeKid(kid)
        if (!parts.ok || highest === null) return []
        return [{ leaf: parts.leaf, stream: parts.stream, epoch, counter: highest }]
      }),
    )
  }

  /**
   * Key and replay window of a KID, or `undefined` when its epoch is unknown or over, or its leaf removed.
   * Callers check that leaf and stream are announced ones before [FRM5]: each new KID costs a derivation.
   */
  async receiver(kid: bigint, now: number): Promise<Receiver | undefined> {
    const parts = decodeKid(kid)
    if (!parts.ok) return undefined
    const live = this.#live.get(parts.epochLow)
    if (!live || live.endsAt <= now || live.shutOut.has(parts.leaf)) return undefined
    let receiver = live.receivers.get(kid)
    if (!receiver) {
      receiver = this.#derive(kid, live)
      live.receivers.set(kid, receiver)
    }
    return receiver
  }

  async #derive(kid: bigint, { baseKey, windows }: LiveEpoch): Promise<Receiver> {
    const window = windows.get(kid) ?? new ReplayWindow()
    windows.set(kid, window)
    return { key: await deriveKeys(this.#suite, kid, baseKey, 'open', this.#gcm), window }
  }

  /** An epoch ends when the first of the newer ones says, and is shut to every leaf that a newer one removed. */
  #settle(): void {
    for (const live of this.#live.values()) {
      const newer = [...this.#live.values()].filter(({ epoch }) => epoch > live.epoch)
      live.endsAt = Math.min(Number.POSITIVE_INFINITY, ...newer.map(({ retiresOlderAt }) => retiresOlderAt))
      live.shutOut = new Set(newer.flatMap(({ removed }) => removed))
    }
  }

  #drop(low: number): void {
    const live = this.#live.get(low)
    if (!live) return
    wipe(live.baseKey)
    this.#live.delete(low)
  }
}
