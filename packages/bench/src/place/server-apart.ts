/**
 * The real server in a process of its own, so that what it costs can be told from what the bots cost. Whoever starts it
 * closes it.
 */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { MeetingLink } from '@huisclos/crypto/link'
import { decodeLink } from '@huisclos/crypto/link'
import type { Socket } from '@huisclos/participant'
import { WEBSOCKET_PATH } from '@huisclos/protocol'
import { openSocket } from './open-socket.ts'

export interface ServerApart {
  /** Server and media worker. */
  readonly pids: readonly number[]
  readonly link: MeetingLink
  connect(): Socket
  close(): Promise<void>
}

interface Started {
  url: string
  link: string
  workers: number[]
}

/** @throws Error when the server ends before it is ready */
export async function startServerApart(): Promise<ServerApart> {
  const child = fork(fileURLToPath(new URL('./server-process.ts', import.meta.url)))
  const ended = once(child, 'exit')
  const first = await Promise.race([once(child, 'message'), ended.then(() => null)])
  if (first === null) throw new Error('the server ended before it was ready')
  const { url, link: encoded, workers } = first[0] as Started
  const decoded = decodeLink(encoded)
  if (!decoded.ok) throw new Error(`the server's link cannot be read: ${decoded.code}`)
  return {
    pids: [child.pid ?? 0, ...workers],
    link: decoded.link,
    connect: () => openSocket(url.replace(/^http/, 'ws') + WEBSOCKET_PATH),
    close: async () => {
      if (child.connected) child.disconnect()
      await ended
    },
  }
}
