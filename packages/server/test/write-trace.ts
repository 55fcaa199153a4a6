/** Sees which files this process opens for writing, by asking the kernel for its open descriptors over and over. */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'

const SELF = '/proc/self'

/** Regular files open for writing now. Devices, pipes and sockets do not count. */
function writable(): string[] {
  return readdirSync(`${SELF}/fd`).flatMap((fd) => {
    try {
      const path = readlinkSync(`${SELF}/fd/${fd}`)
      const flags = Number.parseInt(
        /flags:\s+(\d+)/.exec(readFileSync(`${SELF}/fdinfo/${fd}`, 'utf8'))?.[1] ?? '0',
        8,
      )
      const isFile = path.startsWith('/') && !path.startsWith('/dev/') && !path.startsWith('/proc/')
      return isFile && (flags & 3) !== 0 ? [path] : []
    } catch {
      // Closed meanwhile.
      return []
    }
  })
}

/** The files that were opened for writing while `task` ran and were not before. */
export async function openedForWriting(task: () => Promise<void>): Promise<string[]> {
  const before = new Set(writable())
  const seen = new Set<string>()
  const timer = setInterval(() => {
    for (const path of writable()) if (!before.has(path)) seen.add(path)
  }, 5)
  try {
    await task()
  } finally {
    clearInterval(timer)
  }
  return [...seen]
}
