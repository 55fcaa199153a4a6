/** Puts a host's signature into the manifest of a recording that has ended. */
import { equalBytes } from '../format/byte-cursor.ts'
import { decodeManifest, encodeManifest, MANIFEST_NAME, MAX_SIGNATURE_BYTES } from '../format/manifest.ts'
import type { RecordingStore } from './recording-store.ts'

/**
 * False when there is no manifest with this statement, when it is signed already, or the signature is too long; whether it
 * is a host's is for the caller to know. Throws a StoreError.
 */
export async function signManifest(
  store: RecordingStore,
  statement: Uint8Array,
  signature: Uint8Array,
): Promise<boolean> {
  const file = (await store.list()).find(({ name }) => name === MANIFEST_NAME)
  if (!file || signature.length === 0 || signature.length > MAX_SIGNATURE_BYTES) return false
  const manifest = decodeManifest(await store.read(MANIFEST_NAME, 0, file.sizeBytes))
  if (!manifest || manifest.signature.length > 0 || !equalBytes(manifest.statement, statement)) return false
  await store.replace(MANIFEST_NAME, encodeManifest({ statement, signature }))
  return true
}
