/**
 * KEY4: which epoch's keys receivers hold and which one senders use. Receivers get a new epoch at once; senders switch
 * when the server says all are ready, or after 1.5 s, or at once after a Remove. Sends nothing while it is not allowed
 * to (GRP5, ROS2). Must never go back to an earlier epoch, except by a strike (ORD3).
 */
import type { EpochView } from '@huisclos/crypto/mls'
import type { MediaAdapter } from './media-adapter.ts'
import type { Clock, Ms } from './ports.ts'

const SWITCH_MS = 1_500
const RETIRE_AFTER_ADD_MS = 10_000
const RETIRE_AFTER_REMOVE_MS = 2_000

type KeyTarget = Pick<MediaAdapter<never>, 'installEpoch' | 'strikeEpoch' | 'sendWith' | 'stopSending'>

export class EpochKeys {
  readonly #media: KeyTarget
  readonly #clock: Clock
  /** Installed and not yet sent with, oldest first. */
  #waiting: { view: EpochView; due: Ms }[] = []
  #newest: EpochView | null = null
  #sending: EpochView | null = null
  #allowed = false
  #open = false
  #cancel = () => {}

  constructor(media: KeyTarget, clock: Clock) {
    this.#media = media
    this.#clock = clock
  }

  /** The epoch that senders use or would use. */
  get sendingEpoch(): number | null {
    return this.#sending?.epoch ?? null
  }

  /** `now`: switch at once whatever the change was (creating, joining). */
  install(view: EpochView, how: { switchNow: boolean }): void {
    this.#newest = view
    const removed = view.change?.removed.map(({ leaf }) => leaf) ?? []
    if (this.#open) this.#installAt(view, removed)
    if (how.switchNow || removed.length > 0 || this.#sending === null) {
      this.#switchTo(view)
      return
    }
    this.#waiting.push({ view, due: this.#clock.now() + SWITCH_MS })
    this.#plan()
  }

  allReady(epoch: number): void {
    const entry = this.#waiting.find(({ view }) => view.epoch === epoch)
    if (entry) this.#switchTo(entry.view)
  }

  /** GRP5, ROS2: whether anything may be sent at all. */
  allow(allowed: boolean): void {
    if (this.#allowed === allowed) return
    this.#allowed = allowed
    if (!this.#open) return
    if (allowed) this.#send()
    else this.#media.stopSending()
  }

  /** The media adapter was opened and holds no keys. */
  opened(): void {
    this.#open = true
    if (!this.#newest) return
    this.#installAt(this.#newest, [])
    this.#switchTo(this.#newest)
  }

  closed(): void {
    this.#open = false
  }

  /** ORD3: `view` is the epoch before `epoch`, which never was. */
  strike(epoch: number, view: EpochView): void {
    this.#waiting = this.#waiting.filter((entry) => entry.view.epoch < epoch)
    this.#newest = view
    if (this.#sending && this.#sending.epoch >= epoch) this.#sending = view
    if (!this.#open) return
    this.#media.strikeEpoch(epoch)
    this.#installAt(view, [])
    this.#send()
  }

  /** Another group or leaf follows, or none. */
  reset(): void {
    this.#cancel()
    this.#waiting = []
    this.#newest = null
    this.#sending = null
    if (this.#open) this.#media.stopSending()
  }

  #installAt(view: EpochView, removed: number[]): void {
    const retireAfterMs = removed.length > 0 ? RETIRE_AFTER_REMOVE_MS : RETIRE_AFTER_ADD_MS
    this.#media.installEpoch({ epoch: view.epoch, baseKey: view.baseKey, removed, retireAfterMs })
  }

  #switchTo(view: EpochView): void {
    this.#waiting = this.#waiting.filter((entry) => entry.view.epoch > view.epoch)
    this.#sending = view
    this.#send()
    this.#plan()
  }

  #send(): void {
    if (!this.#allowed || !this.#open || !this.#sending) return
    this.#media.sendWith({ epoch: this.#sending.epoch, leaf: this.#sending.self })
  }

  /** Wakes when the oldest one is due; epochs that follow closely do not put the switch off. */
  #plan(): void {
    this.#cancel()
    const first = this.#waiting[0]
    if (!first) return
    this.#cancel = this.#clock.setTimer(Math.max(0, first.due - this.#clock.now()), () => {
      const due = this.#waiting.filter((entry) => entry.due <= this.#clock.now()).at(-1)
      if (due) this.#switchTo(due.view)
      else this.#plan()
    })
  }
}
