/**
 * Reads the browser's statistics into the few numbers that people and tests look at: the path (UDP or TCP), the hop's
 * cipher, and what each stream carries. Numbers only: no address and no candidate leaves here (SEE1).
 */
import type { Source } from '@huisclos/participant'
import type { FrameCounts } from './frame-messages.ts'

export interface PathStatistics {
  /** Null until connected. */
  protocol: 'udp' | 'tcp' | null
  /** As the browser names it, such as `SRTP_AEAD_AES_256_GCM` (Firefox does not say: null). */
  srtpCipher: string | null
  dtlsState: string | null
  roundTripMs: number | null
  /** What the browser believes that the way out takes; null where it does not say. */
  availableOutBps: number | null
}

export interface SendStatistics {
  source: Source
  /** One entry a simulcast layer: bytes so far, and the picture's size where it is video. */
  layers: {
    rid: string
    bytes: number
    packets: number
    /** As the server reports it. */
    packetsLost: number
    /** Why the picture is smaller or rarer than it could be. */
    limited: 'none' | 'bandwidth' | 'cpu' | 'other'
    width: number
    height: number
    framesPerSecond: number
  }[]
}

export interface ReceiveStatistics {
  /** The consumer's id, which is the track's id too. */
  track: string
  kind: 'audio' | 'video'
  bytes: number
  packets: number
  packetsLost: number
  framesDecoded: number
  framesPerSecond: number
  width: number
  height: number
  /** Sound concealed or invented, of that played. */
  concealedRatio: number
  /** Of sound: all played so far, and those of them concealed. */
  samples: number
  samplesConcealed: number
}

export interface MediaStatistics {
  send: PathStatistics
  receive: PathStatistics
  sending: SendStatistics[]
  receiving: ReceiveStatistics[]
  frames: FrameCounts
}

type Entry = Record<string, unknown> & { id: string; type: string }

const number = (value: unknown): number => (typeof value === 'number' && Number.isFinite(value) ? value : 0)
const text = (value: unknown): string => (typeof value === 'string' ? value : '')

/** `sources`: by the `mid` of their media section. */
export function readStatistics(
  reports: { send: RTCStatsReport; receive: RTCStatsReport },
  sources: ReadonlyMap<string, Source>,
  frames: FrameCounts,
): MediaStatistics {
  const sent = entriesOf(reports.send)
  const received = entriesOf(reports.receive)
  return {
    send: readPath(sent),
    receive: readPath(received),
    sending: readSending(sent, sources),
    receiving: received
      .filter(
        ({ type, mid, trackIdentifier }) =>
          type === 'inbound-rtp' && mid !== 'probator' && trackIdentifier !== 'probator',
      )
      .map(readReceiving),
    frames,
  }
}

function entriesOf(report: RTCStatsReport): Entry[] {
  const entries: Entry[] = []
  report.forEach((entry: Entry) => {
    entries.push(entry)
  })
  return entries
}

/** The transport names its pair; where a browser has no transport entry, the nominated pair is taken. */
function readPath(entries: Entry[]): PathStatistics {
  const transport = entries.find(({ type }) => type === 'transport')
  const pairs = entries.filter(({ type }) => type === 'candidate-pair')
  const pair =
    pairs.find(({ id }) => id === transport?.['selectedCandidatePairId']) ??
    pairs.find((each) => each['nominated'] === true && each['state'] === 'succeeded')
  const local = entries.find(
    ({ id, type }) => type === 'local-candidate' && id === pair?.['localCandidateId'],
  )
  const protocol = text(local?.['protocol'])
  const roundTrip = pair?.['currentRoundTripTime']
  return {
    protocol: protocol === 'udp' || protocol === 'tcp' ? protocol : null,
    srtpCipher: text(transport?.['srtpCipher']) || null,
    dtlsState: text(transport?.['dtlsState']) || null,
    roundTripMs: typeof roundTrip === 'number' ? Math.round(roundTrip * 1_000) : null,
    availableOutBps: number(pair?.['availableOutgoingBitrate']) || null,
  }
}

function readSending(entries: Entry[], sources: ReadonlyMap<string, Source>): SendStatistics[] {
  const bySource = new Map<Source, SendStatistics>()
  const reports = entries.filter(({ type }) => type === 'remote-inbound-rtp')
  for (const entry of entries) {
    const source = entry.type === 'outbound-rtp' ? sources.get(text(entry['mid'])) : undefined
    if (!source) continue
    const known = bySource.get(source) ?? { source, layers: [] }
    bySource.set(source, known)
    known.layers.push({
      rid: text(entry['rid']),
      bytes: number(entry['bytesSent']),
      packets: number(entry['packetsSent']),
      packetsLost: number(reports.find(({ localId }) => localId === entry.id)?.['packetsLost']),
      limited: limitOf(entry['qualityLimitationReason']),
      width: number(entry['frameWidth']),
      height: number(entry['frameHeight']),
      framesPerSecond: number(entry['framesPerSecond']),
    })
  }
  return [...bySource.values()]
}

function limitOf(reason: unknown): SendStatistics['layers'][number]['limited'] {
  return reason === 'bandwidth' || reason === 'cpu' || reason === 'other' ? reason : 'none'
}

function readReceiving(entry: Entry): ReceiveStatistics {
  const samples = number(entry['totalSamplesReceived'])
  const samplesConcealed = number(entry['concealedSamples'])
  return {
    track: text(entry['trackIdentifier']),
    kind: entry['kind'] === 'audio' ? 'audio' : 'video',
    bytes: number(entry['bytesReceived']),
    packets: number(entry['packetsReceived']),
    packetsLost: number(entry['packetsLost']),
    framesDecoded: number(entry['framesDecoded']),
    framesPerSecond: number(entry['framesPerSecond']),
    width: number(entry['frameWidth']),
    height: number(entry['frameHeight']),
    concealedRatio: samples > 0 ? samplesConcealed / samples : 0,
    samples,
    samplesConcealed,
  }
}
