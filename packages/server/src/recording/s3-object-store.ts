/**
 * The `ObjectStore` on S3 and what speaks like it. Each request says the MD5 of what it brings, so that a store that got
 * something else refuses it. Credentials go to the SDK and nowhere else.
 */
import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import type { S3ClientConfig } from '@aws-sdk/client-s3'
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
  S3ServiceException,
  UploadPartCommand,
} from '@aws-sdk/client-s3'
import type { ObjectStore, ObjectStoreCode, TakenPart } from './object-store.ts'
import { ObjectStoreError } from './object-store.ts'

export interface S3Options {
  bucket: string
  region: string
  /** Where it is not Amazon's. */
  endpoint: string | undefined
  /** Undefined: from the environment, or as the SDK finds them. */
  credentials: { accessKeyId: string; secretAccessKey: string } | undefined
  /** How long an answer may take; by itself a minute, in which a part also passes a slow line. */
  answerMs?: number
}

const CONNECT_MS = 5_000
const ANSWER_MS = 60_000
/** The SDK's own words would hold keys of objects and addresses. */
const SILENT = { trace() {}, debug() {}, info() {}, warn() {}, error() {} }

const md5 = (bytes: Uint8Array): string => createHash('md5').update(bytes).digest('base64')

function configOf({ region, endpoint, credentials, answerMs = ANSWER_MS }: S3Options): S3ClientConfig {
  return {
    region,
    // Stores other than Amazon's have one name for all buckets.
    ...(endpoint === undefined ? {} : { endpoint, forcePathStyle: true }),
    ...(credentials === undefined ? {} : { credentials }),
    // Not every store knows the newer checksums; MD5 is said with each body instead.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    // The deposit tries again by itself.
    maxAttempts: 1,
    requestHandler: {
      connectionTimeout: CONNECT_MS,
      requestTimeout: answerMs,
      socketTimeout: answerMs,
      // Without it the SDK would only warn, and wait for ever.
      throwOnRequestTimeout: true,
      logger: SILENT,
    },
    logger: SILENT,
  }
}

export class S3ObjectStore implements ObjectStore {
  readonly #client: S3Client
  readonly #bucket: string
  readonly #ending = new AbortController()

  constructor(options: S3Options) {
    this.#client = new S3Client(configOf(options))
    this.#bucket = options.bucket
  }

  async put(key: string, bytes: Uint8Array): Promise<void> {
    const command = new PutObjectCommand({ ...this.#at(key), Body: bytes, ContentMD5: md5(bytes) })
    await this.#send((signal) => this.#client.send(command, signal))
  }

  async read(key: string, from: number, to: number): Promise<Readable> {
    const command = new GetObjectCommand({ ...this.#at(key), Range: `bytes=${from}-${to}` })
    const { Body } = await this.#send((signal) => this.#client.send(command, signal))
    if (!(Body instanceof Readable)) throw new ObjectStoreError('refused')
    return Body
  }

  async list(prefix: string): Promise<{ key: string; sizeBytes: number }[]> {
    const found: { key: string; sizeBytes: number }[] = []
    let token: string | undefined
    do {
      const command = new ListObjectsV2Command({
        Bucket: this.#bucket,
        Prefix: prefix,
        ...(token === undefined ? {} : { ContinuationToken: token }),
      })
      const page = await this.#send((signal) => this.#client.send(command, signal))
      for (const { Key, Size } of page.Contents ?? [])
        if (Key !== undefined) found.push({ key: Key, sizeBytes: Size ?? 0 })
      token = page.IsTruncated === true ? page.NextContinuationToken : undefined
    } while (token !== undefined)
    return found
  }

  async delete(key: string): Promise<void> {
    const command = new DeleteObjectCommand(this.#at(key))
    await this.#send((signal) => this.#client.send(command, signal))
  }

  async begin(key: string): Promise<string> {
    const command = new CreateMultipartUploadCommand(this.#at(key))
    const { UploadId } = await this.#send((signal) => this.#client.send(command, signal))
    if (UploadId === undefined) throw new ObjectStoreError('refused')
    return UploadId
  }

  async uploadPart(key: string, upload: string, number: number, bytes: Uint8Array): Promise<TakenPart> {
    const command = new UploadPartCommand({
      ...this.#at(key),
      UploadId: upload,
      PartNumber: number,
      Body: bytes,
      ContentMD5: md5(bytes),
    })
    const { ETag } = await this.#send((signal) => this.#client.send(command, signal))
    if (ETag === undefined) throw new ObjectStoreError('refused')
    return { etag: ETag }
  }

  async complete(key: string, upload: string, parts: readonly TakenPart[]): Promise<void> {
    const Parts = parts.map(({ etag }, index) => ({ ETag: etag, PartNumber: index + 1 }))
    const command = new CompleteMultipartUploadCommand({
      ...this.#at(key),
      UploadId: upload,
      MultipartUpload: { Parts },
    })
    await this.#send((signal) => this.#client.send(command, signal))
  }

  async abort(key: string, upload: string): Promise<void> {
    const command = new AbortMultipartUploadCommand({ ...this.#at(key), UploadId: upload })
    await this.#send((signal) => this.#client.send(command, signal)).catch((error: unknown) => {
      if (!(error instanceof ObjectStoreError) || error.code !== 'upload-unknown') throw error
    })
  }

  close(): void {
    this.#ending.abort()
    this.#client.destroy()
  }

  async #send<T>(ask: (options: { abortSignal: AbortSignal }) => Promise<T>): Promise<T> {
    try {
      return await ask({ abortSignal: this.#ending.signal })
    } catch (error) {
      throw new ObjectStoreError(codeOf(error))
    }
  }

  #at(key: string): { Bucket: string; Key: string } {
    return { Bucket: this.#bucket, Key: key }
  }
}

function codeOf(error: unknown): ObjectStoreCode {
  if (!(error instanceof S3ServiceException)) return 'unreachable'
  if (error.name === 'NoSuchUpload') return 'upload-unknown'
  const status = error.$metadata.httpStatusCode ?? 500
  if (status === 404) return 'not-found'
  return status >= 500 ? 'unreachable' : 'refused'
}
