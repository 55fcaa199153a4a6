/** What the frame worker hands to the recording worker: clear frames in small batches, over a port of their own. */
import type { PersonSource } from '@huisclos/participant'
import type { RecordedCodec } from './journal-facts.ts'

export interface TappedFrame {
  /** Whose it is: a member's pseudonym, or empty for this page's own. */
  readonly person: string
  /** Where that member sits; null for this page's own. */
  readonly leaf: number | null
  /** Callers of a telephone bridge agree to no recording. */
  readonly source: PersonSource
  readonly codec: RecordedCodec
  /** Differs between streams that a person sent one after the other under one source. */
  readonly stream: number
  /** Differs between the layers of one's own camera, 0 where the browser does not tell. */
  readonly layer: number
  readonly key: boolean
  readonly rtp: number
  /** Unix milliseconds of this device, when the frame was there. */
  readonly at: number
  readonly data: ArrayBuffer
}

export interface TappedBatch {
  readonly frames: readonly TappedFrame[]
  /** Frames before these were dropped because the recording worker was too far behind. */
  readonly gap: boolean
  readonly sizeBytes: number
}

/** The recording worker has written so many bytes: so many more may come. */
export interface BatchWritten {
  readonly writtenBytes: number
}
