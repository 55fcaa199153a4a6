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
  /** From now on the server's clock runs so many times as fast: for waits that no test can sit out. */
  hurry(times: number): void
  close(): Promise<void>
}

export interface PlaceOptions {
  /** Media workers, 1 unless told otherwise. */
  workers?: number
  /** Folder of a built web client other than the usual one. */
  webRoot?: string
  /** Nobody hosts the room unless this is set. */
  hosted?: HostedRoom
}

/** A clock that hurries is noticed within this by what already waits. */
const LOOKS_EVERY_MS = 250

/** The system's, until it is told to hurry. */
class HurriedClock implements Clock {
  #times = 1
  #from = { real: 0, shown: 0 }

  hurry(times: number): void {
    this.#from = { real: systemClock.now(), shown: this.now() }
    this.#times = times
  }

  now(): number {
    return this.#from.shown + (systemClock.now() - this.#from.real) * this.#times
  }

  wallTime(): number {
    return systemClock.wallTime()
  }

  schedule(task: () => void, delayMs: number): () => void {
    const due = this.now() + delayMs
    let callOff = () => {}
    const look = () => {
      const left = due - this.now()
      if (left <= 0) task()
      else callOff = systemClock.schedule(look, Math.min(left / this.#times, LOOKS_EVERY_MS))
    }
    callOff = systemClock.schedule(look, Math.min(delayMs, LOOKS_EVERY_MS))
    return () => callOff()
  }
}

/** Starts the server on free ports of loopback. */
export async function startMeetingPlace(options: PlaceOptions = {}): Promise<MeetingPlace> {
  const { workers = 1, webRoot, hosted } = options
  const clock = new HurriedClock()
  const server = await startServer({ port: 0, mediaPort: 0, workers, webRoot, clock, logLevel: 'silent' })
  try {
    const room = hosted
      ? await putHostedRoom(server.url, hosted)
      : { link: await putRoom(server.url), hostSeed: null }
    return {
      server,
      ...room,
      connect: () => connectTo(server.url),
      hurry: (times) => clock.hurry(times),
      close: () => server.close(),
    }
  } catch (error) {
    await server.close()
    throw error
  }
}
