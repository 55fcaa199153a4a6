/**
 * This page's outgoing streams (KEY2, KEY4, FRM2, FRM4): one counter a stream number for the worker's whole life, one
 * key for all under the epoch told by `sendWith`, and nothing at all without it. Base keys of epochs before that one are
 * gone. A key and counter pair never seals twice: counters go on through epochs, pauses and replaced transforms.
 */
import type { ClearFrame } from '@huisclos/crypto/sframe'
import { FrameSealer, SendCounter } from '@huisclos/crypto/sframe'
import type { FrameCounter } from './frame-counts.ts'
import type { FrameBytes } from './frame-engine.ts'
import { OpusSize } from './opus-size.ts'

interface Outgoing {
  counter: SendCounter
  size: OpusSize
  sealer: FrameSealer | null
  paused: boolean
  live: boolean
}

export class OutgoingStreams {
  readonly #counts: FrameCounter
  readonly #now: () => number
  readonly #streams = new Map<number, Outgoing>()
  readonly #baseKeys = new Map<number, Uint8Array>()
  #as: { epoch: number; leaf: number } | null = null

  /** `now`: milliseconds of a clock that only goes forward. */
  constructor(counts: FrameCounter, now: () => number) {
    this.#counts = counts
    this.#now = now
  }

  install(epoch: number, baseKey: Uint8Array): void {
    this.#forget(epoch)
    if (this.#as && epoch < this.#as.epoch) return
    this.#baseKeys.set(epoch, new Uint8Array(baseKey))
  }

  /** KEY4: base keys of all other epochs are wiped. While nothing is sent, only time ends them. */
  keepOnly(epochs: readonly number[]): void {
    for (const known of this.#baseKeys.keys()) if (!epochs.includes(known)) this.#forget(known)
  }

  /** ORD3: that epoch and later ones never were. Nothing is sent until the next `sendWith`. */
  strike(epoch: number): void {
    for (const known of this.#baseKeys.keys()) if (known >= epoch) this.#forget(known)
    this.stop()
  }

  async sendWith(epoch: number, leaf: number): Promise<void> {
    this.#as = { epoch, leaf }
    const live = [...this.#streams].filter(([, stream]) => stream.live)
    const armed = live.map(([number, stream]) => this.#arm(number, stream))
    // Each sealer has read its base key by now; senders never go back, except by a strike.
    for (const known of this.#baseKeys.keys()) if (known < epoch) this.#forget(known)
    await Promise.all(armed)
  }

  stop(): void {
    this.#as = null
    for (const stream of this.#streams.values()) disarm(stream)
  }

  /** A transform begins to send under this number. `sizeBytes`: the constant size of its Opus packets. */
  async add(stream: number, sizeBytes: number): Promise<void> {
    const known = this.#streams.get(stream)
    const outgoing = known ?? {
      counter: new SendCounter(),
      size: new OpusSize(sizeBytes),
      sealer: null,
      paused: false,
      live: true,
    }
    outgoing.live = true
    this.#streams.set(stream, outgoing)
    await this.#arm(stream, outgoing)
  }

  pause(stream: number, paused: boolean): void {
    const outgoing = this.#streams.get(stream)
    if (outgoing) outgoing.paused = paused
  }

  end(stream: number): void {
    const outgoing = this.#streams.get(stream)
    if (!outgoing) return
    outgoing.live = false
    disarm(outgoing)
  }

  /** ROS2: the highest counter that each live stream has used. */
  counters(): { stream: number; counter: string }[] {
    return [...this.#streams]
      .filter(([, { live, counter }]) => live && counter.upcoming > 0n)
      .map(([stream, { counter }]) => ({ stream, counter: String(counter.upcoming - 1n) }))
  }

  async seal(stream: number, frame: ClearFrame): Promise<FrameBytes | null> {
    const outgoing = this.#streams.get(stream)
    if (!outgoing?.sealer) return this.#refuse('no-key')
    if (outgoing.paused) return this.#refuse('paused')
    const began = this.#now()
    const padTo = frame.codec === 'opus' ? { padTo: outgoing.size.fit(frame.data.length) } : {}
    const sealed = await outgoing.sealer.seal({ ...frame, ...padTo })
    if (!sealed.ok) return this.#refuse(sealed.code)
    this.#counts.sealed(this.#now() - began)
    return sealed.data
  }

  /** Forgets keys and streams; counters stay, in case a number comes again. */
  clear(): void {
    this.stop()
    for (const epoch of this.#baseKeys.keys()) this.#forget(epoch)
    for (const stream of this.#streams.values()) stream.live = false
  }

  /** The former sealer goes on until the new one has its key, a moment later. */
  async #arm(number: number, stream: Outgoing): Promise<void> {
    const as = this.#as
    const baseKey = as && this.#baseKeys.get(as.epoch)
    if (!as || !baseKey) return disarm(stream)
    const sealer = new FrameSealer({ leaf: as.leaf, stream: number, counter: stream.counter })
    await sealer.switchTo(as.epoch, baseKey)
    if (this.#as === as && stream.live) replaceSealer(stream, sealer)
    else sealer.stop()
  }

  #refuse(code: 'no-key' | 'malformed' | 'too-large' | 'paused'): null {
    this.#counts.notSent(code)
    return null
  }

  #forget(epoch: number): void {
    this.#baseKeys.get(epoch)?.fill(0)
    this.#baseKeys.delete(epoch)
  }
}

function replaceSealer(stream: Outgoing, sealer: FrameSealer | null): void {
  stream.sealer?.stop()
  stream.sealer = sealer
}

function disarm(stream: Outgoing): void {
  replaceSealer(stream, null)
}
