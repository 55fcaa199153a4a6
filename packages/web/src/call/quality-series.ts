/** What the streams did between two looks at the browser's counters. Pure. */
import type { MediaStatistics, ReceiveStatistics } from '../platform/media-statistics.ts'
import type { QualityPoint } from '../ui/quality-ports.ts'

export interface Reading {
  /** Unix milliseconds. */
  readonly at: number
  readonly statistics: MediaStatistics
}

/** What we sent. */
export function ownPoint(before: Reading, after: Reading): QualityPoint {
  const [from, to] = [before.statistics, after.statistics]
  const former = new Map(layersOf(from).map((layer) => [layer.key, layer]))
  const sent = { bytes: 0, packets: 0, lost: 0 }
  let largest = NO_PICTURE
  for (const layer of layersOf(to)) {
    const past = former.get(layer.key)
    const bytes = gain(past?.bytes, layer.bytes)
    sent.bytes += bytes
    sent.packets += gain(past?.packets, layer.packets)
    sent.lost += gain(past?.packetsLost, layer.packetsLost)
    if (bytes > 0 && layer.width > largest.width) largest = layer
  }
  return {
    ...pace(before, after, sent.bytes),
    loss: share(sent.lost, sent.packets),
    roundTripMs: to.send.roundTripMs,
    ...pictureOf(largest),
    cipherMs: mean(gain(from.frames.sealMs, to.frames.sealMs), gain(from.frames.sealed, to.frames.sealed)),
  }
}

/** What came of those tracks. */
export function receivedPoint(before: Reading, after: Reading, tracks: ReadonlySet<string>): QualityPoint {
  const [from, to] = [before.statistics, after.statistics]
  const former = byTrack(from.receiving)
  const got = { bytes: 0, packets: 0, lost: 0 }
  let largest = NO_PICTURE
  for (const stream of to.receiving.filter(({ track }) => tracks.has(track))) {
    const past = former.get(stream.track)
    const bytes = gain(past?.bytes, stream.bytes)
    got.bytes += bytes
    got.packets += gain(past?.packets, stream.packets)
    got.lost += gain(past?.packetsLost, stream.packetsLost)
    if (bytes > 0 && stream.width > largest.width) largest = stream
  }
  return {
    ...pace(before, after, got.bytes),
    loss: share(got.lost, got.packets + got.lost),
    roundTripMs: to.receive.roundTripMs ?? to.send.roundTripMs,
    ...pictureOf(largest),
    cipherMs: mean(gain(from.frames.openMs, to.frames.openMs), gain(from.frames.opened, to.frames.opened)),
  }
}

/** Of the sound of those tracks, how much was made up, 0..1. */
export function concealed(before: Reading, after: Reading, tracks: ReadonlySet<string>): number {
  const former = byTrack(before.statistics.receiving)
  const sums = { made: 0, all: 0 }
  for (const stream of after.statistics.receiving.filter(({ track }) => tracks.has(track))) {
    const past = former.get(stream.track)
    sums.made += gain(past?.samplesConcealed, stream.samplesConcealed)
    sums.all += gain(past?.samples, stream.samples)
  }
  return share(sums.made, sums.all)
}

interface Picture {
  readonly width: number
  readonly height: number
  readonly framesPerSecond: number
}
const NO_PICTURE: Picture = { width: 0, height: 0, framesPerSecond: 0 }
const pictureOf = ({ width, height, framesPerSecond }: Picture): Picture => ({
  width,
  height,
  framesPerSecond: Math.round(framesPerSecond),
})

const layersOf = ({ sending }: MediaStatistics) =>
  sending.flatMap(({ source, layers }) =>
    layers.map((layer) => ({ key: `${source} ${layer.rid}`, ...layer })),
  )
const byTrack = (streams: readonly ReceiveStatistics[]) => new Map(streams.map((each) => [each.track, each]))

/** Counters start over with a new transport, and late packets are counted back: never less than nothing. */
const gain = (from: number | undefined, to: number): number =>
  from === undefined || to < from ? 0 : to - from
const share = (part: number, whole: number): number => (whole > 0 ? Math.min(1, part / whole) : 0)
const mean = (sum: number, count: number): number | null => (count > 0 ? sum / count : null)
const pace = (before: Reading, after: Reading, bytes: number): Pick<QualityPoint, 'at' | 'bps'> => ({
  at: after.at,
  bps: Math.round((bytes * 8_000) / Math.max(1, after.at - before.at)),
})
