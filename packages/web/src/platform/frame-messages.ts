/**
 * What the page and the frame worker tell each other (FRM3): keys, who sends what, and once a second what became of
 * the frames. No message is sent per frame, none carries a frame.
 */
import type { Codec, FrameRefusal, MediaKind } from '@huisclos/crypto/sframe'
import type { HeardStream, Source } from '@huisclos/participant'

/**
 * What a transform is for: the options of `RTCRtpScriptTransform`, or sent along with the streams. `packetBytes`: the
 * constant size of Opus packets (FRM4).
 */
export type TransformRole =
  | {
      role: 'send'
      stream: number
      source: Source
      codec: Codec
      kind: MediaKind
      packetBytes: number
      paused: boolean
    }
  | { role: 'receive'; consumer: string; codec: Codec; kind: MediaKind }

/** Without source and member nothing of it is recorded. */
export interface HeardSender {
  leaf: number
  stream: number
  source?: Source
  member?: string
}

export interface EpochKeys {
  epoch: number
  /** 32 bytes (KEY1); the receiver of the message owns this copy and wipes it. */
  baseKey: Uint8Array
  removed: number[]
  retireAfterMs: number
}

export type ToFrameWorker =
  | ({ t: 'install' } & EpochKeys)
  | { t: 'strike'; epoch: number }
  | { t: 'send-with'; epoch: number; leaf: number }
  | { t: 'stop-sending' }
  /** A paused stream's frames are dropped in the worker, whatever the browser goes on encoding. */
  | { t: 'pause'; stream: number; paused: boolean }
  | { t: 'end-stream'; stream: number }
  | { t: 'announce'; consumer: string; sender: HeardSender | null }
  | { t: 'drop'; consumer: string }
  | { t: 'counters'; ask: number }
  | { t: 'heard'; ask: number }
  /** Where there is no `RTCRtpScriptTransform`: the two streams of `createEncodedStreams`, transferred. */
  | { t: 'streams'; transform: TransformRole; readable: ReadableStream; writable: WritableStream }
  /** LREC1: copies of clear frames go to this port, of nobody until `record-only`; null ends that. */
  | { t: 'record'; port: MessagePort | null }
  /** LREC2: of these leaves from now on, and of one's own. */
  | { t: 'record-only'; leaves: readonly number[]; own: boolean }
  /** A key frame of one's own picture, where the browser gives one here; see `own-key-frame`. */
  | { t: 'key-frame'; source: Source }
  /** The page closes its media to open it anew. */
  | { t: 'suspend' }
  | { t: 'clear' }

/** Why a frame was not sent: no keys yet, paused, or not a frame of its codec. */
export type SendRefusal = 'no-key' | 'malformed' | 'too-large' | 'paused'
/** Why a frame was not opened; `unannounced`: nobody is known to send on this consumer (FRM5). */
export type OpenRefusal = FrameRefusal | 'unannounced'

export interface FrameCounts {
  sealed: number
  opened: number
  /** Milliseconds that all sealed, all opened frames together took, waiting for the cipher included. */
  sealMs: number
  openMs: number
  notSent: Partial<Record<SendRefusal, number>>
  notOpened: Partial<Record<OpenRefusal, number>>
}

export type FromFrameWorker =
  | { t: 'waiting'; consumer: string; waiting: boolean }
  | { t: 'forged'; consumer: string }
  /** Frames open, but a key frame is missing: ask the sender for one (KEY4). At most once a second and consumer. */
  | { t: 'needs-key-frame'; consumer: string }
  /** At most once a second, and only when something changed. Totals since the worker began. */
  | { t: 'report'; counts: FrameCounts }
  | { t: 'counters'; ask: number; counters: { stream: number; counter: string }[] }
  | { t: 'heard'; ask: number; heard: HeardStream[] }
  /** This browser makes key frames only when the page asks its sender. */
  | { t: 'own-key-frame'; source: Source }
  /** A transform ended with an error; the page opens its media again. Carries nothing of the cause. */
  | { t: 'fault' }
