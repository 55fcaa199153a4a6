/** A store of objects in memory, which can be told to stop answering. */
import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import type { ObjectStore, TakenPart } from '../src/recording/object-store.ts'
import { ObjectStoreError } from '../src/recording/object-store.ts'

export class MemoryObjectStore implements ObjectStore {
  readonly objects = new Map<string, Uint8Array>()
  readonly uploads = new Map<string, Map<number, Uint8Array>>()
  /** Every request, in words. */
  readonly asked: string[] = []
  /** Requests that are still answered; after them none is. */
  answers = Number.POSITIVE_INFINITY
  #begun = 0

  async put(key: string, bytes: Uint8Array): Promise<void> {
    this.#ask(`put ${key}`)
    this.objects.set(key, bytes.slice())
  }

  async read(key: string, from: number, to: number): Promise<Readable> {
    this.#ask(`read ${key}`)
    return Readable.from([Buffer.from(this.#object(key).subarray(from, to + 1))])
  }

  async list(prefix: string): Promise<{ key: string; sizeBytes: number }[]> {
    this.#ask('list')
    const found = [...this.objects].filter(([key]) => key.startsWith(prefix))
    return found.map(([key, { length }]) => ({ key, sizeBytes: length }))
  }

  async delete(key: string): Promise<void> {
    this.#ask(`delete ${key}`)
    this.objects.delete(key)
  }

  async begin(key: string): Promise<string> {
    this.#ask(`begin ${key}`)
    this.#begun += 1
    const upload = `upload-${this.#begun}`
    this.uploads.set(upload, new Map())
    return upload
  }

  async uploadPart(_key: string, upload: string, number: number, bytes: Uint8Array): Promise<TakenPart> {
    this.#ask(`part ${number}`)
    this.#upload(upload).set(number, bytes.slice())
    return { etag: createHash('md5').update(bytes).digest('hex') }
  }

  async complete(key: string, upload: string, parts: readonly TakenPart[]): Promise<void> {
    this.#ask(`complete ${key}`)
    const taken = this.#upload(upload)
    this.objects.set(key, Buffer.concat(parts.map((_, index) => taken.get(index + 1) ?? new Uint8Array())))
    this.uploads.delete(upload)
  }

  async abort(_key: string, upload: string): Promise<void> {
    this.#ask('abort')
    this.uploads.delete(upload)
  }

  close(): void {
    this.answers = 0
  }

  #ask(what: string): void {
    if (this.answers <= 0) throw new ObjectStoreError('unreachable')
    this.answers -= 1
    this.asked.push(what)
  }

  #object(key: string): Uint8Array {
    const found = this.objects.get(key)
    if (found === undefined) throw new ObjectStoreError('not-found')
    return found
  }

  #upload(upload: string): Map<number, Uint8Array> {
    const found = this.uploads.get(upload)
    if (found === undefined) throw new ObjectStoreError('upload-unknown')
    return found
  }
}
