import { decodeReceptionBlocks, decodeSenderReports, encodeSenderReport } from '@huisclos/rtp'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { CallReports } from './call-reports.ts'
import { Reception } from './reception.ts'
import { SrtcpContext } from './srtcp.ts'

const hex = (text: string) => new Uint8Array(Buffer.from(text.replace(/\s/g, ''), 'hex'))
const [theirs, ours] = [new Uint8Array(30).fill(1), new Uint8Array(30).fill(2)]
const rtp = (sequence: number, timestamp: number) => ({
  payloadType: 0,
  sequence: sequence & 0xffff,
  timestamp: timestamp >>> 0,
  ssrc: 7,
  marker: false,
  payload: new Uint8Array(160),
})

function makeReports(keys: { theirs: Uint8Array; ours: Uint8Array } | null = null) {
  const clock = { at: 1_000, now: () => clock.at, wall: () => 1_700_000_000_000 + clock.at }
  return { clock, reports: new CallReports({ ssrc: 42, clockRate: 8000, cname: 'nobody', keys, clock }) }
}

describe('[TEL5] what came of a stream', () => {
  test('losses are counted since the last report and in all, over the end of the numbers', () => {
    const reception = new Reception(8000)
    expect(reception.block(0)).toBeNull()
    const come = (sequences: number[]) => {
      for (const sequence of sequences)
        reception.packet(sequence * 20, { ...rtp(sequence, sequence * 160), ssrc: 7 })
    }
    come([65_530, 65_531, 65_533, 65_532])
    expect(reception.block(0)).toMatchObject({ ssrc: 7, fractionLost: 0, lost: 0, highest: 65_533 })
    come([65_536, 65_537, 65_538])
    const block = reception.block(0)
    expect(block).toMatchObject({ fractionLost: Math.floor((2 * 256) / 5), lost: 2, highest: 65_538 })
    come([65_539])
    expect(reception.block(0)).toMatchObject({ fractionLost: 0, lost: 2 })
  })

  test('jitter is none where packets come as they were sent, and grows where they do not', () => {
    const [even, uneven] = [new Reception(8000), new Reception(8000)]
    for (let i = 0; i < 200; i += 1) {
      even.packet(i * 20 + 5, rtp(i, 0xffff_f000 + i * 160))
      uneven.packet(i * 20 + (i % 2) * 10, rtp(i, 0xffff_f000 + i * 160))
    }
    expect(even.block(0)?.jitter).toBe(0)
    // 10 ms, 80 steps of the clock, one way and the other.
    expect(uneven.block(0)?.jitter).toBeGreaterThan(70)
    expect(uneven.block(0)?.jitter).toBeLessThanOrEqual(80)
  })

  test('whatever comes, its figures fit the report', () => {
    const packet = fc.record({ ssrc: fc.nat(3), sequence: fc.nat(65_535), timestamp: fc.nat() })
    fc.assert(
      fc.property(fc.array(packet, { minLength: 1, maxLength: 60 }), (packets) => {
        const reception = new Reception(8000)
        for (const [i, one] of packets.entries()) reception.packet(i * 20, one)
        const block = reception.block(5)
        expect(block?.fractionLost).toBeLessThanOrEqual(255)
        expect(Number.isSafeInteger(block?.lost) && Number.isSafeInteger(block?.jitter)).toBe(true)
      }),
    )
  })
})

describe('[TEL5] reports', () => {
  test('before anything was sent it is a receiver’s, then a sender’s with what was sent', () => {
    const { clock, reports } = makeReports()
    expect(decodeSenderReports(reports.compound())).toEqual([])
    for (let i = 0; i < 3; i += 1) reports.sent(rtp(i, 1000 + i * 160))
    clock.at += 100
    const [report] = decodeSenderReports(reports.compound())
    expect(report).toMatchObject({ ssrc: 42, packets: 3, payloadBytes: 480, timestamp: 1320 + 800 })
    expect(report?.wallMs).toBeCloseTo(1_700_000_001_100, 0)
  })

  test('the other side’s report is named in ours, with the time since', () => {
    const { clock, reports } = makeReports()
    reports.received(rtp(1, 160))
    const theirReport = encodeSenderReport({
      ssrc: 7,
      wallMs: 123_456,
      timestamp: 1,
      packets: 1,
      payloadBytes: 1,
    })
    reports.heard(theirReport)
    clock.at += 250
    const [block] = decodeReceptionBlocks(reports.compound())
    expect(block?.lastReport).toBe(new DataView(theirReport.buffer).getUint32(10))
    expect(block?.sinceMs).toBeCloseTo(250, 0)
  })

  test('whatever comes on their way is borne, plain and sealed', () => {
    for (const keys of [null, { theirs, ours }]) {
      const { reports } = makeReports(keys)
      fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => reports.heard(bytes)))
    }
  })

  test('where sound is sealed reports are, and an open one is not believed', () => {
    const { reports } = makeReports({ theirs, ours })
    reports.received(rtp(1, 160))
    const report = encodeSenderReport({ ssrc: 7, wallMs: 9_999, timestamp: 1, packets: 1, payloadBytes: 1 })
    const said = () => {
      const opened = reader.unprotect(reports.compound())
      return opened && decodeReceptionBlocks(opened)[0]?.lastReport
    }
    const reader = new SrtcpContext(ours)
    expect(Buffer.from(reports.compound()).includes('nobody')).toBe(false)
    reports.heard(report)
    expect(said()).toBe(0)
    reports.heard(new SrtcpContext(theirs).protect(report))
    expect(said()).not.toBe(0)
  })
})

describe('[TEL5] SRTCP', () => {
  // RFC 3711 has no vectors for it; these are the ones that libsrtp validates itself by.
  const master = hex('E1F97A0D3E018BE0D64FA32C06DE4139 0EC675AD498AFEEBB6960B3AABE6')
  const clear = hex('81C8000B CAFEBABE ABABABABABABABABABABABABABABABAB')
  const sealed = hex('81C8000B CAFEBABE 7128035BE487B9BDBEF89041F977A5A8 80000001 993E08CD54D6C1230798')

  test('libsrtp’s reference packet, sealed and opened', () => {
    expect(Buffer.from(new SrtcpContext(master).protect(clear))).toEqual(Buffer.from(sealed))
    expect(Buffer.from(new SrtcpContext(master).unprotect(sealed) ?? [])).toEqual(Buffer.from(clear))
  })

  test('a report changed, cut, of another key, left open or played again does not open', () => {
    const receiver = new SrtcpContext(master)
    fc.assert(
      fc.property(fc.nat(sealed.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const forged = Uint8Array.from(sealed)
        forged[at] = (forged[at] ?? 0) ^ change
        expect(receiver.unprotect(forged)).toBeNull()
      }),
    )
    expect(receiver.unprotect(sealed.subarray(0, 21))).toBeNull()
    expect(new SrtcpContext(ours).unprotect(sealed)).toBeNull()
    expect(receiver.unprotect(sealed)).not.toBeNull()
    expect(receiver.unprotect(sealed)).toBeNull()
  })
})
