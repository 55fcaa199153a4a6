/**
 * The codecs of the telephone's side (TEL5), each from and to the bridge's frames of 20 ms at 16 kHz. Hostile bytes are
 * decoded in plain TypeScript or inside WebAssembly; what does not decode is null.
 */
import { encodeForAll } from './encode-for-all.ts'
import type { Law } from './g711.ts'
import { decodeG711 } from './g711.ts'
import { G722Decoder, G722Encoder } from './g722.ts'
import type { OpusSettings } from './libopus.ts'
import { OpusDecoder, OpusEncoder } from './libopus.ts'
import { Doubler } from './resample.ts'
import { FRAME_SAMPLES, RATE } from './samples.ts'

export type CodecName = 'PCMU' | 'PCMA' | 'G722' | 'opus'

export interface VoiceCodec {
  /** What 20 ms add to an RTP timestamp. G.722's clock is 8,000 by a mistake that is kept (RFC 3551 §4.5.2). */
  readonly timestampStep: number
  /** The frame is read now and may be kept, and is not changed. */
  encode(frame: Int16Array): Uint8Array
  /** Samples at 16 kHz, as many as the packet holds. */
  decode(payload: Uint8Array): Int16Array | null
  /** Of a codec that makes up for losses itself: 20 ms in a lost packet's place, better with the packet after it. */
  readonly lost?: (next: Uint8Array | null) => Int16Array | null
}

/** 120 ms at 64 kbit/s: no telephone sends longer packets. */
const MAX_PAYLOAD_BYTES = 960

/** To telephones: speech coding, with what a lost packet needs carried by the next one. */
const TO_PHONE: OpusSettings = {
  rate: RATE,
  application: 'voip',
  bitrate: 32_000,
  complexity: 0,
  fec: true,
}
/**
 * To meetings: by waveform, at the rate that browsers use. Against speech coding at 24 kbit/s it is nearer to what was
 * said, 4 ms earlier, and a twentieth of the processor; but carries nothing of the packet before.
 */
const TO_MEETING: OpusSettings = {
  rate: RATE,
  application: 'lowDelay',
  bitrate: 40_000,
  complexity: 0,
  fec: false,
}

function g711(law: Law): VoiceCodec {
  const doubler = new Doubler()
  let before: Int16Array | null = null
  return {
    timestampStep: 160,
    encode: (frame) => {
      const bytes = encodeForAll(law, frame, before)
      before = frame
      return bytes
    },
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

/** Each half is made when it is first needed: many voices go one way alone. */
function opus(settings: OpusSettings): VoiceCodec {
  let encoder: OpusEncoder | null = null
  let decoder: OpusDecoder | null = null
  const decoding = () => {
    decoder ??= new OpusDecoder(RATE)
    return decoder
  }
  return {
    timestampStep: 960,
    encode: (frame) => {
      encoder ??= new OpusEncoder(settings)
      return encoder.encode(frame)
    },
    decode: (payload) => decoding().decode(payload),
    lost: (next) => decoding().lost(next, FRAME_SAMPLES),
  }
}

const make: Record<CodecName | 'meeting', () => VoiceCodec> = {
  PCMU: () => g711('ulaw'),
  PCMA: () => g711('alaw'),
  G722: g722,
  opus: () => opus(TO_PHONE),
  meeting: () => opus(TO_MEETING),
}

const isSound = (payload: Uint8Array): boolean => payload.length > 0 && payload.length <= MAX_PAYLOAD_BYTES

function attempt(decode: () => Int16Array | null): Int16Array | null {
  try {
    return decode()
  } catch {
    return null
  }
}

/** A fresh codec with its own memory, for one direction pair of one call; `meeting` is Opus as meetings have it. */
export function makeCodec(name: CodecName | 'meeting'): VoiceCodec {
  const codec = make[name]()
  const { lost } = codec
  return {
    ...codec,
    decode: (payload) => (isSound(payload) ? attempt(() => codec.decode(payload)) : null),
    ...(lost ? { lost: (next) => attempt(() => lost(next && isSound(next) ? next : null)) } : {}),
  }
}
