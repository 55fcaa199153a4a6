/** Notices and alarms as they are shown: numbered, dated, bounded. The same alarm is not repeated while it stands. */
import type { Alarm, Notice } from './meeting-view.ts'
import type { Ms } from './ports.ts'

const KEPT = 200

export class Journal {
  #count = 0
  #notices: readonly Notice[] = []
  #alarms: readonly Alarm[] = []

  get notices(): readonly Notice[] {
    return this.#notices
  }
  get alarms(): readonly Alarm[] {
    return this.#alarms
  }

  /** Its number. */
  notice(at: Ms, notice: Omit<Notice, 'id' | 'at'>): number {
    const id = ++this.#count
    this.#notices = [...this.#notices, { ...notice, id, at }].slice(-KEPT)
    return id
  }

  alarm(at: Ms, kind: Alarm['kind'], leaf?: number): void {
    if (this.#alarms.some((alarm) => alarm.kind === kind && alarm.leaf === leaf)) return
    const alarm: Alarm =
      leaf === undefined ? { id: ++this.#count, kind, at } : { id: ++this.#count, kind, at, leaf }
    this.#alarms = [...this.#alarms, alarm].slice(-KEPT)
  }

  /** Its cause is over, or somebody has read it. */
  clear(which: (alarm: Alarm) => boolean): void {
    if (this.#alarms.some(which)) this.#alarms = this.#alarms.filter((alarm) => !which(alarm))
  }
}
