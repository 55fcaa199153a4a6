import { expect, test } from 'vitest'
import { QuietRuns } from './quiet-runs.ts'

/** A machine on which others use `shares`, one a watch, and each run or look takes a second. */
function machine(shares: number[], patienceMs: number) {
  let now = 0
  let at = 0
  let runs = 0
  const quiet = new QuietRuns({
    patienceMs,
    now: () => now,
    pause: async (ms) => {
      now += ms
    },
    watch: () => {
      const others = shares[at++] ?? 0
      return () => ({ busy: others, others })
    },
  })
  const run = () =>
    quiet.run(async () => {
      now += 1_000
      return ++runs
    })
  return { quiet, run }
}

test('a run that nobody disturbed is kept at once', async () => {
  const { quiet, run } = machine([0.1], 60_000)
  expect(await run()).toBe(1)
  expect(quiet).toMatchObject({ repeated: 0, worst: 0.1 })
})

test('a disturbed run is repeated when the machine is calm again', async () => {
  // A run, two looks of which the second finds calm, and a run.
  const { quiet, run } = machine([0.5, 0.4, 0.05, 0.12], 60_000)
  expect(await run()).toBe(2)
  expect(quiet).toMatchObject({ repeated: 1, worst: 0.12 })
})

test('without patience the disturbance is kept, for the bench to be refused', async () => {
  const { quiet, run } = machine(Array(100).fill(0.5), 5_000)
  expect(await run()).toBe(2)
  expect(await run()).toBe(3)
  expect(quiet).toMatchObject({ repeated: 1, worst: 0.5 })
})

test('what fails is not repeated', async () => {
  const { quiet } = machine([0.5], 60_000)
  await expect(quiet.run(() => Promise.reject(new Error('broken')))).rejects.toThrow('broken')
  expect(quiet.repeated).toBe(0)
})
