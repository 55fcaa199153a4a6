/** What of an Opus packet is known without decoding it (RFC 6716 §3.1), and a packet that sounds of nothing. */

/** 20 ms of silence: CELT, full band, mono. */
export const SILENT_OPUS: Uint8Array = Uint8Array.of(0xf8, 0xff, 0xfe)
export const SILENT_OPUS_US = 20_000

const SILK_US = [10_000, 20_000, 40_000, 60_000] as const
const HYBRID_US = [10_000, 20_000] as const
const CELT_US = [2_500, 5_000, 10_000, 20_000] as const

/** Microseconds that a packet lasts; of an empty one as long as the usual. */
export function opusDurationUs(packet: Uint8Array): number {
  const [head = 0xf8, second = 1] = packet
  const frames = [1, 2, 2, second & 0x3f][head & 3] ?? 1
  return frames * frameUs(head >> 3)
}

function frameUs(configuration: number): number {
  if (configuration < 12) return SILK_US[configuration & 3] ?? SILENT_OPUS_US
  if (configuration < 16) return HYBRID_US[configuration & 1] ?? SILENT_OPUS_US
  return CELT_US[configuration & 3] ?? SILENT_OPUS_US
}
