/** The page that opens recordings, with fixtures: a board meeting of four, one of them without a camera. */
import type { ReactNode } from 'react'
import { Player } from '../src/vault/model/player.ts'
import type { ServerView } from '../src/vault/model/server-recordings.ts'
import { timelineOf } from '../src/vault/model/timeline.ts'
import type { OpeningPort, OpeningView, ResultPort, ResultView } from '../src/vault/opening-port.ts'
import { RecordingsPage } from '../src/vault/screens/RecordingsPage.tsx'
import type { OpenedRecording } from '../src/vault/worker/opener-messages.ts'
import { LOUDNESS_MS } from '../src/vault/worker/opener-messages.ts'
import { demoStore } from './demo-store.ts'

const nothing = () => undefined
const FINGERPRINT = 'efc8 a7db fec5 a059 dfff c657 dc8e 5d82'
const STARTED = Date.UTC(2026, 10, 28, 9, 2)
const DURATION_MS = 47 * 60_000

const EMPTY: OpeningView = {
  stage: { at: 'choosing', problem: null },
  found: [],
  chosen: null,
  strangers: [],
  keys: [],
}

const SERVER: ServerView = {
  at: 'listed',
  recordings: [
    { id: 'a', title: 'Conseil du 4 mars', startedAt: STARTED, endedAt: null, sizeBytes: 2e7 },
    {
      id: 'b',
      title: 'Comité social et économique, réunion extraordinaire',
      startedAt: STARTED - 864e5,
      endedAt: STARTED,
      sizeBytes: 812e6,
    },
    { id: 'c', title: '', startedAt: STARTED - 2e9, endedAt: STARTED, sizeBytes: 4.2e6 },
  ],
}

function page(view: Partial<OpeningView>, server: ServerView = SERVER, result: ResultPort | null = null) {
  const store = demoStore<OpeningView>({ ...EMPTY, ...view })
  const opening: OpeningPort = {
    get view() {
      return store.view
    },
    subscribe: (changed) => store.subscribe(changed),
    server: Object.assign(demoStore(server), { look: async () => nothing() }),
    result,
    give: nothing,
    giveLetters: nothing,
    removeKey: nothing,
    choose: (chosen) => store.change({ chosen }),
    open: nothing,
    cancel: () => store.change({ stage: { at: 'choosing', problem: null } }),
    close: nothing,
  }
  return <RecordingsPage opening={opening} onHome={nothing} />
}

const board = { name: 'board', files: [{ name: '000001.hcs', blob: new Blob([]) }], sizeBytes: 412_000_000 }
const found = ['2026-11-28 board', '2026-11-21 board'].map((name) => ({ ...board, name }))

const PEOPLE = ['Camille Lefèvre', 'Ben Okonkwo', 'Åsa Lindqvist-Bergström', 'Camille Lefèvre'] as const
const at = (minutes: number): number => minutes * 60_000_000

/** Turns of speech that look like a meeting's. */
function loudnessOf(person: number): number[] {
  return Array.from({ length: DURATION_MS / LOUDNESS_MS }, (_, step) => {
    const turn = Math.floor(step / 140 + Math.sin(step / 700) * 2)
    const speaks = (turn * 7 + (turn % 5)) % 3 === person % 3
    return speaks ? 0.45 + 0.35 * Math.abs(Math.sin(step * (person + 1.7))) : 0
  })
}

function reportOf(isWhole: boolean): OpenedRecording['report'] {
  const event = { records: null, bytes: null, detail: '' }
  const files = PEOPLE.map((name, i) => ({
    name: `${i}.webm`,
    person: { pseudonym: `p${i % 3}`, name },
    source: i === 3 ? ('screen' as const) : ('person' as const),
    tracks: [],
  }))
  return {
    recording: 'r',
    startedAtMs: STARTED,
    durationUs: DURATION_MS * 1000,
    manifest: isWhole ? 'signed' : 'unsigned',
    host: 'bda97210daf9caffbd52441060cbe276',
    files,
    gaps: isWhole
      ? []
      : [
          {
            stream: 2,
            why: 'bad-tag',
            fromUs: at(12),
            toUs: at(13.5),
            frames: 900,
            kind: 'video',
            person: { pseudonym: 'p1', name: 'Ben Okonkwo' },
          },
          {
            stream: 9,
            why: 'no-key',
            fromUs: at(0),
            toUs: at(47),
            frames: 9000,
            kind: 'audio',
            person: null,
          },
        ],
    envelopes: {
      opened: 9,
      refused: isWhole ? 0 : 1,
      findings: isWhole ? [] : [{ kind: 'refused', epoch: 12, timeUs: at(20), why: 'does-not-open' }],
    },
    events: [
      { code: 'paused', fromUs: at(25), toUs: at(25), ...event },
      { code: 'resumed', fromUs: at(29), toUs: at(29), ...event },
      ...(isWhole ? [] : [{ code: 'gap-disk-full' as const, fromUs: at(38), toUs: at(40), ...event }]),
    ],
    damage: [],
  }
}

function result(isWhole: boolean, loudnessKnown = true): ResultPort {
  const report = reportOf(isWhole)
  const spans = [
    [
      { fromMs: 0, toMs: 1_500_000 },
      { fromMs: 1_740_000, toMs: DURATION_MS },
    ],
    [{ fromMs: 60_000, toMs: DURATION_MS }],
    [],
    [{ fromMs: 600_000, toMs: 1_320_000 }],
  ]
  const opened = {
    report,
    whole: isWhole,
    files: report.files.map(({ name }, i) => ({
      name,
      blob: new Blob([]),
      sound: i === 3 ? [] : [{ fromMs: 0, toMs: DURATION_MS }],
      pictures: spans[i] ?? [],
    })),
    lines: ['file      0.webm: audio 0:00:00.000–0:47:00.000 (141000 frames)', 'manifest  unsigned'],
  }
  const store = demoStore<ResultView>({
    opened: { ...opened, files: [] },
    timeline: timelineOf(opened),
    loudness: new Map(report.files.map(({ name }, i) => [name, i === 3 ? [] : loudnessOf(i)])),
    loudnessKnown,
    mp4: new Map([['1.webm', 'making']]),
    hostTitle: isWhole ? 'Conseil du 4 mars' : null,
  })
  const player = new Player(DURATION_MS, { now: () => 0, tick: () => nothing })
  player.seek(1_100_000)
  player.setMuted('2.webm', true)
  return {
    get view() {
      return store.view
    },
    subscribe: (changed) => store.subscribe(changed),
    player,
    save: nothing,
  }
}

const opened = (isWhole: boolean, loudnessKnown = true): ReactNode =>
  page({ stage: { at: 'opened' } }, SERVER, result(isWhole, loudnessKnown))

export const RECORDINGS_PAGE: Readonly<Record<string, () => ReactNode>> = {
  'recordings-choose': () => page({}),
  'recordings-none': () => page({ found, strangers: ['film.mp4'] }, { at: 'none' }),
  'recordings-refused': () =>
    page({
      stage: { at: 'choosing', problem: { code: 'passphrase-wrong', about: '' } },
      chosen: { from: 'files', recording: board },
      keys: [
        {
          id: 1,
          name: 'board.key.json',
          read: { kind: 'file', owner: 'The board', fingerprint: FINGERPRINT },
        },
      ],
    }),
  'recordings-shares': () =>
    page({
      chosen: { from: 'server', id: 'b', title: 'Conseil du 4 mars', startedAt: STARTED, sizeBytes: 812e6 },
      keys: [
        {
          id: 1,
          name: 'share-1.html',
          read: { kind: 'share', fingerprint: FINGERPRINT, needed: 3, of: 5, number: 1 },
        },
        { id: 2, name: '', read: { code: 'share-damaged', about: '4' } },
        { id: 3, name: 'share-4.html', read: null },
      ],
    }),
  'recordings-key': () => page({ stage: { at: 'key', part: 0 } }),
  'recordings-wait': () => page({ stage: { at: 'recording', part: 0.62 } }),
  'recordings-whole': () => opened(true),
  'recordings-amiss': () => opened(false, false),
}
