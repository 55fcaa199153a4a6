/**
 * The `ObjectStore` port: what keeping recordings in a store of objects asks of it. Keys and bytes, no more: what lies
 * there is ciphertext, and no key of ours goes along. Adapters: s3-object-store.ts, and a memory in tests.
 */
import type { Readable } from 'node:stream'

/** One part of an upload that the store has taken: what is needed in order to complete it. */
export interface TakenPart {
  readonly etag: string
}

/** Everything rejects with an `ObjectStoreError`; anything else is a defect of ours. */
export interface ObjectStore {
  /** The whole object at once. */
  put(key: string, bytes: Uint8Array): Promise<void>
  /** Bytes `from` to `to`, both included. */
  read(key: string, from: number, to: number): Promise<Readable>
  /** Every object whose key begins so. */
  list(prefix: string): Promise<{ key: string; sizeBytes: number }[]>
  /** Nothing happens where there is none. */
  delete(key: string): Promise<void>
  /** Begins an object that comes in parts, and names the upload. */
  begin(key: string): Promise<string>
  /** `number` counts from 1. */
  uploadPart(key: string, upload: string, number: number, bytes: Uint8Array): Promise<TakenPart>
  /** The object is there when it resolves, and not before. */
  complete(key: string, upload: string, parts: readonly TakenPart[]): Promise<void>
  /** Parts that were taken are forgotten. Nothing happens where the upload is none. */
  abort(key: string, upload: string): Promise<void>
  /** Ends what is under way; it rejects as `unreachable`. */
  close(): void
}

/** `upload-unknown`: the store has forgotten this upload; it has to begin anew. */
export type ObjectStoreCode = 'unreachable' | 'refused' | 'not-found' | 'upload-unknown'

/** Carries no cause on purpose: an SDK's error may quote addresses and headers. */
export class ObjectStoreError extends Error {
  readonly code: ObjectStoreCode
  constructor(code: ObjectStoreCode) {
    super(code)
    this.name = 'ObjectStoreError'
    this.code = code
  }
}
