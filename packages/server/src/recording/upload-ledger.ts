/**
 * What of a recording has arrived in the store of objects, part by part: a small file beside the recording, so that a
 * restart goes on where it was. Losing it costs bytes sent twice and nothing else.
 */
import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import * as z from 'zod'

const FileEntry = z.strictObject({
  sizeBytes: z.int().min(0),
  /** The store's name for the upload; null once the object is whole. */
  upload: z.string().max(2_048).nullable(),
  etags: z.array(z.string().max(256)).max(10_000),
})
export type FileEntry = z.infer<typeof FileEntry>
const Ledger = z.strictObject({ version: z.literal(1), files: z.record(z.string(), FileEntry) })

export class UploadLedger {
  readonly #path: string
  readonly #files: Map<string, FileEntry>

  private constructor(path: string, files: Iterable<[string, FileEntry]>) {
    this.#path = path
    this.#files = new Map(files)
  }

  /** One that cannot be read is an empty one. */
  static async open(path: string): Promise<UploadLedger> {
    try {
      const { files } = Ledger.parse(JSON.parse(await readFile(path, 'utf8')))
      return new UploadLedger(path, Object.entries(files))
    } catch {
      return new UploadLedger(path, [])
    }
  }

  /** Null also where what is written down is about another state of the file. */
  of(name: string, sizeBytes: number): FileEntry | null {
    const entry = this.#files.get(name)
    return entry?.sizeBytes === sizeBytes ? entry : null
  }

  /** Uploads that were begun and are not whole. */
  get begun(): { name: string; upload: string }[] {
    return [...this.#files].flatMap(([name, { upload }]) => (upload === null ? [] : [{ name, upload }]))
  }

  async set(name: string, entry: FileEntry | null): Promise<void> {
    if (entry === null) this.#files.delete(name)
    else this.#files.set(name, entry)
    const text = JSON.stringify({ version: 1, files: Object.fromEntries(this.#files) })
    await writeFile(`${this.#path}.new`, text, { mode: 0o600 })
    await rename(`${this.#path}.new`, this.#path)
  }

  async remove(): Promise<void> {
    await rm(this.#path, { force: true })
  }
}
