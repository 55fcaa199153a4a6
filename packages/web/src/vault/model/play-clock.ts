/** The clock that everybody's sound and picture are kept to: a position that runs, stands, jumps and changes its speed. */

export class PlayClock {
  readonly #now: () => number
  #atMs = 0
  #sinceMs: number | null = null
  #speed = 1

  /** `now`: milliseconds, never going back. */
  constructor(now: () => number) {
    this.#now = now
  }

  get running(): boolean {
    return this.#sinceMs !== null
  }

  get speed(): number {
    return this.#speed
  }

  get positionMs(): number {
    return this.#sinceMs === null ? this.#atMs : this.#atMs + (this.#now() - this.#sinceMs) * this.#speed
  }

  run(): void {
    this.#sinceMs ??= this.#now()
  }

  stand(): void {
    this.#atMs = this.positionMs
    this.#sinceMs = null
  }

  jump(toMs: number): void {
    this.#atMs = toMs
    if (this.#sinceMs !== null) this.#sinceMs = this.#now()
  }

  setSpeed(speed: number): void {
    this.jump(this.positionMs)
    this.#speed = speed
  }
}
