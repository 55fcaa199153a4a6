/** What a connection test over one path found, from the browser's counters at its begin and its end. Pure. */
import type { MediaStatistics } from '../platform/media-statistics.ts'
import type { PathResult } from '../ui/quality-ports.ts'

export interface PathSample {
  /** Milliseconds. */
  readonly at: number
  readonly statistics: MediaStatistics
}

interface Totals {
  bytesUp: number
  bytesDown: number
  sent: number
  lostUp: number
  received: number
  lostDown: number
  decoded: number
}

/**
 * Bit rates are those of the later samples, when the sender has found its pace; loss is of the whole test. Fewer than
 * two samples: no connection.
 */
export function judgePath(samples: readonly PathSample[]): PathResult {
  const first = samples[0]
  const last = samples.at(-1)
  if (!first || !last || first === last) return { state: 'fails', why: 'no-connection' }
  const pace = samples[Math.floor((samples.length - 1) / 2)] ?? first
  const [from, to] = [totals(pace.statistics), totals(last.statistics)]
  if (to.decoded === 0) return { state: 'fails', why: 'no-media' }
  const seconds = Math.max(0.001, (last.at - pace.at) / 1_000)
  return {
    state: 'works',
    roundTripMs: last.statistics.send.roundTripMs,
    upBps: Math.round(((to.bytesUp - from.bytesUp) * 8) / seconds),
    downBps: Math.round(((to.bytesDown - from.bytesDown) * 8) / seconds),
    lossUp: ratio(to.lostUp, to.sent),
    lossDown: ratio(to.lostDown, to.received + to.lostDown),
  }
}

function totals({ sending, receiving }: MediaStatistics): Totals {
  const layers = sending.flatMap((each) => each.layers)
  const sum = <T>(all: readonly T[], of: (one: T) => number) => all.reduce((total, one) => total + of(one), 0)
  return {
    bytesUp: sum(layers, ({ bytes }) => bytes),
    sent: sum(layers, ({ packets }) => packets),
    lostUp: sum(layers, ({ packetsLost }) => packetsLost),
    bytesDown: sum(receiving, ({ bytes }) => bytes),
    received: sum(receiving, ({ packets }) => packets),
    lostDown: sum(receiving, ({ packetsLost }) => packetsLost),
    decoded: sum(receiving, ({ framesDecoded }) => framesDecoded),
  }
}

/** Never negative: a packet that came late is counted back by the browser. */
const ratio = (part: number, whole: number): number => (whole > 0 ? Math.max(0, part) / whole : 0)
