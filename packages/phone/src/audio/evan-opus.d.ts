/** The WebAssembly half of @evan/opus, which its own types do not name. */
declare module '@evan/opus/wasm/index.mjs' {
  interface Options {
    channels: 1 | 2
    sample_rate: 8000 | 12000 | 16000 | 24000 | 48000
    application?: 'voip' | 'audio' | 'restricted_lowdelay'
  }
  export class Encoder {
    constructor(options: Options)
    /** With a value: sets; without: asks. @throws Error when libopus refuses */
    ctl(control: number, value?: number): number
    encode(samples: ArrayBufferView): Uint8Array
    drop(): void
  }
  export class Decoder {
    constructor(options: Options)
    ctl(control: number, value?: number): number
    /** 16-bit samples. @throws Error on a packet that is none */
    decode(packet: ArrayBufferView): Uint8Array
    drop(): void
  }
}
