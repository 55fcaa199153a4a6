/**
 * What the server does with a recording, and what it is told (REC3, REC8, REC9): our own consent, again in each session;
 * start, pause and stop with the room's owner token; the signature under the manifest. Whatever the server says is a
 * hint: the order is the group's. Speaks of a recording only while the server does, since one that is off answers nothing.
 */
import { decodeBase64url, encodeBase64url } from '@huisclos/crypto/bytes'
import { deriveOwnerToken, signManifest } from '@huisclos/crypto/link'
import type { EventOf } from '@huisclos/protocol'
import { RecordingId } from '@huisclos/protocol'
import type { AskServer } from '../media-adapter.ts'
import { MeetingError } from '../meeting-error.ts'
import type { Clock } from '../ports.ts'
import { codeOf } from '../signalling-error.ts'

export interface ServerRecorderDeps {
  ask: AskServer
  clock: Clock
  room: string
  /** The room's host key, where it is ours. */
  hostSeed: Uint8Array | null
  changed(): void
}

type State = Omit<EventOf<'recording.state'>, 't' | 'seq'>

const RETRY_MS = 2_000
const STATEMENT_ID_AT = 2

export class ServerRecorder {
  readonly #deps: ServerRecorderDeps
  #state: State | null = null
  /** What we have told the server of our consent in this session. */
  #told: { recording: string; yes: boolean } | null = null
  #wanted: { recording: string; yes: boolean } | null = null
  #busy = false
  /** Orders seen in this room's group: what a manifest may be signed for. */
  readonly #known = new Set<string>()

  constructor(deps: ServerRecorderDeps) {
    this.#deps = deps
  }

  get state(): State | null {
    return this.#state
  }

  /** A new session knows nothing of us; `recording`: what the server says it records. */
  entered(recording: string | null): void {
    this.#told = null
    const known = this.#state && this.#state.recording === recording ? this.#state : null
    this.#state = recording === null ? null : (known ?? running(recording))
    void this.#mirror()
  }

  told(state: State): void {
    this.#state = state
    if (state.recording === null || state.state === 'off') this.#told = null
    this.#deps.changed()
    void this.#mirror()
  }

  /** What the group orders, and whether we said yes to it. Null: nothing. */
  consent(wanted: { recording: string; yes: boolean } | null): void {
    this.#wanted = wanted
    if (wanted) this.#known.add(wanted.recording)
    void this.#mirror()
  }

  /** Rejects with a `MeetingError`. */
  async start(recording: string): Promise<void> {
    try {
      await this.#deps.ask({ t: 'recording.start', ...this.#owned(recording) })
    } catch (error) {
      throw new MeetingError(ERRORS[codeOf(error) ?? ''] ?? 'recording-off')
    }
  }

  async pause(recording: string, paused: boolean): Promise<void> {
    await this.#deps.ask({ t: 'recording.pause', ...this.#owned(recording), paused }).catch(() => {})
  }

  async stop(recording: string): Promise<void> {
    await this.#deps.ask({ t: 'recording.stop', ...this.#owned(recording) }).catch(() => {})
  }

  /** Signs what is the manifest of a recording that this room's group ordered before our eyes, and nothing else. */
  async sealed({ recording, statement }: { recording: string; statement: string }): Promise<void> {
    const { hostSeed, ask } = this.#deps
    const bytes = decodeBase64url(statement)
    const id = decodeBase64url(recording)
    if (!hostSeed || !bytes || !id || !this.#known.has(recording)) return
    const named = bytes.subarray(STATEMENT_ID_AT, STATEMENT_ID_AT + id.length)
    if (encodeBase64url(named) !== recording) return
    const signature = signManifest(hostSeed, bytes)
    await ask({
      t: 'recording.manifest',
      ...this.#owned(recording),
      signature: encodeBase64url(signature),
    }).catch(() => {})
  }

  #owned(recording: string) {
    const { hostSeed, room } = this.#deps
    if (!hostSeed) throw new MeetingError('not-host')
    const owner = encodeBase64url(deriveOwnerToken(hostSeed, room))
    return { recording: RecordingId.parse(recording), owner }
  }

  /** Brings what the server holds of our consent into line with what is wanted; silence is no. */
  async #mirror(): Promise<void> {
    if (this.#busy) return
    const due = this.#due()
    if (!due) return
    this.#busy = true
    try {
      const { recording, yes } = due
      await this.#deps.ask({ t: 'recording.consent', recording: RecordingId.parse(recording), yes })
      this.#told = due
    } catch (error) {
      // An answer that takes consent away is repeated until the server has it, or has ended the recording.
      if (codeOf(error) === 'recording-unknown') this.#told = due
      else this.#deps.clock.setTimer(RETRY_MS, () => void this.#mirror())
      return
    } finally {
      this.#busy = false
    }
    void this.#mirror()
  }

  #due(): { recording: string; yes: boolean } | null {
    const stored = this.#state?.state === 'off' ? null : (this.#state?.recording ?? null)
    if (stored === null) return null
    const yes = this.#wanted?.recording === stored && this.#wanted.yes
    const told = this.#told?.recording === stored && this.#told.yes
    return yes === told ? null : { recording: stored, yes }
  }
}

const running = (recording: string): State => ({
  recording: RecordingId.parse(recording),
  state: 'running',
  why: 'asked',
  since: 0,
})

const ERRORS: Record<string, 'recording-exists' | 'recording-unavailable'> = {
  'recording-exists': 'recording-exists',
  'recording-unavailable': 'recording-unavailable',
}
