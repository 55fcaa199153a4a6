/**
 * How busy the machine is, from Linux' /proc/stat: whether anything but the bench took part in a run, and whether the
 * machine itself was the limit. Steal time (another guest of the same host) counts as busy.
 */
import { readFileSync } from 'node:fs'

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
  /** The part of it that this process did not use, 0 to 1. */
  others: number
}

/** Ticks of /proc/stat in a second, of each core: USER_HZ, 100 on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100

/** @param ownSeconds processor time that this process used between the two */
export function cpuShares(from: CpuTicks, to: CpuTicks, ownSeconds: number): CpuShares {
  const total = to.total - from.total
  if (total <= 0) return { busy: 0, others: 0 }
  const busy = (to.busy - from.busy) / total
  return { busy, others: Math.max(0, busy - (ownSeconds * TICKS_PER_SECOND) / total) }
}

/**
 * Starts watching; each call of the result tells of the time since the start.
 * Its argument: processor seconds of child processes since then, which are ours too.
 */
export function watchCpu(): (childSeconds?: number) => CpuShares {
  const start = readTicks()
  const own = process.cpuUsage()
  return (childSeconds = 0) => {
    const { user, system } = process.cpuUsage(own)
    return cpuShares(start, readTicks(), (user + system) / 1e6 + childSeconds)
  }
}

/** Processor seconds of a process, from the text of its /proc/PID/stat. @throws Error for other text */
export function parseProcessSeconds(procPidStat: string): number {
  // The name in parentheses may hold spaces and parentheses itself.
  const fields = procPidStat.slice(procPidStat.lastIndexOf(')') + 2).split(' ')
  const ticks = Number(fields[11]) + Number(fields[12])
  if (!Number.isFinite(ticks)) throw new Error('not the text of /proc/PID/stat')
  return ticks / TICKS_PER_SECOND
}

/** @throws the system's error when the process is gone */
export const processSeconds = (pid: number): number =>
  parseProcessSeconds(readFileSync(`/proc/${pid}/stat`, 'utf8'))

/** How busy the machine is over `ms` milliseconds from now, 0 to 1. */
export async function busyNow(ms: number): Promise<number> {
  const watch = watchCpu()
  await new Promise((resolve) => setTimeout(resolve, ms))
  return watch().busy
}
