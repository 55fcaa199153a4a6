/**
 * The `Recorder` on packages/archive: recordings on a shelf. Brings those that a crash or restart left open to an end,
 * and deletes what retention has ended (REC7, REC12). Where there is a store of objects, what is finished goes there
 * (REC24). Holds no key.
 */
import { createReadStream } from 'node:fs'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import type { WriterLimits, WriterOptions } from '@huisclos/archive'
import { closeRecovered, defaultLimits, recoverRecording } from '@huisclos/archive'
import { nativeSha256 } from '@huisclos/archive/node'
import type { RecordingId, RecordingReceipt } from '@huisclos/protocol'
import type { Clock } from '../clock.ts'
import type { ReportFault } from '../observe/report-fault.ts'
import type { Deposit } from './deposit.ts'
import { LiveRecording } from './live-recording.ts'
import { ObjectStoreError } from './object-store.ts'
import type { NewRecording, Recorder, Recording } from './recorder.ts'
import { brokenRecording } from './recorder.ts'
import type { RecordingShelf } from './recording-shelf.ts'
import type { Spool } from './spool.ts'

export interface ArchiveRecorderOptions {
  shelf: RecordingShelf
  clock: Clock
  retentionDays: number | null
  onFault: ReportFault
  limits?: Partial<WriterLimits>
  /** Where recordings go once they are finished; none: they stay on the shelf. */
  depot?: { deposit: Deposit; spool: Spool }
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
    this.#options.depot?.deposit.start()
    await this.#sweep()
  }

  accepts(): boolean {
    if (this.#closed) return false
    const { reserveBytes } = { ...defaultLimits, ...this.#options.limits }
    try {
      const { depot } = this.#options
      return (depot?.spool ?? this.shelf).freeBytes() >= 2 * reserveBytes
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

  /** Bytes of one of its files, wherever that lies, both ends included. */
  async read(id: RecordingId, name: string, from: number, to: number): Promise<Readable> {
    const { depot } = this.#options
    if (depot && this.shelf.about(id)?.stored !== undefined) return depot.deposit.read(id, name, from, to)
    return createReadStream(join(this.shelf.folder(id), name), { start: from, end: to })
  }

  /** Here and in the store of objects. @throws ObjectStoreError where that does not answer; nothing is claimed then */
  async delete(id: RecordingId, now: number, why: RecordingReceipt['why']): Promise<RecordingReceipt> {
    await this.#options.depot?.deposit.forget(id)
    return this.shelf.delete(id, now, why)
  }

  /** Every recording is ended and on the disk when this resolves. */
  async close(): Promise<void> {
    this.#closed = true
    this.#callOff()
    await Promise.all([...this.#live.values()].map((live) => live.close()))
    await this.#options.depot?.deposit.close()
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
        await this.delete(id, now, 'retention').catch((error: unknown) => {
          // A store that does not answer is asked again by the next sweep.
          if (!(error instanceof ObjectStoreError)) this.#options.onFault(error)
        })
    }
    if (!this.#closed) this.#callOff = this.#options.clock.schedule(() => void this.#sweep(), SWEEP_MS)
  }

  #writerOptions(id: RecordingId): Omit<WriterOptions, 'onState'> {
    const { clock, limits = {}, depot } = this.#options
    const store = this.shelf.store(id)
    return {
      store: depot?.spool.guard(store) ?? store,
      sha256: nativeSha256,
      now: () => clock.wallTime(),
      limits,
    }
  }
}
