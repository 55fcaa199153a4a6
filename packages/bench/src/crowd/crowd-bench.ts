/**
 * `npm run bench crowd`: time to join a meeting against the number of people in it (2 to 100), through the real engine
 * on the real server, and what the server holds for each of them.
 */
import type { Bench, BenchRun, Measured } from '../run/bench.ts'
import type { Join, Memory } from './crowd-figures.ts'
import { summarize } from './crowd-figures.ts'
import { CrowdScene } from './crowd-scene.ts'

const JOINS_A_SIZE = 4
/** How many are there when somebody joins them. */
const FILLED = [1, 11, 24, 49, 99]
/** GRP8: one member may commit three times in three seconds, and each newcomer comes and goes by a commit of the same. */
const APART_MS = 800

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
    for (const filled of trial ? FILLED.slice(0, 2) : FILLED) {
      await scene.fillTo(filled)
      memories.push(await scene.memory())
      for (let i = 0; i < JOINS_A_SIZE; i++) {
        await join()
        await scene.newcomersLeave()
      }
      progress(`${filled + 1} were there`)
    }
    return summarize(joins, memories)
  } finally {
    await scene.close()
  }
}

export const crowdBench: Bench = { name: 'crowd', title: 'Joining a meeting of many', run: measure }
