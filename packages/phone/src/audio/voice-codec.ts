/**
 * The codecs of the telephone's side (TEL5), each from and to the bridge's frames of 20 ms at 16 kHz. Hostile bytes are
 * decoded in plain TypeScript or inside WebAssembly; what does not decode is null.
 */
/// <reference path="./evan-opus.d.ts" />
import { Decoder, Encoder } from '@evan/opus/wasm/index.mjs'
import type { Law } from './g711.ts'
import { decodeG711, encodeG711 } from './g711.ts'
import { G722Decoder, G722Encoder } from './g722.ts'
import { Doubler, Halver } from './resample.ts'
import { RATE } from './samples.ts'

export type CodecName = 'PCMU' | 'PCMA' | 'G722' | 'opus'

export interface VoiceCodec {
  /** What 20 ms add to an RTP timestamp. G.722's clock is 8,000 by a mistake that is kept (RFC 3551 §4.5.2). */
  readonly timestampStep: number
  encode(frame: Int16Array): Uint8Array
  /** Samples at 16 kHz, as many as the packet holds. */
  decode(payload: Uint8Array): Int16Array | null
}

/** 120 ms at 64 kbit/s: no telephone sends longer packets. */
const MAX_PAYLOAD_BYTES = 960
const OPUS_BITRATE = 24_000
/** libopus's controls (opus_defines.h). */
const SET = { bitrate: 4002, vbr: 4006, complexity: 4010, fec: 4012, lossPercent: 4014, dtx: 4016 }

function g711(law: Law): VoiceCodec {
  const [halver, doubler] = [new Halver(), new Doubler()]
  return {
    timestampStep: 160,
    encode: (frame) => encodeG711(law, halver.push(frame)),
    decode: (payload) => doubler.push(decodeG711(law, payload)),
  }
}

function g722(): VoiceCodec {
  const [encoder, decoder] = [new G722Encoder(), new G722Decoder()]
  return {
    timestampStep: 160,
    encode: (frame) => encoder.encode(frame),
    decode: (payload) => decoder.decode(payload),
  }
}

/** Constant rate, no silence suppression: the size of a packet says nothing of what is said (FRM4). */
function opusCodec(): VoiceCodec {
  const encoder = new Encoder({ channels: 1, sample_rate: RATE, application: 'voip' })
  const decoder = new Decoder({ channels: 1, sample_rate: RATE })
  encoder.ctl(SET.bitrate, OPUS_BITRATE)
  encoder.ctl(SET.vbr, 0)
  encoder.ctl(SET.dtx, 0)
  encoder.ctl(SET.complexity, 5)
  encoder.ctl(SET.fec, 1)
  encoder.ctl(SET.lossPercent, 5)
  return {
    timestampStep: 960,
    encode: (frame) => encoder.encode(frame),
    decode: (payload) => {
      const bytes = decoder.decode(payload)
      return new Int16Array(bytes.buffer, bytes.byteOffset, bytes.byteLength >> 1)
    },
  }
}

const make: Record<CodecName, () => VoiceCodec> = {
  PCMU: () => g711('ulaw'),
  PCMA: () => g711('alaw'),
  G722: g722,
  opus: opusCodec,
}

/** A fresh codec with its own memory, for one direction pair of one call. */
export function makeCodec(name: CodecName): VoiceCodec {
  const codec = make[name]()
  return {
    ...codec,
    decode: (payload) => {
      if (payload.length === 0 || payload.length > MAX_PAYLOAD_BYTES) return null
      try {
        return codec.decode(payload)
      } catch {
        return null
      }
    },
  }
}
