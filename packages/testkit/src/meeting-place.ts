/**
 * The whole real server, media engine included, with one room, and sockets to it: where bots meet for
 * tests and measurements. Whoever starts a place closes it.
 */
import type { MeetingLink } from '@huisclos/crypto/link'
import type { Socket } from '@huisclos/participant'
import type { RunningServer } from '@huisclos/server'
import { startServer } from '@huisclos/server'
import type { Clock } from '@huisclos/server/testing'
import { systemClock } from '@huisclos/server/testing'
import type { HostedRoom } from './open-room.ts'
import { connectTo, putHostedRoom, putRoom } from './open-room.ts'

export interface MeetingPlace {
  readonly server: RunningServer
  readonly link: MeetingLink
  /** Of the room's host key; null where nobody hosts. */
  readonly hostSeed: Uint8Array | null
  connect(): Socket
  close(): Promise<void>
}

export interface PlaceOptions {
  /** Media workers, 1 unless told otherwise. */
  workers?: number
  /** Folder of a built web client other than the usual one. */
  webRoot?: string
  /** Nobody hosts the room unless this is set. */
  hosted?: HostedRoom
  /** The server's clock runs so many times as fast: for waits that no test can sit out. */
  hurry?: number
}

const hurriedClock = (times: number): Clock => ({
  ...systemClock,
  now: () => systemClock.now() * times,
  schedule: (task, delayMs) => systemClock.schedule(task, delayMs / times),
})

/** Starts the server on free ports of loopback. */
export async function startMeetingPlace(options: PlaceOptions = {}): Promise<MeetingPlace> {
  const { workers = 1, webRoot, hosted, hurry = 1 } = options
  const clock = hurriedClock(hurry)
  const server = await startServer({ port: 0, mediaPort: 0, workers, webRoot, clock, logLevel: 'silent' })
  try {
    const room = hosted
      ? await putHostedRoom(server.url, hosted)
      : { link: await putRoom(server.url), hostSeed: null }
    return { server, ...room, connect: () => connectTo(server.url), close: () => server.close() }
  } catch (error) {
    await server.close()
    throw error
  }
}
