/** A file that is read in pieces, so that hours of recording need no memory. */

export interface ByteSource {
  readonly sizeBytes: number
  /** Shorter only at the end of the file. */
  read(at: number, sizeBytes: number): Promise<Uint8Array<ArrayBuffer>>
}

export function blobSource(blob: Blob): ByteSource {
  return {
    sizeBytes: blob.size,
    read: async (at, sizeBytes) => new Uint8Array(await blob.slice(at, at + sizeBytes).arrayBuffer()),
  }
}

const WINDOW_BYTES = 4 * 1024 * 1024

/** Reads that come mostly in order are answered from one window of the file. */
export function windowed(source: ByteSource): ByteSource {
  let start = 0
  let held = new Uint8Array(0)
  return {
    sizeBytes: source.sizeBytes,
    async read(at, sizeBytes) {
      if (at < start || at + sizeBytes > start + held.length) {
        start = at
        held = await source.read(at, Math.max(sizeBytes, WINDOW_BYTES))
      }
      return held.subarray(at - start, at - start + sizeBytes)
    },
  }
}
