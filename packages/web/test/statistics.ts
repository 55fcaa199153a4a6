/** Statistics for tests: one camera and one received picture with the counts that a test names, zeros elsewhere. */
import type { MediaStatistics, ReceiveStatistics } from '../src/platform/media-statistics.ts'

export interface TestCounts {
  bytesUp?: number
  bytesDown?: number
  sent?: number
  lostUp?: number
  received?: number
  lostDown?: number
  decoded?: number
  roundTripMs?: number | null
}

export const testReceiving = (part: Partial<ReceiveStatistics>): ReceiveStatistics => ({
  track: 't',
  kind: 'video',
  bytes: 0,
  packets: 0,
  packetsLost: 0,
  framesDecoded: 0,
  framesPerSecond: 0,
  width: 0,
  height: 0,
  concealedRatio: 0,
  samples: 0,
  samplesConcealed: 0,
  ...part,
})

export const testLayer = {
  rid: 'r0',
  bytes: 0,
  packets: 0,
  packetsLost: 0,
  limited: 'none',
  width: 0,
  height: 0,
  framesPerSecond: 0,
} as const

export function testStatistics(counts: TestCounts): MediaStatistics {
  const path = {
    protocol: 'udp',
    srtpCipher: null,
    dtlsState: 'connected',
    roundTripMs: counts.roundTripMs ?? null,
    availableOutBps: null,
  } as const
  const layer = {
    ...testLayer,
    bytes: counts.bytesUp ?? 0,
    packets: counts.sent ?? 0,
    packetsLost: counts.lostUp ?? 0,
  }
  const received = testReceiving({
    bytes: counts.bytesDown ?? 0,
    packets: counts.received ?? 0,
    packetsLost: counts.lostDown ?? 0,
    framesDecoded: counts.decoded ?? 0,
  })
  return {
    send: path,
    receive: path,
    sending: [{ source: 'camera', layers: [layer] }],
    receiving: [received],
    frames: { sealed: 0, opened: 0, sealMs: 0, openMs: 0, notSent: {}, notOpened: {} },
  }
}
