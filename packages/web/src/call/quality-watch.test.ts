import type { PersonView } from '@huisclos/participant'
import { expect, test } from 'vitest'
import { testLayer, testReceiving, testStatistics } from '../../test/statistics.ts'
import type { MediaStatistics } from '../platform/media-statistics.ts'
import { QualityWatch } from './quality-watch.ts'

type Person = PersonView<MediaStreamTrack>
type Held = 'ours' | 'theirs' | undefined

const person = (leaf: number, self = false, held: Held = undefined): Person => ({
  leaf,
  name: `n${leaf}`,
  self,
  host: false,
  hand: false,
  mayUnmute: true,
  recorded: false,
  state: 'here',
  streams: [
    {
      source: 'camera',
      track: { id: `t${leaf}` } as MediaStreamTrack,
      muted: false,
      waitingForKeys: false,
      ...(held ? { held } : {}),
    },
  ],
})

/** What was sent and received after `looks` looks: 25,000 bytes each way a look, `lost` of each 100 packets. */
function after(looks: number, lost: Record<number, number> = {}): MediaStatistics {
  const base = testStatistics({ roundTripMs: 30 })
  const received = [1, 2].map((leaf) =>
    testReceiving({
      track: `t${leaf}`,
      bytes: looks * 25_000,
      packets: looks * (100 - (lost[leaf] ?? 0)),
      packetsLost: looks * (lost[leaf] ?? 0),
      width: 320,
      height: 180,
      framesPerSecond: 24.4,
    }),
  )
  const layer = { ...testLayer, bytes: looks * 25_000, packets: looks * 100, width: 640, height: 360 }
  const frames = {
    ...base.frames,
    sealed: looks * 50,
    sealMs: looks * 10,
    opened: looks * 100,
    openMs: looks * 40,
  }
  return { ...base, sending: [{ source: 'camera', layers: [layer] }], receiving: received, frames }
}

function watch() {
  let now = 1_000_000
  let people: Person[] = [person(0, true), person(1), person(2)]
  let statistics: MediaStatistics | null = null
  const quality = new QualityWatch({
    stats: async () => statistics,
    people: () => people,
    now: () => now,
  })
  const look = async (next: MediaStatistics | null) => {
    statistics = next
    now += 2_000
    await quality.look()
  }
  return { quality, look, setPeople: (next: Person[]) => (people = next) }
}

test('points tell bit rate, picture, round trip and the cipher’s time, own and of each person', async () => {
  const { quality, look } = watch()
  await look(after(0))
  expect(quality.view.own).toEqual([])
  await look(after(1, { 2: 20 }))
  expect(quality.view.own).toEqual([
    {
      at: 1_004_000,
      bps: 100_000,
      loss: 0,
      roundTripMs: 30,
      width: 640,
      height: 360,
      framesPerSecond: 0,
      cipherMs: 0.2,
    },
  ])
  expect(quality.view.people.get(1)?.[0]).toMatchObject({
    bps: 100_000,
    width: 320,
    framesPerSecond: 24,
    cipherMs: 0.4,
  })
  expect(quality.view.people.get(2)?.[0]?.loss).toBeCloseTo(0.2)
})

test('a verdict takes three looks, is told once, and goes when the network is well again', async () => {
  const { quality, look } = watch()
  let told = 0
  quality.tiles.subscribe(() => told++)
  for (let i = 0; i < 3; i++) await look(after(i, { 2: 20 }))
  expect(quality.tiles.view.size).toBe(0)
  for (let i = 3; i < 6; i++) await look(after(i, { 2: 20 }))
  expect([...quality.tiles.view]).toEqual([[2, { whose: 'theirs', picture: 'flows' }]])
  expect(told).toBe(1)
  await look(null)
  for (let i = 0; i < 5; i++) await look(after(i))
  expect(quality.tiles.view.size).toBe(0)
})

test('[SIG17] a held picture counts at the second look in a row', async () => {
  const { quality, look, setPeople } = watch()
  for (let i = 0; i < 4; i++) await look(after(i))
  setPeople([person(0, true), person(1, false, 'ours'), person(2)])
  await look(after(4))
  expect(quality.tiles.view.size).toBe(0)
  await look(after(5))
  expect([...quality.tiles.view]).toEqual([[1, { whose: 'ours', picture: 'held' }]])
  setPeople([person(0, true), person(1), person(2)])
  await look(after(6))
  expect(quality.tiles.view.size).toBe(0)
})

test('media that is opened anew starts from nothing, and who left is forgotten', async () => {
  const { quality, look, setPeople } = watch()
  await look(after(5))
  await look(after(6))
  await look(null)
  await look(after(0))
  await look(after(1))
  expect(quality.view.own.map(({ bps }) => bps)).toEqual([100_000, 100_000])
  setPeople([person(0, true), person(2)])
  await look(after(2))
  expect([...quality.view.people.keys()]).toEqual([2])
})
