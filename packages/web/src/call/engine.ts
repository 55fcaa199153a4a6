/**
 * The heavy half of a call, loaded after the pre-join screen is there: the meeting engine, the media adapter, the MLS
 * worker and the frame worker, put together. Nothing else composes them.
 */
import type { MeetingControls, MeetingOptions, Ports } from '@huisclos/participant'
import { Meeting } from '@huisclos/participant'
import { WEBSOCKET_PATH } from '@huisclos/protocol'
import { BrowserMedia } from '../platform/browser-media.ts'
import frameWorkerUrl from '../platform/frame.worker.ts?worker&url'
import type { WorkerPort } from '../platform/frame-worker-link.ts'
import type { GroupWorkerPort } from '../platform/group-worker.ts'
import { workerEngine } from '../platform/group-worker.ts'
import type { MediaStatistics } from '../platform/media-statistics.ts'
import mlsWorkerUrl from '../platform/mls.worker.ts?worker&url'
import { watchNetwork } from '../platform/network-watch.ts'
import { openSocket } from '../platform/open-socket.ts'
import type { VideoCodec } from '../platform/send-profile.ts'
import { steadyClock } from '../platform/steady-clock.ts'
import { trustedScriptUrl } from '../platform/trusted-urls.ts'
import type { FrameSource } from './local-recorder.ts'

export interface Engine {
  readonly meeting: MeetingControls<MediaStreamTrack>
  /** The path, the hop's cipher and what each stream carries; null while media is closed. */
  stats(): Promise<MediaStatistics | null>
  /** DEV7: sends no more than the smallest picture of the camera, from now on and after each reconnection. */
  limitCamera(low: boolean): void
  /** LREC1: what a recording on this computer listens to. */
  readonly frames: FrameSource
}

const startWorker = (url: string, name: string): Worker =>
  new Worker(trustedScriptUrl(url), { type: 'module', name })

export function createEngine(options: MeetingOptions, videoCodec: VideoCodec): Engine {
  const media = new BrowserMedia({
    createFrameWorker: () => startWorker(frameWorkerUrl, 'frames') as WorkerPort,
    videoCodec,
  })
  const ports: Ports<MediaStreamTrack> = {
    connect: () => openSocket(WEBSOCKET_PATH),
    createGroup: () => workerEngine(startWorker(mlsWorkerUrl, 'group') as GroupWorkerPort),
    media,
    clock: {
      now: steadyClock(),
      setTimer(delayMs, run) {
        const timer = setTimeout(run, delayMs)
        return () => clearTimeout(timer)
      },
    },
    watchNetwork,
    random: (sizeBytes) => crypto.getRandomValues(new Uint8Array(sizeBytes)),
  }
  return {
    meeting: new Meeting<MediaStreamTrack>(options, ports),
    stats: () => media.stats(),
    limitCamera: (low) => media.limitCamera(low),
    frames: media,
  }
}
