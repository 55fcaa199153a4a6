/** A recording as files that somebody gave, read in pieces; the browser reads them from where they are. */
import type { RecordingSource } from '@huisclos/vault'

/** Reads of a recording mostly go on where the last one ended. */
const WINDOW_BYTES = 1024 * 1024

export function blobsAsRecording(files: readonly { name: string; blob: Blob }[]): RecordingSource {
  const blobs = new Map(files.map(({ name, blob }) => [name, blob]))
  let window = { name: '', from: 0, bytes: new Uint8Array() }
  return {
    list: async () => files.map(({ name, blob }) => ({ name, sizeBytes: blob.size })),
    async read(name, offset, lengthBytes) {
      const { from, bytes } = window
      if (name === window.name && offset >= from && offset + lengthBytes <= from + bytes.length)
        return bytes.slice(offset - from, offset - from + lengthBytes)
      const blob = blobs.get(name)
      if (!blob) throw new Error('file-unreadable')
      const until = offset + Math.max(lengthBytes, WINDOW_BYTES)
      window = { name, from: offset, bytes: new Uint8Array(await blob.slice(offset, until).arrayBuffer()) }
      return window.bytes.slice(0, lengthBytes)
    },
  }
}
