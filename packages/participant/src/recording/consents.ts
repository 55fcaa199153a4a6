/**
 * Who may be recorded (REC3): our own answers, by recording, and those of others as their signed profiles say. Nobody
 * has consented before saying so, and a member some of whose messages never came has not, until its next profile: a
 * withdrawal may have been among them.
 */
import { RecordingId } from '@huisclos/protocol'
import type { Profile } from '../messages/profile.ts'
import type { ConsentAnswer } from './recording-view.ts'

/** What a profile has room for. */
const CONSENTS = 4

export class Consents {
  readonly #profileOf: (pseudonym: string) => Profile | null
  /** Latest answers last; they outlive a stay, so that who comes back is not asked again. */
  readonly #own = new Map<string, boolean>()
  /** Members that a message is missing of, and the profile that was known then. */
  readonly #doubted = new Map<string, number>()
  #records: string | null = null

  constructor(profileOf: (pseudonym: string) => Profile | null) {
    this.#profileOf = profileOf
  }

  /** The recording on this computer. */
  get records(): string | null {
    return this.#records
  }

  own(recording: string): ConsentAnswer {
    if (recording === this.#records) return 'yes'
    const answer = this.#own.get(recording)
    return answer === undefined ? 'unanswered' : answer ? 'yes' : 'no'
  }

  /** True where the answer is another than before. */
  answer(recording: string, yes: boolean): boolean {
    if (this.#own.get(recording) === yes) return false
    this.#own.delete(recording)
    this.#own.set(recording, yes)
    return true
  }

  setRecords(recording: string | null): void {
    this.#records = recording
  }

  /** For our own profile. `running`: the recordings that can be consented to now. */
  said(running: readonly string[]): Pick<Profile, 'records' | 'consents'> {
    const yes = [...this.#own].flatMap(([id, answer]) =>
      answer && running.includes(id) ? [RecordingId.parse(id)] : [],
    )
    const records = this.#records === null ? null : RecordingId.parse(this.#records)
    return { records, consents: yes.slice(-CONSENTS) }
  }

  /** A message of this member never came (ROS4). */
  doubt(pseudonym: string): void {
    this.#doubted.set(pseudonym, this.#profileOf(pseudonym)?.number ?? 0)
  }

  of(pseudonym: string, recording: string): boolean {
    const profile = this.#profileOf(pseudonym)
    if (!profile || profile.number <= (this.#doubted.get(pseudonym) ?? 0)) return false
    return profile.consents.some((id) => id === recording)
  }

  /** The recording that this member makes on its own computer. */
  recordsOf(pseudonym: string): string | null {
    return this.#profileOf(pseudonym)?.records ?? null
  }

  retain(pseudonyms: ReadonlySet<string>): void {
    for (const key of this.#doubted.keys()) if (!pseudonyms.has(key)) this.#doubted.delete(key)
  }
}
