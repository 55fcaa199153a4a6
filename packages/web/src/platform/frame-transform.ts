/**
 * One frame through one transform (FRM2): its bytes are replaced by what sealing or opening gives, or it is dropped. An
 * error drops it too, is told once, and ends the stream: the page opens its media again. Never passes on a frame whose
 * bytes it did not replace.
 */

/** An `RTCEncodedVideoFrame` or `RTCEncodedAudioFrame`, as far as it is used here. */
interface Frame {
  data: ArrayBuffer
}

/** `replaced`: the bytes that go on instead, owning their whole buffer; null: none may. */
export function frameTransform<F extends Frame>(
  replaced: (frame: F) => Promise<Uint8Array<ArrayBuffer> | null>,
  failed: () => void,
): Transformer<F, F> {
  return {
    async transform(frame, controller) {
      const isReady = await replace(frame, replaced).catch((error: unknown) => {
        failed()
        throw error
      })
      if (isReady) controller.enqueue(frame)
    },
  }
}

async function replace<F extends Frame>(
  frame: F,
  replaced: (frame: F) => Promise<Uint8Array<ArrayBuffer> | null>,
): Promise<boolean> {
  const data = await replaced(frame)
  if (data) frame.data = data.buffer
  return data !== null
}
