import { expect, test } from 'vitest'
import type { FrameWish } from '../../../test/recorded-frames.ts'
import { BEGAN_AT, tapped } from '../../../test/recorded-frames.ts'
import { readFacts } from './journal-facts.ts'
import type { JournalRecord } from './journal-record.ts'
import { RecorderEngine } from './recorder-engine.ts'

function recording() {
  const records: JournalRecord[] = []
  const asked: string[] = []
  const engine = new RecorderEngine(
    { title: 'Board', beganAt: BEGAN_AT },
    {
      write: (record) => records.push(record),
      needsKeyFrame: (person, source) => asked.push(`${person} ${source}`),
    },
  )
  const take = (...wishes: FrameWish[]) =>
    engine.take({ frames: wishes.map(tapped), gap: false, sizeBytes: 0 })
  const frames = () => records.filter(({ kind }) => kind === 'frame')
  const tracks = () =>
    records.flatMap((record) => {
      const facts = readFacts('track', record)
      return facts ? [`${record.track} ${facts.name} ${facts.source} ${facts.codec}`] : []
    })
  return { engine, records, asked, take, frames, tracks }
}

test('a picture asks for a key frame to begin with, once a second', () => {
  const { take, asked } = recording()
  for (let ms = 0; ms < 1_500; ms += 33) take({ taken: ms })
  expect(asked).toEqual(['ada camera', 'ada camera'])
  take({ taken: 1_500, key: true })
  for (let ms = 1_533; ms < 9_000; ms += 33) take({ taken: ms })
  expect(asked).toHaveLength(2)
})

test('a picture without a key frame for 20 s asks for one, so that a player can begin there', () => {
  const { take, asked } = recording()
  take({ taken: 0, key: true })
  for (let ms = 1_000; ms <= 20_000; ms += 1_000) take({ taken: ms })
  expect(asked).toEqual([])
  take({ taken: 21_000 })
  expect(asked).toEqual(['ada camera'])
})

test('each person’s sources are tracks of their own, and keep the name that they were given first', () => {
  const { engine, take, tracks } = recording()
  engine.names(
    new Map([
      [1, 'Ada'],
      [2, 'Bob'],
    ]),
  )
  take(
    { taken: 0, key: true },
    { source: 'microphone', taken: 0 },
    { person: 'bob', leaf: 2, source: 'microphone', taken: 5 },
  )
  engine.names(
    new Map([
      [1, 'Carol'],
      [2, 'Bob'],
    ]),
  )
  expect(tracks()).toEqual(['1 Ada camera vp8', '2 Ada microphone opus', '3 Bob microphone opus'])
})

test('whoever gets the leaf of one who has left gets neither their track nor their name', () => {
  const { engine, take, tracks } = recording()
  take({ source: 'microphone', taken: 0 })
  engine.names(new Map([[1, 'Ada']]))
  engine.names(new Map([[1, 'Carol']]))
  take({ person: 'carol', source: 'microphone', taken: 9_000 })
  expect(tracks()).toEqual(['1  microphone opus', '1 Ada microphone opus', '2 Carol microphone opus'])
})

test('a camera that goes off and on stays in its track, with a clock of its own', () => {
  const { take, frames } = recording()
  take({ taken: 0, key: true }, { taken: 33 })
  take({ taken: 9_000, stream: 2 }, { taken: 9_033, stream: 2, key: true })
  expect(frames().map(({ track, run, at }) => [track, run, at])).toEqual([
    [1, 0, 0],
    [1, 0, 33],
    [1, 1, 9_000],
    [1, 1, 9_033],
  ])
})

test('of one’s own camera the largest layer is kept; a smaller one takes over when it falls silent', () => {
  const { take, frames } = recording()
  const layers = (taken: number, key: boolean, sizes: number[]) =>
    take(...sizes.map((width) => ({ taken, key, width, layer: width })))
  layers(0, true, [320, 640, 1280])
  layers(33, false, [320, 640, 1280])
  expect(frames()).toHaveLength(4)
  expect(frames().at(-1)).toMatchObject({ at: 33, run: 2 })
  for (let ms = 66; ms < 2_000; ms += 33) layers(ms, false, [320, 640])
  expect(frames()).toHaveLength(4)
  layers(2_000, true, [640])
  layers(2_033, false, [640])
  expect(frames()).toHaveLength(6)
})

test('[LREC5] what passes while it is paused is not recorded, and the pause takes no time', () => {
  const { engine, take, frames, records } = recording()
  take({ taken: 0, key: true })
  engine.pause(true, BEGAN_AT + 1_000)
  take({ taken: 1_500, key: true })
  engine.pause(false, BEGAN_AT + 61_000)
  take({ taken: 61_033 }, { taken: 61_066, key: true })
  expect(frames().map(({ at, run }) => [at, run])).toEqual([
    [0, 0],
    [1_033, 1],
    [1_066, 1],
  ])
  expect(records.flatMap((record) => readFacts('mark', record)?.what ?? [])).toEqual(['paused', 'resumed'])
  expect(engine.elapsed(BEGAN_AT + 61_100)).toBe(1_100)
})

test('after a gap a picture begins anew, with a key frame', () => {
  const { engine, take, frames, asked } = recording()
  take({ taken: 0, key: true })
  engine.take({ frames: [tapped({ taken: 500 })], gap: true, sizeBytes: 0 })
  expect(frames().map(({ run }) => run)).toEqual([0, 1])
  expect(asked).toEqual(['ada camera'])
})

test('an RTP clock that jumps begins a run of its own', () => {
  const { engine, take, frames } = recording()
  take({ source: 'microphone', taken: 0 }, { source: 'microphone', taken: 20 })
  const jumped = { ...tapped({ source: 'microphone', taken: 40 }), rtp: 50_000_000 }
  engine.take({ frames: [jumped], gap: false, sizeBytes: 0 })
  expect(frames().map(({ run }) => run)).toEqual([0, 0, 1])
})
