/**
 * Notices from the microphone's level alone that somebody talks while muted, or that a microphone that is on gives
 * digital silence. Each is told once until `reset` or until it is over; time comes in with the levels.
 */

export type Noticed = 'talking-while-muted' | 'silent-microphone' | 'sound-again' | null

const SPEECH_LEVEL = 0.45
const TALKING_MS = 600
/** A working microphone hears its own noise; exact zeros come from a switch, a driver or a privacy setting. */
const SILENT_MS = 6_000

export class VoiceWatch {
  #talkingMs = 0
  #silentMs = 0
  #told = false

  hear(level: number, on: boolean, elapsedMs: number): Noticed {
    return on ? this.#hearOn(level, elapsedMs) : this.#hearMuted(level, elapsedMs)
  }

  reset(): void {
    this.#talkingMs = 0
    this.#silentMs = 0
    this.#told = false
  }

  #hearOn(level: number, elapsedMs: number): Noticed {
    if (level > 0) {
      const wasTold = this.#told
      this.reset()
      return wasTold ? 'sound-again' : null
    }
    this.#silentMs += elapsedMs
    return this.#tell(this.#silentMs >= SILENT_MS, 'silent-microphone')
  }

  /** Pauses between words do not start the count again, they wear it down. */
  #hearMuted(level: number, elapsedMs: number): Noticed {
    this.#talkingMs = Math.max(0, this.#talkingMs + (level >= SPEECH_LEVEL ? elapsedMs : -elapsedMs / 4))
    return this.#tell(this.#talkingMs >= TALKING_MS, 'talking-while-muted')
  }

  #tell(due: boolean, what: Noticed): Noticed {
    if (!due || this.#told) return null
    this.#told = true
    return what
  }
}
