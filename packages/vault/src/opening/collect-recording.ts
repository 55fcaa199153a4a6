/**
 * The first reading of a recording: which streams, envelopes and events it has and how each stream's clock runs, so that
 * the second reading can open frames as they come. Keeps no media.
 */
import type { EnvelopeRecord, RecordingEvent, RecordingReader, StreamDescription } from '@huisclos/archive'
import { decodeRtp, decodeSenderReports } from '@huisclos/rtp'
import { MediaClock } from './media-clock.ts'

export interface RecordedStream {
  number: number
  description: StreamDescription
  firstUs: number
  lastUs: number
  packets: number
  clock: MediaClock
}

export interface Collected {
  streams: Map<number, RecordedStream>
  envelopes: { timeUs: number; envelope: EnvelopeRecord }[]
  events: RecordingEvent[]
  /** Time of the last record. */
  lastUs: number
}

export type OnProgress = (timeUs: number) => void

export async function collectRecording(
  reader: RecordingReader,
  onProgress: OnProgress = () => {},
): Promise<Collected> {
  const collected: Collected = { streams: new Map(), envelopes: [], events: [], lastUs: 0 }
  const seen = new Set<string>()
  const startedAtMs = reader.startedAtMs ?? 0
  for await (const record of reader.records()) {
    collected.lastUs = Math.max(collected.lastUs, record.timeUs)
    const { streams } = collected
    switch (record.type) {
      case 'stream-opened':
        if (!streams.has(record.stream))
          streams.set(record.stream, newStream(record.stream, record.description))
        break
      case 'envelope': {
        const { peer, group, epoch, part } = record.envelope
        const name = `${peer} ${group} ${epoch} ${part}`
        if (seen.has(name)) break
        seen.add(name)
        const sealed = record.envelope.sealed.slice()
        collected.envelopes.push({ timeUs: record.timeUs, envelope: { ...record.envelope, sealed } })
        break
      }
      case 'event':
        if (!record.repeated) collected.events.push(record.event)
        break
      case 'rtp':
      case 'rtcp':
        takePacket(streams.get(record.stream), record, startedAtMs)
        onProgress(record.timeUs)
        break
      default:
    }
  }
  settlePeers([...collected.streams.values()])
  return collected
}

function newStream(number: number, description: StreamDescription): RecordedStream {
  const clock = new MediaClock(description.clockRate)
  return { number, description, firstUs: -1, lastUs: -1, packets: 0, clock }
}

function takePacket(
  stream: RecordedStream | undefined,
  { type, packet, timeUs }: { type: 'rtp' | 'rtcp'; packet: Uint8Array; timeUs: number },
  startedAtMs: number,
): void {
  if (!stream) return
  if (type === 'rtcp') {
    for (const report of decodeSenderReports(packet))
      stream.clock.report(report.timestamp, (report.wallMs - startedAtMs) * 1000)
    return
  }
  const rtp = decodeRtp(packet)
  if (!rtp) return
  stream.packets += 1
  if (stream.firstUs < 0) stream.firstUs = timeUs
  stream.lastUs = timeUs
  stream.clock.arrival(rtp.timestamp, timeUs)
}

/** One sender's streams stay together: where its reports count by another clock, all of them are moved by one amount. */
function settlePeers(streams: RecordedStream[]): void {
  const peers = new Map<string, RecordedStream[]>()
  for (const stream of streams) {
    const { peer } = stream.description
    peers.set(peer, [...(peers.get(peer) ?? []), stream])
  }
  for (const own of peers.values()) {
    const shifts = own.flatMap(({ clock }) => clock.reportedAhead ?? []).sort((a, b) => a - b)
    const shift = shifts[Math.floor(shifts.length / 2)] ?? 0
    for (const { clock } of own) clock.shiftUs = shift
  }
}
