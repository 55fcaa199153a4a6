/**
 * How busy the machine is, from Linux' /proc/stat: whether anything but the bench took part in a run, and whether the
 * machine itself was the limit. Steal time (another guest of the same host) counts as busy.
 */
import { readFileSync } from 'node:fs'
import { ownTreeSeconds, TICKS_PER_SECOND } from './process-times.ts'

export interface CpuTicks {
  busy: number
  total: number
}

/** @throws Error when the text has no line for all cores */
export function parseCpuTicks(procStat: string): CpuTicks {
  const line = /^cpu +([\d ]+)$/m.exec(procStat)?.[1]
  if (line === undefined) throw new Error('/proc/stat without a cpu line')
  // user nice system idle iowait irq softirq steal; guest time is in user already.
  const ticks = line.split(' ').map(Number).slice(0, 8)
  const total = ticks.reduce((sum, one) => sum + one, 0)
  return { busy: total - (ticks[3] ?? 0) - (ticks[4] ?? 0), total }
}

const readTicks = (): CpuTicks => parseCpuTicks(readFileSync('/proc/stat', 'utf8'))

export interface CpuShares {
  /** Of all cores, 0 to 1. */
  busy: number
  /** The part of it that neither this process nor its descendants used, 0 to 1. */
  others: number
}

/** @param ownSeconds processor time that the bench used between the two */
export function cpuShares(from: CpuTicks, to: CpuTicks, ownSeconds: number): CpuShares {
  const total = to.total - from.total
  if (total <= 0) return { busy: 0, others: 0 }
  const busy = (to.busy - from.busy) / total
  return { busy, others: Math.max(0, busy - (ownSeconds * TICKS_PER_SECOND) / total) }
}

/** Starts watching; each call of the result tells of the time since the start. */
export function watchCpu(): () => CpuShares {
  const start = readTicks()
  const own = ownTreeSeconds()
  return () => cpuShares(start, readTicks(), ownTreeSeconds() - own)
}
