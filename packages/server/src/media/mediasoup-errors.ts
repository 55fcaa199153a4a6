/** Tells apart why mediasoup refused: a worker that is gone, an object that closed, or what the client sent. */
import { errors } from 'mediasoup'
import { SfuError } from './sfu.ts'

/** What a plain refusal (neither of the first two) means: the client's parameters, or a bug of ours. */
type Blame = 'client' | 'us'

/**
 * Runs one call to mediasoup and types its failure.
 * @throws SfuError, or the original error where it is our bug
 */
export async function typed<T>(blame: Blame, call: () => Promise<T>): Promise<T> {
  try {
    return await call()
  } catch (error) {
    if (error instanceof SfuError) throw error
    if (error instanceof errors.WorkerClosedError) throw new SfuError('media-unavailable', error)
    if (error instanceof errors.NotFoundError) throw new SfuError('unknown-target', error)
    if (blame === 'client') throw new SfuError('media-refused', error)
    throw error
  }
}
