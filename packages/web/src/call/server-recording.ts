/**
 * Ordering a recording on the server, as a host does it (REC1, REC6, REC21): the public half of the key, what the
 * server's operator allows, and where the recording is when it has ended. Model without React. Of a file that also
 * holds the sealed private half, nothing but the public half is kept; a passphrase is never asked for here.
 */
import type { PublicHalf } from '@huisclos/crypto/seal'
import type { MeetingControls, OrderedRecording } from '@huisclos/participant'
import type { RecordingPolicy } from '@huisclos/protocol'
import type {
  KeyProblem,
  OrderProblem,
  ServerRecordingPort,
  ServerRecordingView,
} from '../ui/recording-ports.ts'
import { TOKEN_FILE } from '../ui/recording-ports.ts'
import { Snapshot } from './snapshot.ts'

/** Fingerprints and files of keys; loaded when a host first needs them. */
export interface KeyReader {
  readPublicKeyFile(text: string): ({ ok: true } & PublicHalf) | { ok: false; why: KeyProblem }
  encodePublicKeyFile(half: PublicHalf): string
  recordingFingerprint(publicKey: Uint8Array): Uint8Array
  formatFingerprint(fingerprint: Uint8Array): string
}

export interface ServerRecordingDeps {
  meeting: Pick<MeetingControls<MediaStreamTrack>, 'view' | 'subscribe' | 'startRecording'>
  /** What the server's operator allows. Rejects while the server cannot be reached. */
  policy(): Promise<RecordingPolicy>
  loadKeys(): Promise<KeyReader>
  /** The public key file that this browser remembers; empty for none. */
  memory: { read(): string; write(text: string): void }
  /** Where recordings are fetched from, with its origin. */
  origin: string
  /** The room's owner token, base64url; null where we hold no host key. */
  ownerToken: (() => string) | null
  saveFile(name: string, text: string): void
  now(): number
}

const NOTHING: ServerRecordingView = {
  allowed: { local: false, server: false },
  retentionDays: null,
  key: null,
  keyProblem: null,
  ordering: false,
  problem: null,
  finished: null,
}

export class ServerRecording extends Snapshot<ServerRecordingView> implements ServerRecordingPort {
  readonly #deps: ServerRecordingDeps
  #half: PublicHalf | null = null
  #knowsPolicy = false
  #asking = false
  #running: { ordered: OrderedRecording; seenAt: number } | null = null

  constructor(deps: ServerRecordingDeps) {
    super(NOTHING)
    this.#deps = deps
    deps.meeting.subscribe(() => this.#follow())
    void this.#askPolicy()
    const remembered = deps.memory.read()
    if (remembered !== '') void this.#take(remembered, true)
  }

  readKey = (text: string): Promise<void> => this.#take(text, false)

  forgetKey = (): void => {
    this.#half = null
    this.#deps.memory.write('')
    this.patch({ key: null, keyProblem: null, problem: null })
  }

  rememberKey = (remember: boolean): void => {
    const { key } = this.view
    if (!key || !this.#half) return
    this.patch({ key: { ...key, remembered: remember } })
    const half = this.#half
    void this.#deps
      .loadKeys()
      .then(({ encodePublicKeyFile }) => this.#deps.memory.write(remember ? encodePublicKeyFile(half) : ''))
  }

  start = async (withMe: boolean): Promise<boolean> => {
    const half = this.#half
    if (!half || this.view.ordering) return false
    this.patch({ ordering: true, problem: null })
    try {
      await this.#deps.meeting.startRecording({ ...half, withMe })
      this.patch({ ordering: false, finished: null })
      return true
    } catch (error) {
      this.patch({ ordering: false, problem: problemOf(error) })
      return false
    }
  }

  saveToken = (): void => {
    const { ownerToken, saveFile } = this.#deps
    if (ownerToken) saveFile(TOKEN_FILE, `${ownerToken()}\n`)
  }

  dismissFinished = (): void => this.patch({ finished: null })

  async #take(text: string, remembered: boolean): Promise<void> {
    const keys = await this.#deps.loadKeys().catch(() => null)
    if (!keys) {
      this.patch({ problem: 'fault' })
      return
    }
    const read = keys.readPublicKeyFile(text)
    if (!read.ok) {
      // A remembered one that no longer reads is as good as none.
      this.patch(remembered ? { key: null } : { keyProblem: read.why })
      return
    }
    const { publicKey, owner } = read
    this.#half = { publicKey, owner }
    const fingerprint = keys.formatFingerprint(keys.recordingFingerprint(publicKey))
    this.patch({ key: { owner, fingerprint, remembered }, keyProblem: null, problem: null })
  }

  async #askPolicy(): Promise<void> {
    if (this.#knowsPolicy || this.#asking) return
    this.#asking = true
    try {
      const { allowed, retentionDays } = await this.#deps.policy()
      this.#knowsPolicy = true
      const local = allowed === 'local' || allowed === 'both'
      const server = allowed === 'server' || allowed === 'both'
      this.patch({ allowed: { local, server }, retentionDays })
    } catch {
      // Nothing is offered until the server has said what may be.
    } finally {
      this.#asking = false
    }
  }

  #follow(): void {
    const { phase, recording } = this.#deps.meeting.view
    if (phase.at === 'in') void this.#askPolicy()
    const { ordered } = recording
    const now = this.#deps.now()
    if (ordered) {
      const seenAt = this.#running?.ordered.id === ordered.id ? this.#running.seenAt : now
      this.#running = { ordered, seenAt }
    } else if (this.#running && phase.at === 'in') {
      const { ordered: ended, seenAt } = this.#running
      this.#running = null
      if (this.#deps.ownerToken) this.#finish(ended, now - seenAt)
    }
  }

  #finish({ id, owner, fingerprint }: OrderedRecording, durationMs: number): void {
    const address = `${this.#deps.origin}/${id}`
    this.patch({ finished: { id, address, owner, fingerprint, durationMs } })
  }
}

const PROBLEMS: ReadonlySet<string> = new Set<OrderProblem>([
  'recording-exists',
  'recording-unavailable',
  'recording-off',
  'bad-recording-key',
  'not-host',
])

function problemOf(error: unknown): OrderProblem {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  return PROBLEMS.has(code) ? (code as OrderProblem) : 'fault'
}
