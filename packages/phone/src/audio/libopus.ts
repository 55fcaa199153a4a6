/**
 * libopus (RFC 6716) as the WebAssembly that @evan/opus carries, mono and 16 bits. Bound here because that package's own
 * classes reach neither in-band correction nor concealment. Hostile bytes are decoded inside the sandbox. Holds its
 * states in WebAssembly's memory and frees them when their owners are collected.
 */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

/** As much of it as is used: the types of a browser's are not here. */
declare const WebAssembly: {
  Module: new (bytes: Uint8Array) => object
  Instance: new (module: object, imports: Record<string, Record<string, () => number>>) => { exports: object }
}

interface Exports {
  memory: { buffer: ArrayBuffer }
  _initialize?(): void
  malloc(bytes: number): number
  free(at: number): void
  opus_encoder_get_size(channels: number): number
  opus_encoder_init(state: number, rate: number, channels: number, application: number): number
  opus_encode(state: number, pcm: number, samples: number, out: number, mostBytes: number): number
  opus_encoder_ctl_set(state: number, control: number, value: number): number
  opus_decoder_get_size(channels: number): number
  opus_decoder_init(state: number, rate: number, channels: number): number
  opus_decode(state: number, packet: number, bytes: number, pcm: number, samples: number, fec: 0 | 1): number
}

/** 120 ms at 48 kHz. */
const MOST_SAMPLES = 5760
const MOST_BYTES = 1500
/** opus_defines.h. */
const APPLICATION = { voip: 2048, lowDelay: 2051 } as const
const CONTROL = {
  bitrate: 4002,
  vbr: 4006,
  complexity: 4010,
  fec: 4012,
  lossPercent: 4014,
  dtx: 4016,
} as const

const require = createRequire(import.meta.url)

const lib = (() => {
  const path = require.resolve('@evan/opus/wasm/simd.wasm')
  const nothing = () => 0
  const instance = new WebAssembly.Instance(new WebAssembly.Module(readFileSync(path)), {
    wasi_snapshot_preview1: { fd_seek: nothing, fd_write: nothing, fd_close: nothing, proc_exit: nothing },
    env: { emscripten_notify_memory_growth: nothing },
  })
  const exports = instance.exports as unknown as Exports
  exports._initialize?.()
  return exports
})()

/** One call at a time uses these: nothing here waits. */
const scratch = { pcm: lib.malloc(MOST_SAMPLES * 2), packet: lib.malloc(MOST_BYTES) }
const freed = new FinalizationRegistry<number>((at) => lib.free(at))

/** Views anew each time memory has grown. */
let views = { bytes: new Uint8Array(0), samples: new Int16Array(0) }
function heap(): typeof views {
  const { buffer } = lib.memory
  if (views.bytes.buffer !== buffer)
    views = { bytes: new Uint8Array(buffer), samples: new Int16Array(buffer) }
  return views
}

function allocate(owner: object, bytes: number): number {
  const at = lib.malloc(bytes)
  freed.register(owner, at)
  return at
}

/** @throws Error with libopus's code */
function checked(code: number): number {
  if (code < 0) throw new Error(`libopus: ${code}`)
  return code
}

export interface OpusSettings {
  rate: 8000 | 16_000
  application: keyof typeof APPLICATION
  bitrate: number
  /** 0 to 10. */
  complexity: number
  /** Carries what the packet before held, coarsely; speech coding alone has it. */
  fec: boolean
}

export class OpusEncoder {
  readonly #state: number

  /** Constant rate, no silence suppression: the size of a packet says nothing of what is said (FRM4). */
  constructor({ rate, application, bitrate, complexity, fec }: OpusSettings) {
    this.#state = allocate(this, lib.opus_encoder_get_size(1))
    checked(lib.opus_encoder_init(this.#state, rate, 1, APPLICATION[application]))
    const { dtx, vbr, lossPercent, ...rest } = CONTROL
    const values: [number, number][] = [
      [rest.bitrate, bitrate],
      [rest.complexity, complexity],
      [rest.fec, fec ? 1 : 0],
      [lossPercent, fec ? 10 : 0],
      [vbr, 0],
      [dtx, 0],
    ]
    for (const [control, value] of values) checked(lib.opus_encoder_ctl_set(this.#state, control, value))
  }

  encode(samples: Int16Array): Uint8Array<ArrayBuffer> {
    heap().samples.set(samples, scratch.pcm >> 1)
    const { pcm, packet } = scratch
    const size = checked(lib.opus_encode(this.#state, pcm, samples.length, packet, MOST_BYTES))
    return heap().bytes.slice(packet, packet + size) as Uint8Array<ArrayBuffer>
  }
}

export class OpusDecoder {
  readonly #state: number

  constructor(rate: 8000 | 16_000) {
    this.#state = allocate(this, lib.opus_decoder_get_size(1))
    checked(lib.opus_decoder_init(this.#state, rate, 1))
  }

  /** As many samples as the packet holds. @throws Error on bytes that are no Opus packet */
  decode(packet: Uint8Array): Int16Array<ArrayBuffer> {
    return this.#run(packet, MOST_SAMPLES, 0)
  }

  /** What the packet before `next` held, as far as `next` knows; without such knowledge, or without `next`, a guess. */
  lost(next: Uint8Array | null, samples: number): Int16Array<ArrayBuffer> {
    return this.#run(next, samples, next ? 1 : 0)
  }

  #run(packet: Uint8Array | null, samples: number, fec: 0 | 1): Int16Array<ArrayBuffer> {
    const { pcm } = scratch
    const size = packet?.length ?? 0
    if (size > MOST_BYTES) throw new Error('an Opus packet that is too large')
    if (packet) heap().bytes.set(packet, scratch.packet)
    const count = checked(lib.opus_decode(this.#state, packet ? scratch.packet : 0, size, pcm, samples, fec))
    return heap().samples.slice(pcm >> 1, (pcm >> 1) + count) as Int16Array<ArrayBuffer>
  }
}
