/**
 * Runs published SFrame vectors against this package, each both ways: a header is encoded and decoded, a frame
 * sealed and opened, and every intermediate value that the file gives is compared. A vector of a suite that is
 * not here counts as skipped, never as passed.
 */
import type { Bytes } from '../src/bytes.ts'
import { concat, encodeHex, equal } from '../src/bytes.ts'
import type { ImportGcm } from '../src/sframe/aead.ts'
import { importAesGcm } from '../src/sframe/aead.ts'
import { nonceOf, open, seal } from '../src/sframe/cipher.ts'
import { deriveKeyMaterial, deriveKeys } from '../src/sframe/derive.ts'
import { decodeHeader, encodeHeader } from '../src/sframe/header.ts'
import { isSuiteId, suiteOf } from '../src/sframe/suites.ts'
import type { AeadVector, FrameVector, HeaderVector } from './vector-file.ts'
import { INTERMEDIATES, parseVectorFile } from './vector-file.ts'

/** `failures` has a line for each vector that failed. */
export type VectorReport = { passed: number; failures: string[]; skipped: number }

type Check = () => string | undefined | Promise<string | undefined>

/**
 * `text` is the file's content, `gcm` what AES-GCM is done with. Throws `VectorFileError` when it is not of the published
 * shape.
 */
export async function runVectors(text: string, gcm: ImportGcm = importAesGcm): Promise<VectorReport> {
  const file = parseVectorFile(text)
  const report: VectorReport = { passed: 0, failures: [], skipped: 0 }
  const run = async (name: string, check: Check) => {
    const wrong = await attempt(check)
    if (wrong === undefined) report.passed++
    else report.failures.push(`${name}: ${wrong}`)
  }
  const runIfSuite = async (name: string, suite: number, check: Check) => {
    if (isSuiteId(suite)) await run(name, check)
    else report.skipped++
  }
  for (const [i, vector] of file.headers.entries()) await run(`header[${i}]`, () => checkHeader(vector))
  for (const [i, vector] of file.aeads.entries()) {
    await runIfSuite(`aead[${i}]`, vector.suite, () => checkAead(vector))
  }
  for (const [i, vector] of file.frames.entries()) {
    await runIfSuite(`sframe[${i}]`, vector.suite, () => checkFrame(vector, gcm))
  }
  return report
}

function checkHeader({ kid, ctr, encoded }: HeaderVector): string | undefined {
  const ours = encodeHeader({ kid, ctr })
  if (!equal(ours, encoded)) return `encodes to ${encodeHex(ours)}, not ${encodeHex(encoded)}`
  const decoded = decodeHeader(encoded)
  if (!decoded.ok) return `does not decode: ${decoded.code}`
  if (decoded.kid !== kid || decoded.ctr !== ctr)
    return `decodes to key id ${decoded.kid}, counter ${decoded.ctr}`
  return decoded.sizeBytes === encoded.length ? undefined : `decodes ${decoded.sizeBytes} bytes only`
}

async function checkFrame(vector: FrameVector, gcm: ImportGcm): Promise<string | undefined> {
  const { suite, kid, ctr, baseKey, metadata, plaintext, ciphertext } = vector
  const wrong = differingIntermediate(vector)
  if (wrong) return wrong
  const sealed = await seal(await deriveKeys(suite, kid, baseKey, 'seal', gcm), ctr, metadata, plaintext)
  if (!equal(sealed, ciphertext)) return `encrypts to ${encodeHex(sealed)}`
  const opened = await open(await deriveKeys(suite, kid, baseKey, 'open', gcm), metadata, ciphertext)
  if (!opened.ok) return `does not decrypt: ${opened.code}`
  return equal(opened.plaintext, plaintext) && opened.ctr === ctr ? undefined : 'decrypts to something else'
}

function differingIntermediate({
  suite,
  kid,
  ctr,
  baseKey,
  metadata,
  expected,
}: FrameVector): string | undefined {
  const material = deriveKeyMaterial(suite, kid, baseKey)
  const ours: Record<(typeof INTERMEDIATES)[number], Bytes> = {
    sframe_key_label: material.keyLabel,
    sframe_salt_label: material.saltLabel,
    sframe_secret: material.secret,
    sframe_key: material.key,
    sframe_salt: material.salt,
    nonce: nonceOf(material.salt, ctr),
    aad: concat(encodeHeader({ kid, ctr }), metadata),
  }
  const name = INTERMEDIATES.find((field) => expected[field] && !equal(expected[field], ours[field]))
  return name && `${name} differs: ${encodeHex(ours[name])}`
}

async function checkAead({
  suite,
  key,
  nonce,
  aad,
  plaintext,
  ciphertext,
}: AeadVector): Promise<string | undefined> {
  const { importKey } = suiteOf(suite)
  const sealed = await (await importKey(key, 'seal')).seal(nonce, aad, plaintext)
  if (!equal(sealed, ciphertext)) return `encrypts to ${encodeHex(sealed)}`
  const opened = await (await importKey(key, 'open')).open(nonce, aad, ciphertext)
  return opened && equal(opened, plaintext) ? undefined : 'does not decrypt'
}

async function attempt(check: Check): Promise<string | undefined> {
  try {
    return await check()
  } catch (error) {
    return error instanceof Error ? error.message : 'threw'
  }
}
