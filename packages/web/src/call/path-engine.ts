/**
 * The heavy half of a connection test, loaded when one begins: sends synthetic media through the media engine over one
 * path, encrypted by the frame worker under a random key that this page alone has, and reads what comes back.
 */
import type { AskServer } from '@huisclos/participant'
import type { EventOf, RtpCapabilities } from '@huisclos/protocol'
import { BrowserMedia } from '../platform/browser-media.ts'
import frameWorkerUrl from '../platform/frame.worker.ts?worker&url'
import type { WorkerPort } from '../platform/frame-worker-link.ts'
import { testMedia } from '../platform/test-media.ts'
import { trustedScriptUrl } from '../platform/trusted-urls.ts'
import type { PathResult } from '../ui/quality-ports.ts'
import type { PathSample } from './path-result.ts'
import { judgePath } from './path-result.ts'

export { quickPath } from '../platform/quick-path.ts'

export interface PathTest {
  request: AskServer
  routerRtp: RtpCapabilities
  protocol: 'udp' | 'tcp'
  /** The line's consumers, as they come; the result ends it. */
  onConsumer(heard: (offer: EventOf<'media.consumer'>) => void): () => void
  signal: AbortSignal
  /** 0..1 of this path. */
  progress(done: number): void
}

const CONNECT_MS = 4_500
const MEASURE_MS = 4_500
const STEP_MS = 250
const STREAMS = { video: 0, audio: 1 } as const

/** Rejects with a `MediaError` `unsupported-browser`, or what a request rejects with. */
export async function measurePath(test: PathTest): Promise<PathResult> {
  const media = new BrowserMedia({
    createFrameWorker: () =>
      new Worker(trustedScriptUrl(frameWorkerUrl), { type: 'module', name: 'frames' }) as WorkerPort,
    only: test.protocol,
  })
  const made = testMedia()
  const shown: HTMLVideoElement[] = []
  const endConsumers = test.onConsumer((offer) => {
    void receive(media, test.request, offer).then(
      (track) => shown.push(play(track)),
      () => undefined,
    )
  })
  try {
    let isConnected = false
    media.on = {
      transport: (state) => {
        isConnected = state === 'connected'
      },
      waiting: () => undefined,
      forged: () => undefined,
    }
    await media.open({ request: test.request, routerRtp: test.routerRtp, tcpOnly: test.protocol === 'tcp' })
    const baseKey = crypto.getRandomValues(new Uint8Array(32))
    media.installEpoch({ epoch: 0, baseKey, removed: [], retireAfterMs: 0 })
    media.sendWith({ epoch: 0, leaf: 0 })
    await media.publish({ source: 'camera', track: made.picture, stream: STREAMS.video, paused: false })
    await media.publish({ source: 'microphone', track: made.sound, stream: STREAMS.audio, paused: false })
    return judgePath(await sample(media, test, () => isConnected))
  } finally {
    endConsumers()
    made.stop()
    media.close()
    for (const element of shown) element.srcObject = null
  }
}

async function receive(
  media: BrowserMedia,
  request: AskServer,
  offer: EventOf<'media.consumer'>,
): Promise<MediaStreamTrack> {
  const track = await media.consume(offer)
  media.announce(offer.consumer, { leaf: 0, stream: STREAMS[offer.kind] })
  await request({ t: 'media.want', consumer: offer.consumer, paused: false })
  return track
}

/** Nowhere on the page and mute; a picture that nobody plays need not be decoded. */
function play(track: MediaStreamTrack): HTMLVideoElement {
  const element = document.createElement('video')
  element.muted = true
  element.srcObject = new MediaStream([track])
  void element.play().catch(() => undefined)
  return element
}

/** None when it did not connect in time. */
async function sample(
  media: BrowserMedia,
  { signal, progress }: PathTest,
  connected: () => boolean,
): Promise<PathSample[]> {
  const began = performance.now()
  while (!connected()) {
    if (signal.aborted || performance.now() - began > CONNECT_MS) return []
    await pause(STEP_MS / 2)
    progress(Math.min(0.4, ((performance.now() - began) / CONNECT_MS) * 0.4))
  }
  const samples: PathSample[] = []
  const connectedAt = performance.now()
  while (!signal.aborted && performance.now() - connectedAt < MEASURE_MS) {
    await pause(STEP_MS)
    const statistics = await media.stats()
    if (statistics) samples.push({ at: performance.now(), statistics })
    progress(0.4 + 0.6 * Math.min(1, (performance.now() - connectedAt) / MEASURE_MS))
  }
  return samples
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
