/** The same encoded sound and pictures in a file of another kind: nothing is encoded anew. */
import type { StreamTargetChunk } from 'mediabunny'
import { BlobSource, Conversion, Input, Mp4OutputFormat, Output, StreamTarget, WEBM } from 'mediabunny'
import { VaultError } from '../vault-error.ts'

/** From a WebM file of the vault's own. `onProgress`: 0 to 1. Throws `file-unreadable`. */
export async function rewrapAsMp4(
  file: Blob,
  writable: WritableStream<StreamTargetChunk>,
  onProgress: (part: number) => void = () => {},
): Promise<void> {
  const input = new Input({ formats: [WEBM], source: new BlobSource(file) })
  const format = new Mp4OutputFormat({ fastStart: 'fragmented' })
  const output = new Output({ format, target: new StreamTarget(writable, { chunked: true }) })
  const conversion = await Conversion.init({ input, output, copy: { mode: 'forced' }, showWarnings: false })
  if (!conversion.isValid || conversion.discardedTracks.length > 0) throw new VaultError('file-unreadable')
  conversion.onProgress = onProgress
  await conversion.execute()
}
