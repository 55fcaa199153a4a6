/**
 * Where recordings lie: a folder each under one directory, and beside it who owns it and since when. Of one that a store
 * of objects has taken over (deposit.ts), only the latter stays. The list is kept in memory and comes back from the disk
 * at the start. Knows hashes of owner tokens, no token, no name, no key.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { readdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { RecordingStore } from '@huisclos/archive'
import { folderStore } from '@huisclos/archive/node'
import type { RecordingReceipt } from '@huisclos/protocol'
import { RecordingId } from '@huisclos/protocol'
import * as z from 'zod'

const About = z.strictObject({
  version: z.literal(1),
  /** SHA-256 of the owner token, base64url. */
  ownerHash: z.string().length(43),
  /** Unix milliseconds. */
  startedAt: z.int(),
  endedAt: z.int().nullable(),
  /** Where its files are in the store of objects, and no longer here. */
  stored: z.array(z.strictObject({ name: z.string().max(64), sizeBytes: z.int().min(0) })).optional(),
})
export type About = z.infer<typeof About>

export interface ShelvedFile {
  readonly name: string
  readonly sizeBytes: number
}

/** Segments and the manifest: what is served. */
const SERVED = /^(\d{6,10}\.hcs|manifest)$/

export class RecordingShelf {
  readonly #directory: string
  readonly #about = new Map<RecordingId, About>()

  /** Makes the directory where there is none. @throws the system's error */
  constructor(directory: string) {
    this.#directory = directory
    mkdirSync(directory, { recursive: true, mode: 0o700 })
    for (const name of readdirSync(directory)) {
      const id = RecordingId.safeParse(name.replace(/\.json$/, ''))
      const about = id.success && name.endsWith('.json') ? readAbout(join(directory, name)) : null
      if (!id.success || about === null) continue
      this.#about.set(id.data, about)
      // A crash between the two steps of `markStored`.
      if (about.stored !== undefined) rmSync(this.folder(id.data), { recursive: true, force: true })
    }
  }

  get ids(): RecordingId[] {
    return [...this.#about.keys()]
  }

  about(id: RecordingId): About | null {
    return this.#about.get(id) ?? null
  }

  folder(id: RecordingId): string {
    return join(this.#directory, id)
  }

  store(id: RecordingId): RecordingStore {
    return folderStore(this.folder(id))
  }

  /** What is left where recordings go. @throws the system's error */
  freeBytes(): number {
    const { bavail, bsize } = statfsSync(this.#directory)
    return bavail * bsize
  }

  /** A place for a new recording. @throws Error when there is one of that id, or the disk refuses */
  create(id: RecordingId, about: Pick<About, 'ownerHash' | 'startedAt'>): void {
    const whole: About = { version: 1, endedAt: null, ...about }
    writeFileSync(this.#aboutPath(id), JSON.stringify(whole), { flag: 'wx', mode: 0o600 })
    mkdirSync(this.folder(id), { mode: 0o700 })
    this.#about.set(id, whole)
  }

  async ended(id: RecordingId, endedAt: number): Promise<void> {
    const about = this.#about.get(id)
    if (about !== undefined) await this.#write(id, { ...about, endedAt })
  }

  async files(id: RecordingId): Promise<ShelvedFile[]> {
    const stored = this.#about.get(id)?.stored
    if (stored !== undefined) return stored
    const names = (await readdir(this.folder(id)).catch(() => [])).filter((name) => SERVED.test(name)).sort()
    return Promise.all(
      names.map(async (name) => ({ name, sizeBytes: (await stat(join(this.folder(id), name))).size })),
    )
  }

  /** What lies here and not in a store of objects. */
  async spooledBytes(): Promise<number> {
    const here = this.ids.filter((id) => this.#about.get(id)?.stored === undefined)
    const files = (await Promise.all(here.map((id) => this.files(id)))).flat()
    return files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
  }

  /** Where a deposit writes down what has arrived. */
  ledgerPath(id: RecordingId): string {
    return join(this.#directory, `${id}.uploads`)
  }

  /** What a store of objects is to keep beside the files, so that another disk can list them. */
  aboutStored(id: RecordingId, stored: ShelvedFile[]): string {
    return JSON.stringify({ ...this.#about.get(id), stored })
  }

  /** Everything is in a store of objects: the folder is let go. */
  async markStored(id: RecordingId, stored: ShelvedFile[]): Promise<void> {
    const about = this.#about.get(id)
    if (about === undefined) return
    await this.#write(id, { ...about, stored })
    await rm(this.folder(id), { recursive: true, force: true })
  }

  /** Takes up one that a store of objects has and this disk did not know. What does not read is left alone. */
  async adopt(id: RecordingId, text: string): Promise<void> {
    const about = parseAbout(text)
    if (about?.stored !== undefined && !this.#about.has(id)) await this.#write(id, about)
  }

  /** Envelopes are in the segments: nothing of the recording is left (REC7). */
  async delete(id: RecordingId, now: number, why: RecordingReceipt['why']): Promise<RecordingReceipt> {
    const files = await this.files(id)
    await rm(this.folder(id), { recursive: true, force: true })
    await rm(this.#aboutPath(id), { force: true })
    this.#about.delete(id)
    const sizeBytes = files.reduce((sum, file) => sum + file.sizeBytes, 0)
    return { recording: id, deletedAt: now, why, files: files.length, sizeBytes }
  }

  async #write(id: RecordingId, about: About): Promise<void> {
    this.#about.set(id, about)
    const next = `${this.#aboutPath(id)}.new`
    await writeFile(next, JSON.stringify(about), { mode: 0o600 })
    await rename(next, this.#aboutPath(id))
  }

  #aboutPath(id: RecordingId): string {
    return join(this.#directory, `${id}.json`)
  }
}

function readAbout(path: string): About | null {
  try {
    return parseAbout(readFileSync(path, 'utf8'))
  } catch {
    return null
  }
}

/** Null also where a crash tore it while it was made: then there is no recording either. */
function parseAbout(text: string): About | null {
  try {
    return About.parse(JSON.parse(text))
  } catch {
    return null
  }
}
