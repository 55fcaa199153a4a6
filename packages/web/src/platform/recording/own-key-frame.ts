/** A key frame of one's own picture: made by the worker's transformer where it can (Firefox), else asked of the page. */
import type { Source } from '@huisclos/participant'
import type { FromFrameWorker, TransformRole } from '../frame-messages.ts'

interface Transformer {
  readonly options: unknown
  generateKeyFrame?: () => Promise<unknown>
}

export function askOwnKeyFrame(
  transformers: Iterable<Transformer>,
  source: Source,
  tell: (message: FromFrameWorker) => void,
): void {
  for (const transformer of transformers) {
    const role = transformer.options as TransformRole
    if (role.role !== 'send' || role.source !== source || !transformer.generateKeyFrame) continue
    // A sender that is just ending makes none.
    transformer.generateKeyFrame().catch(() => undefined)
    return
  }
  tell({ t: 'own-key-frame', source })
}
