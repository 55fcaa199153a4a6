/** G.711 (ITU-T): 16-bit samples to µ-law and A-law bytes and back, 8 kHz. Encoding finds the nearest code. */

export type Law = 'ulaw' | 'alaw'

function expandUlaw(byte: number): number {
  const code = ~byte & 0xff
  const magnitude = (((code & 0x0f) << 3) + 0x84) << ((code & 0x70) >> 4)
  return code & 0x80 ? 0x84 - magnitude : magnitude - 0x84
}

function expandAlaw(byte: number): number {
  const code = byte ^ 0x55
  const segment = (code & 0x70) >> 4
  const step = ((code & 0x0f) << 4) + (segment === 0 ? 8 : 0x108)
  const magnitude = segment > 1 ? step << (segment - 1) : step
  return code & 0x80 ? magnitude : -magnitude
}

interface Tables {
  expand: Int16Array
  /** By sample + 32,768. */
  compress: Uint8Array
}

function tablesOf(expandByte: (byte: number) => number): Tables {
  const expand = Int16Array.from({ length: 256 }, (_, byte) => expandByte(byte))
  const sorted = [...expand].map((sample, byte) => ({ sample, byte })).sort((a, b) => a.sample - b.sample)
  const compress = new Uint8Array(65_536)
  let at = 0
  for (let sample = -32_768; sample < 32_768; sample += 1) {
    const distance = (index: number) => Math.abs((sorted[index]?.sample ?? Infinity) - sample)
    // µ-law has two zeros, so equal is near enough to go on.
    while (distance(at + 1) <= distance(at)) at += 1
    compress[sample + 32_768] = sorted[at]?.byte ?? 0
  }
  return { expand, compress }
}

const tables: Record<Law, Tables> = { ulaw: tablesOf(expandUlaw), alaw: tablesOf(expandAlaw) }

export function encodeG711(law: Law, samples: Int16Array): Uint8Array {
  const { compress } = tables[law]
  const out = new Uint8Array(samples.length)
  for (let i = 0; i < out.length; i += 1) out[i] = compress[(samples[i] as number) + 32_768] as number
  return out
}

export function decodeG711(law: Law, bytes: Uint8Array): Int16Array {
  const { expand } = tables[law]
  const out = new Int16Array(bytes.length)
  for (let i = 0; i < out.length; i += 1) out[i] = expand[bytes[i] as number] as number
  return out
}
