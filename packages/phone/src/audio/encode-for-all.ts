/**
 * G.711 of one frame for everybody who hears it: callers who do not speak hear the same mix, and its filter and codes
 * are made once. To the bit what each alone would get, since the filter knows nothing but the frame before.
 */
import type { Law } from './g711.ts'
import { encodeG711 } from './g711.ts'
import { Halver } from './resample.ts'

interface Encoded {
  before: Int16Array | null
  narrow: Int16Array
  codes: Partial<Record<Law, Uint8Array>>
}

/** Frames are not changed once they are given here. */
const known = new WeakMap<Int16Array, Encoded>()

/** @param before what the same listener heard last, or null */
export function encodeForAll(law: Law, frame: Int16Array, before: Int16Array | null): Uint8Array {
  const shared = known.get(frame)
  const encoded: Encoded =
    shared?.before === before ? shared : { before, narrow: Halver.once(frame, before), codes: {} }
  // The first listener's stays: most have heard the same before.
  if (!shared) known.set(frame, encoded)
  const bytes = encoded.codes[law] ?? encodeG711(law, encoded.narrow)
  encoded.codes[law] = bytes
  return bytes
}
