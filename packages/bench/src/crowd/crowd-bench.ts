/**
 * `npm run bench crowd`: time to join a meeting against the number of people in it (2 to 100), through the real engine
 * on the real server, and what the server holds for each of them.
 */
import type { Bench, BenchRun, Measured } from '../run/bench.ts'
import type { Join, Memory } from './crowd-figures.ts'
import { summarize } from './crowd-figures.ts'
import { CrowdScene } from './crowd-scene.ts'

/** So many compute; each of their commits costs all of them. */
const AWAKE = 12
const JOINS_A_SIZE = 4
const FILLED = [24, 49, 96]
/** GRP8: one member may commit three times in three seconds. A join that had to wait for that would measure it. */
const APART_MS = 1_100
const MEMORY_AT = [2, 10]

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

async function measure({ trial, progress, quietly }: BenchRun): Promise<Measured> {
  const joins: Join[] = []
  const memories: Memory[] = []
  const scene = await CrowdScene.open()
  const join = async (): Promise<void> => {
    await pause(APART_MS)
    joins.push(await quietly(() => scene.join()))
  }
  try {
    while (scene.people < (trial ? 4 : AWAKE)) {
      await join()
      if (MEMORY_AT.includes(scene.people)) memories.push(await scene.memory())
    }
    progress(`${scene.people} are there`)
    for (const filled of trial ? FILLED.slice(0, 1) : FILLED) {
      await scene.fillTo(filled)
      for (let i = 0; i < JOINS_A_SIZE; i++) await join()
      memories.push(await scene.memory())
      progress(`${scene.people} are there`)
    }
    return summarize(joins, memories)
  } finally {
    await scene.close()
  }
}

export const crowdBench: Bench = { name: 'crowd', title: 'Joining a meeting of many', run: measure }
