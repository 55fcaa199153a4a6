/**
 * How many rooms one network address may make per hour. Counted in memory and forgotten after the hour; IPv6 counts by
 * its /64, which is one household. Must never be logged.
 */

const HOUR_MS = 3_600_000
const MOST_ADDRESSES = 20_000

export class RoomQuota {
  readonly #perHour: number
  readonly #counts = new Map<string, { since: number; rooms: number }>()

  constructor(perHour: number) {
    this.#perHour = perHour
  }

  /** Counts one room for that address; false when its hour is used up. `now` in milliseconds. */
  take(address: string, now: number): boolean {
    const key = household(address)
    const entry = this.#counts.get(key)
    if (entry === undefined || now - entry.since >= HOUR_MS) {
      this.#counts.delete(key)
      this.#makeRoom(now)
      this.#counts.set(key, { since: now, rooms: 1 })
      return this.#perHour > 0
    }
    if (entry.rooms >= this.#perHour) return false
    entry.rooms += 1
    return true
  }

  /** Entries are in order of their beginning: the oldest go first. */
  #makeRoom(now: number): void {
    for (const [key, { since }] of this.#counts) {
      if (this.#counts.size < MOST_ADDRESSES && now - since < HOUR_MS) return
      this.#counts.delete(key)
    }
  }
}

/** An IPv4 address as it is, an IPv6 address by its first 64 bits. */
export function household(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)
  if (mapped?.[1] !== undefined) return mapped[1]
  if (!address.includes(':')) return address
  const [head = '', tail] = address.toLowerCase().split('::')
  const groups = head === '' ? [] : head.split(':')
  const tailGroups = tail === undefined || tail === '' ? [] : tail.split(':')
  while (tail !== undefined && groups.length + tailGroups.length < 8) groups.push('0')
  return [...groups, ...tailGroups].slice(0, 4).join(':')
}
