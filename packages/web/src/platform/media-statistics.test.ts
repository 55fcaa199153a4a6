import { expect, test } from 'vitest'
import { readStatistics } from './media-statistics.ts'

const frames = { sealed: 1, opened: 2, sealMs: 0, openMs: 0, notSent: {}, notOpened: {} }
const report = (...entries: ({ id: string; type: string } & Record<string, unknown>)[]) =>
  new Map(entries.map((entry) => [entry.id, entry])) as unknown as RTCStatsReport

const path = (protocol: string) => [
  {
    id: 'T',
    type: 'transport',
    selectedCandidatePairId: 'P',
    srtpCipher: 'SRTP_AEAD_AES_256_GCM',
    dtlsState: 'connected',
  },
  {
    id: 'P',
    type: 'candidate-pair',
    localCandidateId: 'L',
    currentRoundTripTime: 0.0123,
    availableOutgoingBitrate: 900_000,
    nominated: true,
    state: 'succeeded',
  },
  { id: 'L', type: 'local-candidate', protocol, address: '192.0.2.7' },
]

test('the path tells protocol, cipher and round trip, and no address', () => {
  const read = readStatistics(
    { send: report(...path('udp')), receive: report(...path('tcp')) },
    new Map(),
    frames,
  )
  expect(read.send).toEqual({
    protocol: 'udp',
    srtpCipher: 'SRTP_AEAD_AES_256_GCM',
    dtlsState: 'connected',
    roundTripMs: 12,
    availableOutBps: 900_000,
  })
  expect(read.receive.protocol).toBe('tcp')
  expect(JSON.stringify(read)).not.toContain('192.0.2.7')
})

test('before anything is connected the path is unknown', () => {
  expect(readStatistics({ send: report(), receive: report() }, new Map(), frames).send).toEqual({
    protocol: null,
    srtpCipher: null,
    dtlsState: null,
    roundTripMs: null,
    availableOutBps: null,
  })
})

test('layers belong to their source by media section; streams of no known source are left out', () => {
  const send = report(
    { id: '1', type: 'outbound-rtp', mid: '1', rid: 'r0', bytesSent: 10, packetsSent: 1, frameWidth: 320 },
    {
      id: '2',
      type: 'outbound-rtp',
      mid: '1',
      rid: 'r1',
      bytesSent: 20,
      packetsSent: 2,
      qualityLimitationReason: 'bandwidth',
    },
    { id: 'R', type: 'remote-inbound-rtp', localId: '2', packetsLost: 7 },
    { id: '3', type: 'outbound-rtp', mid: '9', bytesSent: 20 },
  )
  const { sending } = readStatistics({ send, receive: report() }, new Map([['1', 'camera' as const]]), frames)
  expect(sending).toHaveLength(1)
  expect(
    sending[0]?.layers.map(({ rid, bytes, width, packetsLost }) => [rid, bytes, width, packetsLost]),
  ).toEqual([
    ['r0', 10, 320, 0],
    ['r1', 20, 0, 7],
  ])
  expect(sending[0]?.layers.map(({ limited }) => limited)).toEqual(['none', 'bandwidth'])
})

test('received streams tell how much sound was made up; the bandwidth probe is no stream', () => {
  const receive = report(
    {
      id: '1',
      type: 'inbound-rtp',
      kind: 'audio',
      trackIdentifier: 'c1',
      totalSamplesReceived: 100,
      concealedSamples: 25,
    },
    { id: '2', type: 'inbound-rtp', kind: 'video', trackIdentifier: 'probator' },
  )
  const { receiving } = readStatistics({ send: report(), receive }, new Map(), frames)
  expect(receiving).toHaveLength(1)
  expect(receiving[0]).toMatchObject({
    track: 'c1',
    kind: 'audio',
    concealedRatio: 0.25,
    samples: 100,
    samplesConcealed: 25,
  })
})
