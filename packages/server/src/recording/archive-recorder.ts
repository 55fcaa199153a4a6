/**
 * The `Recorder` on packages/archive: recordings on a shelf. Brings those that a crash or restart left open to an end,
 * and deletes what retention has ended (REC7, REC12). Holds no key.
 */
import type { WriterLimits, WriterOptions } from '@huisclos/archive'
import { closeRecovered, defaultLimits, recoverRecording } from '@huisclos/archive'
import { nativeSha256 } from '@huisclos/archive/node'
import type { RecordingId } from '@huisclos/protocol'
import type { Clock } from '../clock.ts'
import type { ReportFault } from '../observe/report-fault.ts'
import { LiveRecording } from './live-recording.ts'
import type { NewRecording, Recorder, Recording } from './recorder.ts'
import { brokenRecording } from './recorder.ts'
import type { RecordingShelf } from './recording-shelf.ts'

export interface ArchiveRecorderOptions {
  shelf: RecordingShelf
  clock: Clock
  retentionDays: number | null
  onFault: ReportFault
  limits?: Partial<WriterLimits>
}

const DAY_MS = 86_400_000
const SWEEP_MS = 60_000

export class ArchiveRecorder implements Recorder {
  readonly shelf: RecordingShelf
  readonly #options: ArchiveRecorderOptions
  readonly #live = new Map<RecordingId, LiveRecording>()
  #callOff: () => void = () => undefined
  #closed = false

  constructor(options: ArchiveRecorderOptions) {
    this.#options = options
    this.shelf = options.shelf
  }

  /** Ends what was left open, then deletes what is too old, over and over. */
  async start(): Promise<void> {
    for (const id of this.shelf.ids) {
      if (this.shelf.about(id)?.endedAt === null) await this.#recover(id).catch(this.#options.onFault)
    }
    await this.#sweep()
  }

  accepts(): boolean {
    if (this.#closed) return false
    const { reserveBytes } = { ...defaultLimits, ...this.#options.limits }
    try {
      return this.shelf.freeBytes() >= 2 * reserveBytes
    } catch {
      return false
    }
  }

  begin(options: NewRecording): Recording {
    const { recording, ownerHash, onNews } = options
    const { clock, onFault } = this.#options
    try {
      const startedAt = clock.wallTime()
      this.shelf.create(recording, { ownerHash: Buffer.from(ownerHash).toString('base64url'), startedAt })
    } catch {
      // A recording of that id exists, or the disk refuses: never over another one.
      onNews({ of: 'failed' })
      return brokenRecording
    }
    const live = new LiveRecording({
      ...options,
      writer: this.#writerOptions(recording),
      clock,
      onFault,
      onEnded: async () => {
        await this.shelf.ended(recording, clock.wallTime())
      },
      onGone: () => this.#live.delete(recording),
    })
    this.#live.set(recording, live)
    return live
  }

  /** When retention deletes it; null: not by itself. */
  deletedAt(id: RecordingId): number | null {
    const { retentionDays } = this.#options
    const endedAt = this.shelf.about(id)?.endedAt ?? null
    return retentionDays === null || endedAt === null ? null : endedAt + retentionDays * DAY_MS
  }

  /** Whether it is being made: nothing may delete it then. */
  isLive(id: RecordingId): boolean {
    return this.#live.has(id)
  }

  /** Every recording is ended and on the disk when this resolves. */
  async close(): Promise<void> {
    this.#closed = true
    this.#callOff()
    await Promise.all([...this.#live.values()].map((live) => live.close()))
  }

  async #recover(id: RecordingId): Promise<void> {
    const options = this.#writerOptions(id)
    const recovery = await recoverRecording(options)
    if (recovery.at === 'recovered') await closeRecovered(options, recovery.recovered)
    await this.shelf.ended(id, this.#options.clock.wallTime())
  }

  async #sweep(): Promise<void> {
    const now = this.#options.clock.wallTime()
    for (const id of this.shelf.ids) {
      const at = this.deletedAt(id)
      if (at !== null && at <= now && !this.isLive(id))
        await this.shelf.delete(id, now, 'retention').catch(this.#options.onFault)
    }
    if (!this.#closed) this.#callOff = this.#options.clock.schedule(() => void this.#sweep(), SWEEP_MS)
  }

  #writerOptions(id: RecordingId): Omit<WriterOptions, 'onState'> {
    const { clock, limits = {} } = this.#options
    return { store: this.shelf.store(id), sha256: nativeSha256, now: () => clock.wallTime(), limits }
  }
}
