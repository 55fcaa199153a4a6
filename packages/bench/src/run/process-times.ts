/** Processor time of processes, from Linux' /proc/PID/stat. */
import { readdirSync, readFileSync } from 'node:fs'

/** Ticks of /proc in a second, of each core: USER_HZ, 100 on every Linux that Node runs on. */
export const TICKS_PER_SECOND = 100

export interface ProcessTimes {
  pid: number
  parent: number
  /** Of the process itself. */
  ownSeconds: number
  /** Of its children that have ended and been waited for, and of theirs. */
  endedSeconds: number
}

/** @throws Error for other text */
export function parseProcessTimes(procPidStat: string): ProcessTimes {
  // The name in parentheses may hold spaces and parentheses itself.
  const fields = procPidStat.slice(procPidStat.lastIndexOf(')') + 2).split(' ')
  const [parent, user = 0, system = 0, endedUser = 0, endedSystem = 0] = [1, 11, 12, 13, 14].map((at) =>
    Number(fields[at]),
  )
  const times = {
    pid: Number.parseInt(procPidStat, 10),
    parent: parent ?? Number.NaN,
    ownSeconds: (user + system) / TICKS_PER_SECOND,
    endedSeconds: (endedUser + endedSystem) / TICKS_PER_SECOND,
  }
  if (!Object.values(times).every(Number.isFinite)) throw new Error('not the text of /proc/PID/stat')
  return times
}

/** Seconds of one process. @throws the system's error when it is gone */
export const processSeconds = (pid: number): number =>
  parseProcessTimes(readFileSync(`/proc/${pid}/stat`, 'utf8')).ownSeconds

/** Seconds of a process and of everything that descends from it, ended or not. */
export function sumTree(all: readonly ProcessTimes[], root: number): number {
  const children = Map.groupBy(all, ({ parent }) => parent)
  const below = (pid: number): number =>
    (children.get(pid) ?? []).reduce((sum, child) => sum + below(child.pid), 0) + timesOf(pid)
  const byPid = new Map(all.map((times) => [times.pid, times]))
  const timesOf = (pid: number): number => {
    const times = byPid.get(pid)
    return times ? times.ownSeconds + times.endedSeconds : 0
  }
  return below(root)
}

/** Seconds of this process and of everything that descends from it: browsers and media workers are ours, too. */
export function ownTreeSeconds(): number {
  const all = readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return []
    try {
      return [parseProcessTimes(readFileSync(`/proc/${name}/stat`, 'utf8'))]
    } catch {
      // Ended while we looked.
      return []
    }
  })
  return sumTree(all, process.pid)
}
