import type { OpeningReport } from '@huisclos/vault'
import { expect, test } from 'vitest'
import type { FromOpener, OpenedRecording, ToOpener } from '../worker/opener-messages.ts'
import { Opening } from './opening.ts'
import { ServerRecordings } from './server-recordings.ts'

const file = (path: string, text = 'x') => ({ path, blob: new Blob([text]) })
const report: OpeningReport = {
  recording: 'r',
  startedAtMs: 1,
  durationUs: 4_000_000,
  manifest: 'signed',
  host: null,
  files: [{ name: 'Ada.webm', person: { pseudonym: 'p', name: 'Ada' }, source: 'person', tracks: [] }],
  gaps: [],
  envelopes: { opened: 1, refused: 0, findings: [] },
  events: [],
  damage: [],
}
const opened: OpenedRecording = {
  report,
  whole: true,
  files: [{ name: 'Ada.webm', blob: new Blob(['webm']), sound: [], pictures: [] }],
  lines: [],
}

function world() {
  const workers: { sent: ToOpener[]; ended: boolean; say: (message: FromOpener) => void }[] = []
  const saved: string[] = []
  const opening = new Opening({
    server: new ServerRecordings(async () => []),
    save: (_blob, name) => saved.push(name),
    titleOfHost: async (host) => (host === 'ab12' ? 'Board' : null),
    timers: { now: () => 0, tick: () => () => {} },
    start() {
      const worker = { sent: [] as ToOpener[], ended: false, say: (_: FromOpener) => {} }
      workers.push(worker)
      return {
        send: (message) => worker.sent.push(message),
        onMessage: (heard) => {
          worker.say = heard
        },
        terminate: () => {
          worker.ended = true
        },
      }
    },
  })
  return { opening, workers, saved, last: () => workers.at(-1)! }
}

/** A recording and a key file that has been read. */
function prepared() {
  const all = world()
  all.opening.give([file('board/000001.hcs'), file('board.key.json', 'sealed')])
  const read = { kind: 'file', owner: 'Board', fingerprint: 'aa' } as const
  all.last().say({ t: 'key-read', id: 0, read })
  return all
}

test('[OPEN3] what is dropped together goes where it belongs', () => {
  const { opening } = prepared()
  expect(opening.view.chosen).toMatchObject({ from: 'files', recording: { name: 'board' } })
  expect(opening.view.keys).toMatchObject([{ name: 'board.key.json', read: { owner: 'Board' } }])
})

test('[OPEN2] the opener gets key and passphrase, and the view has neither', async () => {
  const { opening, last } = prepared()
  opening.open('a lighthouse in the fog')
  const sent = last().sent.find((message) => message.t === 'open')
  expect(sent).toMatchObject({ passphrase: 'a lighthouse in the fog', files: [{ name: '000001.hcs' }] })
  expect(await (sent!.keys[0] as Blob).text()).toBe('sealed')
  expect(JSON.stringify(opening.view)).not.toContain('lighthouse')
})

test('[OPEN2] cancelling ends the worker that holds the key, and opening again gives it to a new one', () => {
  const { opening, workers, last } = prepared()
  opening.open('first')
  const first = last()
  first.say({ t: 'progress', step: 'recording', part: 0.4 })
  expect(opening.view.stage).toEqual({ at: 'recording', part: 0.4 })
  opening.cancel()
  expect(first.ended).toBe(true)
  first.say({ t: 'opened', opened })
  expect(opening.view.stage).toEqual({ at: 'choosing', problem: null })
  opening.open('second')
  expect(workers).toHaveLength(2)
  expect(last().sent).toMatchObject([{ t: 'open', passphrase: 'second', keys: [expect.any(Blob)] }])
})

test('[OPEN3] a refusal says why, keeps what was given, and ends the worker', () => {
  const { opening, last } = prepared()
  opening.open('wrong')
  last().say({ t: 'refused', refusal: { code: 'passphrase-wrong', about: '' } })
  expect(opening.view.stage).toEqual({ at: 'choosing', problem: { code: 'passphrase-wrong', about: '' } })
  expect(opening.view.keys).toHaveLength(1)
  expect(last().ended).toBe(true)
})

test('[OPEN2] once it is open the key is dropped; closing drops everything', () => {
  const { opening, last, saved } = prepared()
  opening.open('right')
  last().say({ t: 'opened', opened })
  expect(opening.view).toMatchObject({ stage: { at: 'opened' }, keys: [] })
  last().say({ t: 'loudness', file: 'Ada.webm', from: 0, values: [0.5] })
  last().say({ t: 'loudness', file: 'Ada.webm', from: 1, values: [0.7] })
  expect(opening.result?.view.loudness.get('Ada.webm')).toEqual([0.5, 0.7])
  opening.result?.save('Ada.webm', 'webm')
  opening.result?.save('Ada.webm', 'mp4')
  expect(opening.result?.view.mp4.get('Ada.webm')).toBe('making')
  last().say({ t: 'mp4', file: 'Ada.webm', blob: new Blob() })
  expect(saved).toEqual(['Ada.webm', 'Ada.mp4'])
  opening.close()
  expect(opening.result).toBeNull()
  expect(last().ended).toBe(true)
  expect(opening.view).toMatchObject({ chosen: null, keys: [] })
})

test.each([
  ['ab12', 'signed', 'Board'],
  ['cd34', 'signed', null],
  ['ab12', 'signature-wrong', null],
] as const)(
  '[OPEN4] host %s of a manifest that is %s: the meeting whose link names it is %s',
  async (host, manifest, title) => {
    const { opening, last } = prepared()
    opening.open('right')
    last().say({ t: 'opened', opened: { ...opened, report: { ...report, host, manifest } } })
    await Promise.resolve()
    await Promise.resolve()
    expect(opening.result?.view.hostTitle).toBe(title)
  },
)

test('more than one recording in a folder: somebody has to choose', () => {
  const { opening } = world()
  opening.give([file('all/a/000001.hcs'), file('all/b/000001.hcs')])
  expect(opening.view).toMatchObject({ chosen: null, found: [{ name: 'a' }, { name: 'b' }] })
  opening.choose({ from: 'files', recording: opening.view.found[1]! })
  expect(opening.view.chosen).toMatchObject({ recording: { name: 'b' } })
})
