/**
 * `npm run bench frames`: what sealing and opening one frame costs beside bare WebCrypto, in turns within one process,
 * one frame after the other as the frame worker does it.
 */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { Bench, BenchRun, Figure, Measured, Point } from '../run/bench.ts'
import { formatValue } from '../run/figure-text.ts'
import { median, medianRatio } from '../run/statistics.ts'
import type { Contestant } from './contestants.ts'
import { contestantsOf, frameCases } from './contestants.ts'

const ROUNDS = 40
/** Long enough together to tell whether others disturbed them. */
const ROUNDS_IN_A_ROW = 10
const TRIAL_ROUNDS = 3
const WARM_UP_ROUNDS = 10
const FRAMES_PER_ROUND = 100
/** SFrame may cost half as much again as the cipher that it cannot do without. */
const AIM_RATIO = 1.5

type Times = Map<Contestant['name'], number[]>

/** Node's garbage collector, which programs cannot reach without a flag. */
function garbageCollector(): () => void {
  setFlagsFromString('--expose-gc')
  return runInNewContext('gc') as () => void
}

const collectGarbage = garbageCollector()

/** Mean time of one operation of a batch, in µs. Nobody pays for the garbage of the one before. */
async function timeBatch(contestant: Contestant): Promise<number> {
  await contestant.prepare(FRAMES_PER_ROUND)
  collectGarbage()
  const from = performance.now()
  for (let i = 0; i < FRAMES_PER_ROUND; i++) await contestant.once(i)
  return ((performance.now() - from) * 1000) / FRAMES_PER_ROUND
}

/** Rounds of all contestants in turns, each round beginning with another one. */
export async function timeInTurns(contestants: readonly Contestant[], rounds: number): Promise<Times> {
  const times: Times = new Map(contestants.map(({ name }) => [name, []]))
  for (let round = 0; round < rounds; round++) {
    for (let i = 0; i < contestants.length; i++) {
      const contestant = contestants[(round + i) % contestants.length] as Contestant
      times.get(contestant.name)?.push(await timeBatch(contestant))
    }
  }
  return times
}

function figuresOf(caseName: string, times: Times): Figure[] {
  const of = (name: Contestant['name']): number[] => times.get(name) ?? []
  return (['seal', 'open'] as const).flatMap((verb): Figure[] => {
    const doing = verb === 'seal' ? 'Sealing' : 'Opening'
    const id = `${caseName.replaceAll(' ', '-')}.${verb}`
    const beside = formatValue(median(of(`bare ${verb}`)), 'µs')
    return [
      {
        id,
        label: `${doing} one frame of ${caseName} with SFrame`,
        value: median(of(verb)),
        unit: 'µs',
        better: 'lower',
        note: `bare AES-256-GCM ${beside}`,
      },
      {
        id: `${id}.ratio`,
        label: `${doing} one frame of ${caseName} against bare AES-256-GCM`,
        value: medianRatio(of(verb), of(`bare ${verb}`)),
        unit: '×',
        better: 'lower',
        aim: AIM_RATIO,
      },
      {
        id: `${id}.own`,
        label: `${doing} one frame of ${caseName} without the cipher: header, metadata, copies, checks`,
        value: median(of(`${verb}, no cipher`)),
        unit: 'µs',
        better: 'lower',
      },
    ]
  })
}

async function measure({ trial, progress, quietly }: BenchRun): Promise<Measured> {
  const rounds = trial ? TRIAL_ROUNDS : ROUNDS
  const figures: Figure[] = []
  const points: Point[] = []
  for (const frameCase of frameCases) {
    progress(frameCase.name)
    const contestants = await contestantsOf(frameCase)
    await timeInTurns(contestants, trial ? 1 : WARM_UP_ROUNDS)
    const times: Times = new Map(contestants.map(({ name }) => [name, []]))
    for (let done = 0; done < rounds; done += ROUNDS_IN_A_ROW) {
      const some = await quietly(() => timeInTurns(contestants, Math.min(ROUNDS_IN_A_ROW, rounds)))
      for (const [name, values] of some) times.get(name)?.push(...values)
    }
    figures.push(...figuresOf(frameCase.name, times))
    for (const [series, values] of times)
      points.push(...values.map((value) => ({ group: frameCase.name, series, value })))
  }
  return {
    figures,
    checks: [
      `${rounds} rounds of ${FRAMES_PER_ROUND} frames each, in turns with bare AES-256-GCM of the same size, garbage collected before each`,
      `every frame was sealed and opened without a refusal, and no frame opened twice`,
    ],
    doubts: [],
    plots: [{ title: 'Time of one frame', kind: 'medians', unit: 'µs', points }],
  }
}

export const framesBench: Bench = { name: 'frames', title: 'Encrypting one frame', run: measure }
