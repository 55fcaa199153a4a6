import type { OpeningReport } from '@huisclos/vault'
import { expect, test } from 'vitest'
import { isPictured, timelineOf } from './timeline.ts'

const ada = { pseudonym: 'p-ada', name: 'Ada' }
const ben = { pseudonym: 'p-ben', name: 'Ben' }
const event = (code: OpeningReport['events'][number]['code'], fromUs: number, toUs = fromUs) => ({
  code,
  fromUs,
  toUs,
  records: null,
  bytes: null,
  detail: '',
})
const gap = (person: typeof ada | null, why: OpeningReport['gaps'][number]['why']) => ({
  stream: 1,
  why,
  fromUs: 2_000_000,
  toUs: 3_000_000,
  frames: 9,
  kind: 'audio' as const,
  person,
})
const damaged = {
  kind: 'records-damaged' as const,
  segment: 1,
  file: '000001.hcs',
  offset: 0,
  lengthBytes: 4,
  fromUs: 8_000_000,
  toUs: 8_000_000,
  lostRecords: 1,
}
const report: OpeningReport = {
  recording: 'r',
  startedAtMs: 1,
  durationUs: 20_000_000,
  manifest: 'signed',
  host: null,
  files: [
    { name: 'Ada.webm', person: ada, source: 'person', tracks: [] },
    { name: 'Ada-screen.webm', person: ada, source: 'screen', tracks: [] },
    { name: 'Ben.webm', person: ben, source: 'person', tracks: [] },
  ],
  gaps: [gap(ada, 'bad-tag'), gap(ben, 'replayed'), gap(null, 'no-key')],
  envelopes: { opened: 1, refused: 0, findings: [] },
  events: [
    event('paused', 5_000_000),
    event('gap-disk-full', 6_000_000, 6_500_000),
    event('resumed', 7_000_000),
    event('no-envelope', 9_000_000),
    event('paused', 18_000_000),
  ],
  damage: [damaged, { ...damaged, kind: 'index-damaged', lostRecords: 0 }],
}
const spans = { sound: [{ fromMs: 0, toMs: 20_000 }], pictures: [] }
const files = report.files.slice(0, 2).map(({ name }) => ({ name, blob: new Blob(), ...spans }))
const timeline = timelineOf({ report, files, whole: false, lines: [] })

test('[OPEN4] a lane for each file that was opened, with the holes of its person', () => {
  expect(timeline.durationMs).toBe(20_000)
  expect(timeline.lanes).toMatchObject([
    {
      file: 'Ada.webm',
      person: 'Ada',
      screen: false,
      holes: [{ fromMs: 2_000, toMs: 3_000, why: 'bad-tag' }],
    },
    { file: 'Ada-screen.webm', person: 'Ada', screen: true },
  ])
})

test('[OPEN4] pauses last until they end, or to the end; gaps and damage with a loss are drawn, and nothing else', () => {
  expect(timeline.marks).toEqual([
    { kind: 'paused', fromMs: 5_000, toMs: 7_000 },
    { kind: 'missing', fromMs: 6_000, toMs: 6_500 },
    { kind: 'missing', fromMs: 8_000, toMs: 8_020 },
    { kind: 'sealed', fromMs: 9_000, toMs: 9_020 },
    { kind: 'paused', fromMs: 18_000, toMs: 20_000 },
  ])
})

test('a picture shows from when it comes to a second after, the first one a little sooner, and none before it comes back', () => {
  const pictures = [
    { fromMs: 5_000, toMs: 9_000 },
    { fromMs: 20_000, toMs: 30_000 },
  ]
  const shown = [2_900, 3_100, 7_000, 9_900, 10_100, 19_900, 20_000].map((at) => isPictured(pictures, at))
  expect(shown).toEqual([false, true, true, true, false, false, true])
  expect(isPictured([], 0)).toBe(false)
})
