/**
 * The media side of a lying server: carries sealed frames from those who produce to those who consume, keeps a copy of
 * each, and by rules that a test scripts drops, alters, repeats and invents them. Sees what an SFU sees, and no key.
 */
import type { Codec, MediaKind } from '@huisclos/crypto/sframe'
import type { ProducerId } from '@huisclos/protocol'

/** A frame on its way, as the SFU has it. */
export interface CarriedFrame {
  readonly producer: ProducerId
  readonly codec: Codec
  readonly kind: MediaKind
  readonly data: Uint8Array<ArrayBuffer>
}

/** What to deliver instead; nothing: the frame as it is. */
export type FrameRule = (to: string, frame: CarriedFrame) => readonly CarriedFrame[] | undefined

export interface FrameSink {
  readonly who: string
  /** Resolves when the frame was opened or refused. */
  take(frame: CarriedFrame): Promise<void>
}

export class FrameHub {
  readonly #sinks = new Set<FrameSink>()
  readonly #rules = new Set<FrameRule>()
  /** Every frame that was ever sent, by name of its sender. */
  readonly recorded: { from: string; frame: CarriedFrame }[] = []

  join(sink: FrameSink): () => void {
    this.#sinks.add(sink)
    return () => this.#sinks.delete(sink)
  }

  onFrame(rule: FrameRule): () => void {
    this.#rules.add(rule)
    return () => this.#rules.delete(rule)
  }

  async carry(from: string, frame: CarriedFrame): Promise<void> {
    this.recorded.push({ from, frame })
    for (const sink of this.#sinks) {
      if (sink.who === from) continue
      let frames: readonly CarriedFrame[] = [frame]
      for (const rule of this.#rules) frames = frames.flatMap((each) => rule(sink.who, each) ?? [each])
      for (const each of frames) await sink.take(each)
    }
  }

  /** Delivers a frame of our own making to one participant. */
  async inject(to: string, frame: CarriedFrame): Promise<void> {
    for (const sink of this.#sinks) if (sink.who === to) await sink.take(frame)
  }

  /** The latest frame of a sender. */
  last(from: string): CarriedFrame {
    const found = this.recorded.findLast((each) => each.from === from)
    if (!found) throw new Error(`${from} has sent no frame`)
    return found.frame
  }
}
