/** What processes use, finely enough for runs of a few seconds: from Linux' /proc/PID/task/TID/schedstat and statm. */
import { readdirSync, readFileSync } from 'node:fs'

/** Of x86-64 and arm64 as Debian builds them. */
const PAGE_BYTES = 4096

export interface ThreadTimes {
  /** On a core, in seconds. */
  ran: number
  /** Ready to run, while others had the cores, in seconds. */
  waited: number
}

/** @throws Error for other text than that of a schedstat file */
export function parseSchedstat(text: string): ThreadTimes {
  const [ran, waited] = text.trim().split(' ').map(Number)
  if (!Number.isFinite(ran) || !Number.isFinite(waited)) throw new Error('not the text of a schedstat')
  return { ran: Number(ran) / 1e9, waited: Number(waited) / 1e9 }
}

/** Of one thread, which is `PID/task/TID` below /proc. @throws the system's error when it is gone */
export const threadTimes = (thread: string): ThreadTimes =>
  parseSchedstat(readFileSync(`/proc/${thread}/schedstat`, 'utf8'))

/** Of all threads of the processes that live now. @throws the system's error when a process is gone */
export function timesOf(pids: readonly number[]): ThreadTimes {
  const sum = { ran: 0, waited: 0 }
  for (const pid of pids) {
    for (const thread of readdirSync(`/proc/${pid}/task`)) {
      try {
        const { ran, waited } = threadTimes(`${pid}/task/${thread}`)
        sum.ran += ran
        sum.waited += waited
      } catch {
        // Ended while we looked.
      }
    }
  }
  return sum
}

/** Resident memory of all these processes together. @throws the system's error when one is gone */
export const residentBytes = (pids: readonly number[]): number =>
  pids
    .map((pid) => Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]) * PAGE_BYTES)
    .reduce((sum, bytes) => sum + bytes, 0)
