/** The two workers of a recording on this computer, started when they are needed. */
import exporterUrl from '../platform/recording/exporter.worker.ts?worker&url'
import recorderUrl from '../platform/recording/recorder.worker.ts?worker&url'
import type { FromExporter, FromRecorder } from '../platform/recording/recording-messages.ts'
import { trustedScriptUrl } from '../platform/trusted-urls.ts'
import type { ExporterLink } from './kept-recordings.ts'
import type { RecorderLink } from './local-recorder.ts'

const start = (url: string, name: string): Worker =>
  new Worker(trustedScriptUrl(url), { type: 'module', name })

export function startRecorder(): RecorderLink {
  const worker = start(recorderUrl, 'recorder')
  return {
    send: (message, transfer = []) => worker.postMessage(message, transfer),
    onMessage: (heard) => {
      worker.addEventListener('message', ({ data }: MessageEvent<FromRecorder>) => heard(data))
      worker.addEventListener('error', () => heard({ t: 'failed', why: 'storage-refused' }))
    },
    terminate: () => worker.terminate(),
  }
}

export function startExporter(): ExporterLink {
  const worker = start(exporterUrl, 'exporter')
  return {
    send: (message) => worker.postMessage(message),
    onMessage: (heard) =>
      worker.addEventListener('message', ({ data }: MessageEvent<FromExporter>) => heard(data)),
  }
}
