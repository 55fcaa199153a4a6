/**
 * For tests: a flood by SIPp, so many calls a second from one address. Where they are taken, `calls` hang up after a
 * while, and `pins` press three wrong PINs and are hung up on.
 */
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SippCall } from './sipp-scenario.ts'

export interface Flood {
  /** Of the bridge. */
  port: number
  /** An address of this machine: the trunk that it comes by. */
  from: string
  kind: 'calls' | 'pins'
  perSecond: number
  seconds: number
  /** What the PINs begin with. */
  prefix: string
}

const STAYS_MS = 4_000
/** A wrong PIN is answered after a pause of 1 s, the next after 4 s. */
const BETWEEN_PINS_MS = [500, 2_500, 5_500]
/** SIPp gives a call up that is not answered. */
const UNANSWERED_MS = 20_000
/** Nobody listens there. */
const NO_MEDIA = 9

function callOf({ kind, prefix }: Flood): string {
  const call = new SippCall('33600[call_number]', NO_MEDIA)
  if (kind === 'calls') return call.pause(STAYS_MS).hangUp().text
  for (const [i, ms] of BETWEEN_PINS_MS.entries()) call.pause(ms).press(`${prefix}00000${i}#`)
  return call.isHungUpOn().text
}

/** Resolves when all are over: how many were made, and how many the bridge took and answered to their end. */
export async function floodBySipp(flood: Flood): Promise<{ made: number; taken: number }> {
  const folder = mkdtempSync(join(tmpdir(), 'huisclos-flood-'))
  try {
    writeFileSync(join(folder, 'flood.xml'), callOf(flood))
    const made = flood.perSecond * flood.seconds
    const pace = ['-r', `${flood.perSecond}`, '-m', `${made}`, '-l', `${made}`]
    const told = ['-recv_timeout', `${UNANSWERED_MS}`, '-trace_stat', '-stf', 'stat.csv']
    const args = ['-sf', 'flood.xml', '-i', flood.from, '-nostdin', ...pace, ...told]
    const child = spawn('sipp', [...args, `127.0.0.1:${flood.port}`], { stdio: 'ignore', cwd: folder })
    await new Promise((resolve) => child.once('exit', resolve))
    return { made, taken: successes(readFileSync(join(folder, 'stat.csv'), 'utf8')) }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function successes(statistics: string): number {
  const [head, ...lines] = statistics.trim().split('\n')
  const column = head?.split(';').indexOf('SuccessfulCall(C)') ?? -1
  return Number(lines.at(-1)?.split(';')[column] ?? Number.NaN)
}
