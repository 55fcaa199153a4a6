/**
 * Which key our streams are sealed with (KEY4, KEY2): the base keys of the epochs that are installed, and the
 * switch of every stream to one of them. Fails closed: while a switch fails, or after `stop`, nothing is sealed.
 */
import { FrameSealer } from '@huisclos/crypto/sframe'
import { importNodeGcm } from './node-gcm.ts'
import type { OutgoingStream } from './outgoing-stream.ts'

/** Epochs that may still be switched to; more than two never race. */
const KEPT_EPOCHS = 4

export class SendKeys {
  readonly #baseKeys = new Map<number, Uint8Array>()
  #as: { epoch: number; leaf: number } | null = null
  /** Rises with each change, so that a switch that ends late changes nothing. */
  #turn = 0

  /** The epoch that streams are sealed under, or null. */
  get epoch(): number | null {
    return this.#as?.epoch ?? null
  }

  install(epoch: number, baseKey: Uint8Array): void {
    this.#baseKeys.set(epoch, new Uint8Array(baseKey))
    for (const old of this.#baseKeys.keys()) if (old <= epoch - KEPT_EPOCHS) this.#forget(old)
  }

  /** That epoch never was: its key goes, and nothing is sent. */
  strike(epoch: number, streams: Iterable<OutgoingStream>): void {
    for (const old of this.#baseKeys.keys()) if (old >= epoch) this.#forget(old)
    this.stop(streams)
  }

  /** Switches all streams. @throws Error when the epoch was not installed */
  async sendWith(as: { epoch: number; leaf: number }, streams: Iterable<OutgoingStream>): Promise<void> {
    this.#turn += 1
    this.#as = as
    await Promise.all([...streams].map((stream) => this.equip(stream)))
  }

  /** Gives a stream the sealer of the present epoch; none when there is none. */
  async equip(stream: OutgoingStream): Promise<void> {
    const turn = this.#turn
    const as = this.#as
    const baseKey = as && this.#baseKeys.get(as.epoch)
    if (!as || !baseKey) {
      stream.use(null)
      if (as) throw new Error('keys of an epoch that was not installed')
      return
    }
    const { leaf } = as
    const sealer = new FrameSealer({
      leaf,
      stream: stream.stream,
      counter: stream.counter,
      gcm: importNodeGcm,
    })
    try {
      await sealer.switchTo(as.epoch, baseKey)
    } catch (error) {
      if (turn === this.#turn) stream.use(null)
      throw error
    }
    if (turn === this.#turn) stream.use(sealer)
  }

  stop(streams: Iterable<OutgoingStream>): void {
    this.#turn += 1
    this.#as = null
    for (const stream of streams) stream.use(null)
  }

  clear(): void {
    this.stop([])
    for (const epoch of this.#baseKeys.keys()) this.#forget(epoch)
  }

  #forget(epoch: number): void {
    this.#baseKeys.get(epoch)?.fill(0)
    this.#baseKeys.delete(epoch)
  }
}
