/**
 * CRC-32C (Castagnoli, as in RFC 3720 §B.4): tells damage, not intent. Eight bytes a step, since it is counted over
 * every packet of a recording.
 */
const POLYNOMIAL = 0x82f63b78

function tables(): Uint32Array[] {
  const first = new Uint32Array(256)
  for (let byte = 0; byte < 256; byte += 1) {
    let value = byte
    for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ POLYNOMIAL : value >>> 1
    first[byte] = value
  }
  const all = [first]
  // Each next table stands for the same byte with one more zero byte behind it.
  for (let table = first; all.length < 8; all.push(table)) {
    table = table.map((value) => (value >>> 8) ^ (first[value & 0xff] as number))
  }
  return all
}

const [t0, t1, t2, t3, t4, t5, t6, t7] = tables() as [
  Uint32Array,
  Uint32Array,
  Uint32Array,
  Uint32Array,
  Uint32Array,
  Uint32Array,
  Uint32Array,
  Uint32Array,
]

/** Of `bytes` from `start` up to `end`, as an unsigned number. */
export function crc32c(bytes: Uint8Array, start = 0, end = bytes.length): number {
  let crc = -1
  let at = start
  const at8 = (offset: number): number => bytes[offset] as number
  for (; at + 8 <= end; at += 8) {
    const low = crc ^ (at8(at) | (at8(at + 1) << 8) | (at8(at + 2) << 16) | (at8(at + 3) << 24))
    crc =
      (t7[low & 0xff] as number) ^
      (t6[(low >>> 8) & 0xff] as number) ^
      (t5[(low >>> 16) & 0xff] as number) ^
      (t4[low >>> 24] as number) ^
      (t3[at8(at + 4)] as number) ^
      (t2[at8(at + 5)] as number) ^
      (t1[at8(at + 6)] as number) ^
      (t0[at8(at + 7)] as number)
  }
  for (; at < end; at += 1) crc = (crc >>> 8) ^ (t0[(crc ^ at8(at)) & 0xff] as number)
  return ~crc >>> 0
}
