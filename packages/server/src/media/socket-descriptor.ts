/** Linux' own word on this process's UDP sockets of loopback: which descriptor one has, and what the kernel dropped of it. */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'

/** Columns of /proc/net/udp. */
const INODE = 9
const DROPS = 12

/** The columns of the socket that listens on 127.0.0.1 and that port. @throws Error where there is none */
function columnsOf(port: number): string[] {
  const local = `0100007F:${port.toString(16).toUpperCase().padStart(4, '0')}`
  for (const line of readFileSync('/proc/self/net/udp', 'utf8').split('\n')) {
    const columns = line.trim().split(/\s+/)
    if (columns[1] === local) return columns
  }
  throw new Error('no such socket')
}

/** @throws Error where the system does not say */
export function descriptorOf(port: number): number {
  const target = `socket:[${columnsOf(port)[INODE]}]`
  for (const name of readdirSync('/proc/self/fd')) {
    try {
      if (readlinkSync(`/proc/self/fd/${name}`) === target) return Number(name)
    } catch {
      // Closed while we looked.
    }
  }
  throw new Error('a socket has no descriptor')
}

/** Packets that found the socket's buffer full, since it was made. @throws Error where the system does not say */
export const droppedBy = (port: number): number => Number(columnsOf(port)[DROPS])
