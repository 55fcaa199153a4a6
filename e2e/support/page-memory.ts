/** What the pages' processes of the browsers that this process started hold of their own, sampled: Linux' RssAnon. */
import { readdirSync, readFileSync } from 'node:fs'

const SAMPLE_EVERY_MS = 200

function statusOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/status`, 'utf8')
  } catch {
    return ''
  }
}

const parentOf = (pid: string): string => /^PPid:\s+(\d+)/m.exec(statusOf(pid))?.[1] ?? '0'

function isOurs(pid: string): boolean {
  for (let at = pid; at !== '0' && at !== '1'; at = parentOf(at)) if (at === String(process.pid)) return true
  return false
}

function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
  } catch {
    return ''
  }
}

/** Bytes of all of them together. */
function heldBytes(marks: string): number {
  const pids = readdirSync('/proc').filter(
    (name) => /^\d+$/.test(name) && commandOf(name).includes(marks) && isOurs(name),
  )
  return pids.reduce(
    (sum, pid) => sum + Number(/^RssAnon:\s+(\d+)/m.exec(statusOf(pid))?.[1] ?? 0) * 1_024,
    0,
  )
}

export interface Held {
  first: number
  most: number
}

export interface PageMemory {
  /** Since the last time. */
  take(): Held
  stop(): void
}

/** `withBrowser`: also what the browser's other processes hold for its pages, such as blobs. */
export function pageMemory({ withBrowser = false } = {}): PageMemory {
  const look = () => heldBytes(withBrowser ? 'chromium' : '--type=renderer')
  let samples = [look()]
  const timer = setInterval(() => samples.push(look()), SAMPLE_EVERY_MS)
  return {
    take: () => {
      const now = look()
      const held = { first: samples[0] ?? now, most: Math.max(...samples, now) }
      samples = [now]
      return held
    },
    stop: () => clearInterval(timer),
  }
}
