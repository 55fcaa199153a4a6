/** One contract for every store of objects: the one on S3 (against a small stand-in for it) and the one of the tests. */
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Readable } from 'node:stream'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { TestBucket } from '../../test/bucket.ts'
import { BUCKET, CREDENTIALS, startBucket } from '../../test/bucket.ts'
import { MemoryObjectStore } from '../../test/memory-object-store.ts'
import type { ObjectStore } from './object-store.ts'
import { S3ObjectStore } from './s3-object-store.ts'

let bucket: TestBucket
beforeAll(async () => {
  bucket = await startBucket()
})
afterAll(() => bucket[Symbol.asyncDispose]())

const s3 = (endpoint: string, credentials = CREDENTIALS) =>
  new S3ObjectStore({ bucket: BUCKET, region: 'us-east-1', endpoint, credentials })
const bytesOf = async (stream: Readable): Promise<Buffer> =>
  Buffer.concat((await Array.fromAsync(stream)) as Buffer[])
const sizes = async (store: ObjectStore, prefix: string) =>
  (await store.list(prefix)).map(({ key, sizeBytes }) => [key, sizeBytes]).sort()

describe.each([
  ['S3', () => s3(bucket.endpoint)],
  ['memory', () => new MemoryObjectStore()],
])('a store of objects: %s', (_name, make) => {
  test('[REC24] gives back what it got, whole and in ranges', async () => {
    const store = make()
    const bytes = randomBytes(4_000)
    await store.put('a/one', bytes)
    expect(await bytesOf(await store.read('a/one', 0, 3_999))).toEqual(bytes)
    expect(await bytesOf(await store.read('a/one', 100, 199))).toEqual(bytes.subarray(100, 200))
    await expect(store.read('a/none', 0, 1)).rejects.toMatchObject({ code: 'not-found' })
    store.close()
  })

  test('[REC24] lists by the beginning of a key, and deletes', async () => {
    const store = make()
    for (const key of ['b/x/1', 'b/x/2', 'b/x.json', 'c/x/1'])
      await store.put(key, new Uint8Array(key.length))
    expect(await sizes(store, 'b/x/')).toEqual([
      ['b/x/1', 5],
      ['b/x/2', 5],
    ])
    await store.delete('b/x/1')
    await store.delete('b/x/1')
    expect(await sizes(store, 'b/')).toEqual([
      ['b/x.json', 8],
      ['b/x/2', 5],
    ])
    store.close()
  })

  test('[REC24] an object in parts is there once it is whole, whoever completes it', async () => {
    const store = make()
    const parts = [randomBytes(3_000), randomBytes(1_000)]
    const upload = await store.begin('d/parts')
    const taken = [await store.uploadPart('d/parts', upload, 1, parts[0] as Buffer)]
    expect(await store.list('d/')).toEqual([])
    taken.push(await store.uploadPart('d/parts', upload, 2, parts[1] as Buffer))
    await store.complete('d/parts', upload, taken)
    expect(await bytesOf(await store.read('d/parts', 0, 3_999))).toEqual(Buffer.concat(parts))
    store.close()
  })
})

test('[REC24] an upload that the store has forgotten is told apart, and calling it off is no error', async () => {
  // The stand-in takes parts of any upload: this answers as S3's API reference says.
  const body = '<Error><Code>NoSuchUpload</Code><Message>The upload does not exist.</Message></Error>'
  const answer = createServer((request, response) => {
    request.resume()
    response.writeHead(404, { 'content-type': 'application/xml' }).end(body)
  }).listen(0, '127.0.0.1')
  await once(answer, 'listening')
  const store = s3(`http://127.0.0.1:${(answer.address() as AddressInfo).port}`)
  const asked = store.uploadPart('e/gone', 'forgotten', 1, new Uint8Array(10))
  await expect(asked).rejects.toMatchObject({ code: 'upload-unknown' })
  await store.abort('e/gone', 'forgotten')
  store.close()
  answer.close()
})

test('[REC24] a store that takes a request and never answers is as good as none, and closing ends the wait', async () => {
  const mute = createServer((request) => void request.resume()).listen(0, '127.0.0.1')
  await once(mute, 'listening')
  const endpoint = `http://127.0.0.1:${(mute.address() as AddressInfo).port}`
  const options = { bucket: BUCKET, region: 'us-east-1', endpoint, credentials: CREDENTIALS }
  const hasty = new S3ObjectStore({ ...options, answerMs: 200 })
  await expect(hasty.put('g', new Uint8Array(1))).rejects.toMatchObject({ code: 'unreachable' })
  hasty.close()
  const patient = new S3ObjectStore(options)
  const asked = expect(patient.put('g', new Uint8Array(1))).rejects.toMatchObject({ code: 'unreachable' })
  await once(mute, 'request')
  patient.close()
  await asked
  mute.closeAllConnections()
  mute.close()
})

test('[REC24] a store that is not there, or refuses, is told without its address and without a secret', async () => {
  const gone = s3('http://127.0.0.1:9')
  const refused = s3(bucket.endpoint, { accessKeyId: 'not-known', secretAccessKey: 'not-the-secret' })
  const errors: { code?: string; message: string; stack?: string }[] = []
  for (const store of [gone, refused]) {
    await store.put('f', new Uint8Array(1)).catch((error) => errors.push(error))
    store.close()
  }
  expect(errors.map(({ code }) => code)).toEqual(['unreachable', 'refused'])
  for (const error of errors) {
    expect(error).not.toHaveProperty('cause')
    expect(JSON.stringify([error.message, error.stack, error])).not.toMatch(
      /127\.0\.0\.1|not-known|not-the-secret/,
    )
  }
})
