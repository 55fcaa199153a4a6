/**
 * The port to media: transports, producers, consumers and the frame worker that encrypts. Adapters: the browser's
 * (mediasoup-client), the bots' and a fake. An adapter fails closed: without keys nothing is sent or rendered (FRM2);
 * it never decides who may be heard, that is told to it by `announce` (FRM5).
 */

import type {
  ConsumerId,
  EventOf,
  ProducerId,
  RequestOf,
  RequestType,
  ResultOf,
  RtpCapabilities,
} from '@huisclos/protocol'
import type { HeardStream } from './counter-check.ts'
import type { Ms } from './ports.ts'

/** The sound of one caller of a telephone bridge (TEL3). */
export type CallerSource = `caller-${number}`
/** What a person sends. */
export type PersonSource = 'microphone' | 'camera' | 'screen' | 'screen-audio'
export type Source = PersonSource | CallerSource

/** Of one bridge in one meeting: the server takes no more streams of a peer. */
export const MAX_CALLERS = 16
export const callerSource = (caller: number): CallerSource => `caller-${caller}`
export const isCallerSource = (source: Source): source is CallerSource => source.startsWith('caller-')
/** Somebody's own voice: what a host's word on microphones is about. */
export const isVoice = (source: Source): boolean => source === 'microphone' || isCallerSource(source)

export const SOURCES: readonly Source[] = [
  'microphone',
  'camera',
  'screen',
  'screen-audio',
  ...Array.from({ length: MAX_CALLERS }, (_, caller) => callerSource(caller)),
]
export const kindOfSource = (source: Source): 'audio' | 'video' =>
  source === 'camera' || source === 'screen' ? 'video' : 'audio'

export type TransportState = 'connecting' | 'connected' | 'disconnected' | 'failed'

/** A request without its number, which the signalling client gives it. */
export type RequestBody<T extends RequestType> = T extends RequestType ? Omit<RequestOf<T>, 'id'> : never
/** Sends a request, again after a reconnect if need be; rejects with a `SignallingError`. */
export type AskServer = <T extends RequestType>(
  body: Omit<RequestOf<T>, 'id'> & { t: T },
) => Promise<ResultOf<T>>

/** Who is heard on a consumer, as a signed profile announces it. `member`: the pseudonym. */
export interface AnnouncedSender {
  readonly leaf: number
  readonly stream: number
  readonly source: Source
  readonly member: string
}

/** What an adapter reports; set by the engine before `open` and valid across `close` and `open`. */
export interface MediaEvents {
  /** The worse of the two transports. `failed` also when the frame worker died: the engine then reopens. */
  transport(state: TransportState): void
  /** Frames of this consumer have had no key for more than 2 s (FRM2), or have one again. */
  waiting(consumer: ConsumerId, waiting: boolean): void
  /** A frame authenticated under another leaf or stream than announced, or failed its tag (FRM5). */
  forged(consumer: ConsumerId): void
}

/**
 * `open` may follow `close`: then everything published and consumed before is gone, and so are all keys, so that another
 * group or leaf may follow; the engine installs and publishes again. Every method rejects or does nothing before `open`.
 */
export interface MediaAdapter<Track> {
  on: MediaEvents
  /** Makes both transports and sends `media.receive`; consumers then come as events. */
  open(setup: { request: AskServer; routerRtp: RtpCapabilities; tcpOnly?: boolean }): Promise<void>
  /**
   * KEY4: receivers use this epoch's keys from now on. Keys of earlier epochs live `retireAfterMs` more, those of the
   * `removed` leaves end at once. `baseKey`: 32 bytes (KEY1).
   */
  installEpoch(change: { epoch: number; baseKey: Uint8Array; removed: number[]; retireAfterMs: Ms }): void
  /**
   * ORD3: the commit that opened `epoch` was struck. Its keys go, nothing is sent until the next `sendWith`; then
   * `installEpoch` may name the epoch before again (nothing happens if that one still stands).
   */
  strikeEpoch(epoch: number): void
  /** KEY4: senders encrypt under this installed epoch as `leaf` from now on. Counters never go back (KEY2). */
  sendWith(as: { epoch: number; leaf: number }): void
  /** Sends no frame until the next `sendWith` (ROS2, fail closed). */
  stopSending(): void
  /** Starts sending a track under a stream number that was never used in this page's epoch before (KEY2). */
  publish(what: {
    source: Source
    track: Track
    stream: number
    paused: boolean
  }): Promise<{ producer: ProducerId; codec?: 'opus' | 'vp8' | 'vp9' }>
  /** Another track under the same stream number and counter; null sends nothing. */
  replaceTrack(source: Source, track: Track | null): Promise<void>
  /** Paused sends nothing; tells the server too (`media.pause`). */
  setPaused(source: Source, paused: boolean): Promise<void>
  unpublish(source: Source): Promise<void>
  /** Makes the receiving end. Its frames stay shut until `announce`. The engine asks the server to start it. */
  consume(offer: EventOf<'media.consumer'>): Promise<Track>
  /** FRM5: frames of this consumer open only under this leaf and stream; null shuts it. */
  announce(consumer: ConsumerId, sender: AnnouncedSender | null): void
  drop(consumer: ConsumerId): void
  restartIce(): Promise<void>
  /** ROS2: the highest SFrame counter used by each own stream in the sending epoch, as a decimal number. */
  counters(): Promise<{ stream: number; counter: string }[]>
  /** ROS2: the highest SFrame counter that opened, of each leaf and stream heard under the keys that are still here. */
  heardCounters(): Promise<HeardStream[]>
  /**
   * Ends all media and erases all keys. `reopens`: it will be opened again in the same stay, and must then refuse the
   * frames that it has opened before (KEY3).
   */
  close(how?: { reopens: boolean }): void
}
