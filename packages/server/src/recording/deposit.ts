/**
 * Brings recordings from the shelf to a store of objects (REC24): a segment once the next one has begun, the rest when the
 * recording is over, in parts, with what has arrived written down. The folder is left only when everything is there.
 * Touches no packet: a store that does not answer holds up nothing but this.
 */
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import type { RecordingId } from '@huisclos/protocol'
import { RecordingId as RecordingIdSchema } from '@huisclos/protocol'
import type { Clock } from '../clock.ts'
import type { ReportFault } from '../observe/report-fault.ts'
import type { ObjectStore } from './object-store.ts'
import { ObjectStoreError } from './object-store.ts'
import type { RecordingShelf, ShelvedFile } from './recording-shelf.ts'
import { UploadLedger } from './upload-ledger.ts'

export interface DepositOptions {
  shelf: RecordingShelf
  store: ObjectStore
  /** Before each object's key. */
  prefix: string
  clock: Clock
  /** A recording that is being made, or waits for its signature. */
  isLive(id: RecordingId): boolean
  /** The store began or ceased to answer. */
  onReachable(reachable: boolean): void
  onFault: ReportFault
  partBytes?: number
}

const PART_BYTES = 8 * 1024 * 1024
const ROUND_MS = 2_000
const AFTER_FAILURE_MS = 10_000

export class Deposit {
  readonly #options: DepositOptions
  readonly #partBytes: number
  #callOff: () => void = () => undefined
  #round: Promise<void> = Promise.resolve()
  /** Being deleted: nothing more of these is brought. */
  readonly #leaving = new Set<RecordingId>()
  #bringing: { id: RecordingId; done: Promise<void> } | null = null
  #reachable = true
  #adopted = false
  #closed = false

  constructor(options: DepositOptions) {
    this.#options = options
    this.#partBytes = options.partBytes ?? PART_BYTES
  }

  /** Whether the store answered the last time it was asked. */
  get reachable(): boolean {
    return this.#reachable
  }

  start(): void {
    this.#round = this.#work().finally(() => {
      const pause = this.#reachable ? ROUND_MS : AFTER_FAILURE_MS
      if (!this.#closed) this.#callOff = this.#options.clock.schedule(() => this.start(), pause)
    })
  }

  /** Takes everything of a recording out of the store. @throws ObjectStoreError; may be called again. */
  async forget(id: RecordingId): Promise<void> {
    const { shelf, store } = this.#options
    this.#leaving.add(id)
    try {
      if (this.#bringing?.id === id) await this.#bringing.done
      const ledger = await UploadLedger.open(shelf.ledgerPath(id))
      for (const { name, upload } of ledger.begun) await store.abort(this.#keyOf(id, name), upload)
      // Last the object that lists it, so that a second attempt still finds the rest.
      for (const { key } of await store.list(this.#keyOf(id, ''))) await store.delete(key)
      await store.delete(this.#aboutKey(id))
      await ledger.remove()
    } finally {
      this.#leaving.delete(id)
    }
  }

  /** Of a file that the shelf no longer has. @throws ObjectStoreError */
  read(id: RecordingId, name: string, from: number, to: number): Promise<Readable> {
    return this.#options.store.read(this.#keyOf(id, name), from, to)
  }

  /** Nothing is under way any more when this resolves; what has not arrived goes on after the next start. */
  async close(): Promise<void> {
    this.#closed = true
    this.#callOff()
    this.#options.store.close()
    await this.#round
  }

  async #work(): Promise<void> {
    try {
      if (!this.#adopted) await this.#adopt()
      for (const id of this.#options.shelf.ids) {
        if (this.#stops(id) || this.#options.shelf.about(id)?.stored !== undefined) continue
        const done = this.#bring(id)
        this.#bringing = { id, done: done.catch(() => undefined) }
        await done
      }
      this.#heed(true)
    } catch (error) {
      if (!(error instanceof ObjectStoreError)) this.#options.onFault(error)
      else if (!this.#closed) this.#heed(false)
    } finally {
      this.#bringing = null
    }
  }

  /** What the store has and this disk does not know: the disk was lost, or is another one. */
  async #adopt(): Promise<void> {
    const { shelf, store, prefix } = this.#options
    for (const { key, sizeBytes } of await store.list(prefix)) {
      const id = RecordingIdSchema.safeParse(/^([^/]+)\.json$/.exec(key.slice(prefix.length))?.[1])
      if (!id.success || shelf.about(id.data) !== null || sizeBytes === 0) continue
      const chunks: Buffer[] = []
      for await (const chunk of await store.read(key, 0, sizeBytes - 1)) chunks.push(chunk as Buffer)
      await shelf.adopt(id.data, Buffer.concat(chunks).toString())
    }
    this.#adopted = true
  }

  async #bring(id: RecordingId): Promise<void> {
    const { shelf, isLive } = this.#options
    const about = shelf.about(id)
    const over = about !== null && about.endedAt !== null && !isLive(id)
    const files = await shelf.files(id)
    const segments = files.filter(({ name }) => name.endsWith('.hcs'))
    const ledger = await UploadLedger.open(shelf.ledgerPath(id))
    for (const file of over ? files : segments.slice(0, -1)) {
      await this.#bringFile(id, file, ledger)
      if (this.#stops(id)) return
    }
    if (over) await this.#settle(id, files, ledger)
  }

  async #bringFile(id: RecordingId, { name, sizeBytes }: ShelvedFile, ledger: UploadLedger): Promise<void> {
    const { shelf, store } = this.#options
    const key = this.#keyOf(id, name)
    let entry = ledger.of(name, sizeBytes)
    if (entry?.upload === null) return
    const file = await open(join(shelf.folder(id), name))
    try {
      const read = async (from: number, length: number): Promise<Uint8Array> =>
        (await file.read(new Uint8Array(length), 0, length, from)).buffer
      if (sizeBytes <= this.#partBytes) await store.put(key, await read(0, sizeBytes))
      else {
        entry ??= { sizeBytes, upload: await store.begin(key), etags: [] }
        if (!(await this.#bringParts(id, { name, key, entry, ledger, read }))) return
      }
      await ledger.set(name, { sizeBytes, upload: null, etags: [] })
    } catch (error) {
      // The store has forgotten it: from the beginning, in the next round.
      const isForgotten = error instanceof ObjectStoreError && error.code === 'upload-unknown'
      if (isForgotten) await ledger.set(name, null)
      throw error
    } finally {
      await file.close()
    }
  }

  /** False: called off half-way. */
  async #bringParts(id: RecordingId, upload: PartedUpload): Promise<boolean> {
    const { name, key, ledger, read } = upload
    const { store } = this.#options
    let { entry } = upload
    const { sizeBytes, upload: uploadId } = entry
    if (uploadId === null) return true
    await ledger.set(name, entry)
    for (let from = entry.etags.length * this.#partBytes; from < sizeBytes; from += this.#partBytes) {
      const bytes = await read(from, Math.min(this.#partBytes, sizeBytes - from))
      const { etag } = await store.uploadPart(key, uploadId, entry.etags.length + 1, bytes)
      entry = { ...entry, etags: [...entry.etags, etag] }
      await ledger.set(name, entry)
      if (this.#stops(id)) return false
    }
    await store.complete(
      key,
      uploadId,
      entry.etags.map((etag) => ({ etag })),
    )
    return true
  }

  /** Everything is said to have arrived: looks, and only then lets the folder go. */
  async #settle(id: RecordingId, files: ShelvedFile[], ledger: UploadLedger): Promise<void> {
    const { shelf, store } = this.#options
    const there = new Map(
      (await store.list(this.#keyOf(id, ''))).map(({ key, sizeBytes }) => [key, sizeBytes]),
    )
    const missing = files.filter(({ name, sizeBytes }) => there.get(this.#keyOf(id, name)) !== sizeBytes)
    for (const { name } of missing) await ledger.set(name, null)
    if (missing.length > 0 || this.#stops(id)) return
    await store.put(this.#aboutKey(id), Buffer.from(shelf.aboutStored(id, files)))
    if (this.#stops(id)) return
    await shelf.markStored(id, files)
    await ledger.remove()
  }

  #stops(id: RecordingId): boolean {
    return this.#closed || this.#leaving.has(id)
  }

  #keyOf(id: RecordingId, name: string): string {
    return `${this.#options.prefix}${id}/${name}`
  }

  #aboutKey(id: RecordingId): string {
    return `${this.#options.prefix}${id}.json`
  }

  #heed(reachable: boolean): void {
    if (this.#reachable === reachable) return
    this.#reachable = reachable
    this.#options.onReachable(reachable)
  }
}

interface PartedUpload {
  readonly name: string
  readonly key: string
  readonly entry: NonNullable<ReturnType<UploadLedger['of']>>
  readonly ledger: UploadLedger
  readonly read: (from: number, length: number) => Promise<Uint8Array>
}
