/**
 * The real server as `npm start` runs it, in a process of its own on free ports of loopback, so that what it costs can be
 * told from what the bots cost. Whoever starts it closes it.
 */
import type { ChildProcess } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { MeetingLink } from '@huisclos/crypto/link'
import type { Socket } from '@huisclos/participant'
import { connectTo, putHostedRoom, putRoom } from '@huisclos/testkit/open-room'
import { forkApart } from './fork-apart.ts'

export interface ServerApart {
  readonly pid: number
  /** Media workers. */
  readonly workers: readonly number[]
  /** As its pages have it. */
  readonly url: string
  readonly link: MeetingLink
  /** Of the room's host, where it has one. */
  readonly hostSeed: Uint8Array | null
  connect(): Socket
  /** Throws the server's garbage away, so that what it holds can be measured. */
  collectGarbage(): Promise<void>
  close(): Promise<void>
}

/** Started as a program, as `npm start` does; the bench imports nothing of it. */
const SERVER = resolve(import.meta.dirname, '../../../..', 'packages/server/src/main.ts')
const SETTINGS = {
  listen: '127.0.0.1',
  port: '0',
  'media-port': '0',
  workers: '1',
  'announced-address': '127.0.0.1',
  create: 'anyone',
  'log-level': 'silent',
}

/** What the server says when it is ready. @throws Error with what it said when it ends before */
async function addressOf(child: ChildProcess): Promise<string> {
  let said = ''
  const heard = Promise.withResolvers<string>()
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      said += String(chunk)
      const url = /ready: (http:\S+?)\/?\s/.exec(said)?.[1]
      if (url !== undefined) heard.resolve(url)
    })
  }
  child.once('exit', () => heard.reject(new Error(`the server ended before it was ready: ${said}`)))
  return heard.promise
}

function childrenOf(pid: number): number[] {
  const text = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim()
  return text === '' ? [] : text.split(' ').map(Number)
}

export interface ServerApartOptions {
  /** Where the server records; without it, it does not, and nobody hosts its room. */
  recordingsDirectory?: string
}

export async function startServerApart(options: ServerApartOptions = {}): Promise<ServerApart> {
  const { recordingsDirectory } = options
  const more = recordingsDirectory === undefined ? {} : { 'recordings-directory': recordingsDirectory }
  const flags = Object.entries({ ...SETTINGS, ...more }).flatMap(([name, value]) => [`--${name}`, value])
  const { child, collectGarbage, end } = forkApart(SERVER, flags)
  try {
    const url = await addressOf(child)
    const { link, hostSeed } =
      recordingsDirectory === undefined
        ? { link: await putRoom(url), hostSeed: null }
        : await putHostedRoom(url, { recording: true })
    const pid = child.pid ?? 0
    return {
      pid,
      workers: childrenOf(pid),
      url,
      link,
      hostSeed,
      connect: () => connectTo(url),
      collectGarbage,
      close: end,
    }
  } catch (error) {
    await end()
    throw error
  }
}
