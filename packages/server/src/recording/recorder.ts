/**
 * The `Recorder` port: what a room asks of whatever stores recordings (REC4, REC9–12). It gets packets and envelopes
 * that it cannot open; it must never hold a key or a name. Adapters: archive-recorder.ts; none where recordings are off.
 */
import type { Epoch, GroupId, PeerId, RecordingId, RecordingReason } from '@huisclos/protocol'
import type { SfuTap, TapSink } from '../media/sfu-tap.ts'
import type { RecorderNews } from '../room/recording.ts'

export interface Envelope {
  readonly group: GroupId
  readonly epoch: Epoch
  readonly peer: PeerId
  readonly part: number
  readonly body: Uint8Array
}

/** Where the streams come from: a tap that survives the loss of a media worker. */
export type OpenTap = (sink: TapSink) => Pick<SfuTap, 'follow' | 'requestKeyFrame' | 'close'>

export interface NewRecording {
  readonly recording: RecordingId
  /** SHA-256 of the owner token: whoever has it may fetch and delete the recording (REC13). */
  readonly ownerHash: Uint8Array
  readonly openTap: OpenTap
  /** Never after `failed` or `unsigned`. */
  readonly onNews: (news: RecorderNews) => void
}

export interface Recorder {
  /** Whether there is room to begin one now. */
  accepts(): boolean
  /** Never throws: what goes wrong comes as news. */
  begin(options: NewRecording): Recording
}

/** One recording that is being made. Nothing here throws; what cannot be written is told as news. */
export interface Recording {
  store(peers: readonly PeerId[]): void
  keep(envelope: Envelope): void
  note(state: 'running' | 'paused', why: RecordingReason): void
  /** Closes the archive; news `sealed` follows, and `unsigned` when nobody signs in time. */
  end(why: RecordingReason): void
  sign(signature: Uint8Array): void
}

/** One that could not be begun: it takes everything and keeps nothing; its room has been told. */
export const brokenRecording: Recording = {
  store: () => undefined,
  keep: () => undefined,
  note: () => undefined,
  end: () => undefined,
  sign: () => undefined,
}
