/** Starts the worker that opens recordings; its script is a file of the build (WEB1). */
import { trustedScriptUrl } from '../platform/trusted-urls.ts'
import type { OpenerLink } from './model/opening.ts'
import openerUrl from './worker/opener.worker.ts?worker&url'
import type { FromOpener } from './worker/opener-messages.ts'

export function startOpener(): OpenerLink {
  const worker = new Worker(trustedScriptUrl(openerUrl), { type: 'module', name: 'opener' })
  return {
    send: (message) => worker.postMessage(message),
    onMessage: (heard) => {
      worker.addEventListener('message', ({ data }: MessageEvent<FromOpener>) => heard(data))
      worker.addEventListener('error', () =>
        heard({ t: 'refused', refusal: { code: 'fault', about: 'worker' } }),
      )
    },
    terminate: () => worker.terminate(),
  }
}
