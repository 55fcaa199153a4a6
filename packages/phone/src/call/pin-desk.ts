/**
 * The PINs of the meetings that are open to telephones (TEL4): kept as slow hashes under a salt of this process alone,
 * compared in constant time with every meeting's, so that a wrong PIN and no meeting cost and say the same.
 */
import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto'

const HASH_BYTES = 32
const MIN_PIN_DIGITS = 9
/** At most so many slow hashes at once; a flood of tries waits, the mixing of sound does not. */
const AT_ONCE = 2
const MAX_WAITING = 64
const COST = { N: 2 ** 14, r: 8, p: 1 }

interface Entry<T> {
  hash: Uint8Array
  value: T
}

export class PinDesk<T> {
  readonly #salt = randomBytes(16)
  readonly #entries = new Set<Entry<T>>()
  readonly #waiting: (() => void)[] = []
  #running = 0

  /** The result takes the PIN out again. @throws Error on a PIN that is too short or no number */
  async add(pin: string, value: T): Promise<() => void> {
    if (!/^\d+$/.test(pin) || pin.length < MIN_PIN_DIGITS) throw new Error('a PIN has 9 digits or more')
    const entry = { hash: await this.#hash(pin), value }
    this.#entries.add(entry)
    return () => this.#entries.delete(entry)
  }

  async find(pin: string): Promise<T | null> {
    if (this.#waiting.length >= MAX_WAITING) return null
    const hash = await this.#hash(pin)
    let found: T | null = null
    for (const entry of this.#entries) if (timingSafeEqual(entry.hash, hash)) found = entry.value
    return found
  }

  async #hash(pin: string): Promise<Uint8Array> {
    if (this.#running >= AT_ONCE) await new Promise<void>((resolve) => this.#waiting.push(resolve))
    else this.#running += 1
    try {
      return await new Promise((resolve, reject) =>
        scrypt(pin, this.#salt, HASH_BYTES, COST, (error, hash) => (error ? reject(error) : resolve(hash))),
      )
    } finally {
      const next = this.#waiting.shift()
      if (next) next()
      else this.#running -= 1
    }
  }
}
