/**
 * The page's end of the frame worker: starts it, sends it keys and announcements, gives its reports to whoever
 * listens, and attaches its transforms to senders and receivers. Fails closed: a sender or receiver that cannot get a
 * transform throws `unsupported-browser` and is never used (FRM2).
 */
import type { Source } from '@huisclos/participant'
import { NOTHING_COUNTED } from './frame-counts.ts'
import type { FrameCounts, FromFrameWorker, ToFrameWorker, TransformRole } from './frame-messages.ts'
import { MediaError } from './media-error.ts'

/** `script`: RTCRtpScriptTransform. `streams`: Chromium's older `createEncodedStreams`. */
export type TransformApi = 'script' | 'streams'

/** The part of `Worker` that is used; tests bring their own. */
export interface WorkerPort {
  postMessage(message: ToFrameWorker, transfer?: Transferable[]): void
  addEventListener(type: 'message', heard: (event: MessageEvent<FromFrameWorker>) => void): void
  addEventListener(type: 'error' | 'messageerror', heard: () => void): void
  terminate(): void
}

export interface FrameReports {
  waiting(consumer: string, waiting: boolean): void
  forged(consumer: string): void
  needsKeyFrame(consumer: string): void
  /** A recording wants a key frame of one's own picture, and this browser makes it for the page alone. */
  ownKeyFrame(source: Source): void
  /** The worker died or a key could not be installed: media must be opened anew. */
  fault(): void
}

/** What of the global scope tells which API there is. */
export interface TransformScope {
  RTCRtpScriptTransform?: unknown
  RTCRtpSender?: { prototype: object }
}

interface EncodedStreams {
  createEncodedStreams(): { readable: ReadableStream; writable: WritableStream }
}

/** How this browser gives access to encoded frames; null: not at all, so no meeting can be joined with media. */
export function transformApi(scope: TransformScope = globalThis): TransformApi | null {
  if (scope.RTCRtpScriptTransform) return 'script'
  const sender = scope.RTCRtpSender?.prototype
  return sender && 'createEncodedStreams' in sender ? 'streams' : null
}

type CountersTold = Extract<FromFrameWorker, { t: 'counters' }>
type HeardTold = Extract<FromFrameWorker, { t: 'heard' }>

export class FrameWorkerLink {
  readonly #worker: WorkerPort
  readonly #api: TransformApi
  readonly #reports: FrameReports
  readonly #asked = new Map<number, (answer: CountersTold | HeardTold | null) => void>()
  #asks = 0
  #counts: FrameCounts = NOTHING_COUNTED

  constructor(worker: WorkerPort, api: TransformApi, reports: FrameReports) {
    this.#worker = worker
    this.#api = api
    this.#reports = reports
    worker.addEventListener('message', (event) => this.#hear(event.data))
    worker.addEventListener('error', () => reports.fault())
    worker.addEventListener('messageerror', () => reports.fault())
  }

  /** Totals of the worker's last report. */
  get counts(): FrameCounts {
    return this.#counts
  }

  send(message: Exclude<ToFrameWorker, { t: 'streams' | 'counters' | 'heard' | 'record' }>): void {
    this.#worker.postMessage(message)
  }

  /** LREC1: where clear frames go while this computer records; null ends that. */
  record(port: MessagePort | null): void {
    this.#worker.postMessage({ t: 'record', port }, port ? [port] : [])
  }

  /** To be called in the very turn in which the sender or receiver appeared, before any frame can pass. */
  attach(end: RTCRtpSender | RTCRtpReceiver, role: TransformRole): void {
    if (this.#api === 'script') {
      // The browser wants the worker itself, which the port hides from everything else.
      end.transform = new RTCRtpScriptTransform(this.#worker as unknown as Worker, role)
      return
    }
    if (!('createEncodedStreams' in end)) throw new MediaError('unsupported-browser')
    const { readable, writable } = (end as EncodedStreams).createEncodedStreams()
    this.#worker.postMessage({ t: 'streams', transform: role, readable, writable }, [readable, writable])
  }

  async counters(): Promise<CountersTold['counters']> {
    const told = await this.#ask('counters')
    return told?.t === 'counters' ? told.counters : []
  }

  async heardCounters(): Promise<HeardTold['heard']> {
    const told = await this.#ask('heard')
    return told?.t === 'heard' ? told.heard : []
  }

  /** Ends the worker, and with it every key and counter in it. */
  terminate(): void {
    this.#worker.terminate()
    for (const resolve of this.#asked.values()) resolve(null)
    this.#asked.clear()
  }

  #ask(t: 'counters' | 'heard'): Promise<CountersTold | HeardTold | null> {
    const ask = ++this.#asks
    return new Promise((resolve) => {
      this.#asked.set(ask, resolve)
      this.#worker.postMessage({ t, ask })
    })
  }

  #hear(message: FromFrameWorker): void {
    const reports = this.#reports
    if (message.t === 'waiting') reports.waiting(message.consumer, message.waiting)
    else if (message.t === 'forged') reports.forged(message.consumer)
    else if (message.t === 'needs-key-frame') reports.needsKeyFrame(message.consumer)
    else if (message.t === 'own-key-frame') reports.ownKeyFrame(message.source)
    else if (message.t === 'fault') reports.fault()
    else if (message.t === 'report') this.#counts = message.counts
    else {
      this.#asked.get(message.ask)?.(message)
      this.#asked.delete(message.ask)
    }
  }
}
