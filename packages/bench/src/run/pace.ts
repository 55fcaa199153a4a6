/**
 * How fast this machine is at the moment: a fixed piece of work of the kinds that the benches are made of. Machines that
 * are shared run half as fast on one day as on another, and a figure of today is held against that.
 */
import { createHash } from 'node:crypto'
import { closeSync, openSync, writeSync } from 'node:fs'
import { performance } from 'node:perf_hooks'
import type { Unit } from './bench.ts'
import { median } from './statistics.ts'

const ROUNDS = 9
const STEPS = 4_000_000
const HASHED_BYTES = 8 << 20
const CALLS = 8_000

function calculate(): number {
  let state = 1
  for (let i = 0; i < STEPS; i++) state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0
  return state
}

function callTheSystem(): void {
  const file = openSync('/dev/null', 'w')
  const bytes = new Uint8Array(1_200)
  for (let i = 0; i < CALLS; i++) writeSync(file, bytes)
  closeSync(file)
}

/** What the piece of work takes, in ms: the median of nine rounds of some 25 ms. */
export function measurePace(): number {
  const hashed = new Uint8Array(HASHED_BYTES)
  const rounds = Array.from({ length: ROUNDS }, () => {
    const from = performance.now()
    calculate()
    createHash('sha256').update(hashed).digest()
    callTheSystem()
    return performance.now() - from
  })
  return median(rounds)
}

/** What a value of before would be on a machine that many times as slow. Bytes and ratios stay what they are. */
export function atPace(before: number, unit: Unit, slower: number): number {
  if (unit === 'ms' || unit === 'µs' || unit === '%') return before * slower
  return unit === 'packets/s' ? before / slower : before
}

/** Whether a value of that unit says anything without the machine's pace beside it. */
export const needsPace = (unit: Unit): boolean => unit !== '×' && unit !== 'MiB'
