/**
 * Forwarding by the whole real server, in a process of its own: an encrypted meeting of bots, of which one sends and the
 * others open nothing.
 */

import { EncodedTrack } from '@huisclos/node-media'
import type { Meeting } from '@huisclos/participant'
import { enterAsBot, until } from '../meeting/bot-in-meeting.ts'
import { EngineThread } from '../meeting/engine-threads.ts'
import { untilSettled } from '../meeting/until-settled.ts'
import type { ServerApart } from '../place/server-apart.ts'
import { startServerApart } from '../place/server-apart.ts'
import { residentBytes } from '../run/process-costs.ts'
import type { Forwarder } from './forwarder.ts'
import { MeteredTransport } from './metered-transport.ts'
import type { PacketMeter } from './packet-meter.ts'

interface Hall {
  place: ServerApart
  engines: EngineThread
  meter: PacketMeter
}

/** The sender and its listeners, all with the sender's stream; and the pipe that the sender sends. */
async function gather({ place, engines, meter }: Hall, receivers: number) {
  const how = { makeTransport: () => new MeteredTransport(meter), createGroup: () => engines.create() }
  const speaker = await enterAsBot(place, 'Speaker', how)
  const names = Array.from({ length: receivers }, (_, i) => `Listener ${i + 1}`)
  const listeners = await Promise.all(names.map((name) => enterAsBot(place, name, how)))
  const pipe = new EncodedTrack('vp8')
  await speaker.publish('camera', pipe)
  const shows = (listener: Meeting<EncodedTrack>): boolean =>
    listener.view.people.some(({ name, streams }) => name === 'Speaker' && streams.some(({ track }) => track))
  await until('everybody has the stream', 30_000, () => listeners.every(shows))
  await untilSettled(speaker)
  return { meetings: [speaker, ...listeners], pipe }
}

export async function openOurServer(meter: PacketMeter, receivers: number): Promise<Forwarder> {
  const place = await startServerApart()
  const engines = await EngineThread.start()
  const end = async (): Promise<void> => {
    await place.close()
    await engines.close()
  }
  try {
    const pids = [place.pid, ...place.workers]
    await place.collectGarbage()
    const emptyBytes = residentBytes(pids)
    const { meetings, pipe } = await gather({ place, engines, meter }, receivers)
    let stop = (): void => undefined
    return {
      name: 'Huis clos',
      pids,
      emptyBytes,
      collectGarbage: () => place.collectGarbage(),
      send: async (track) => {
        stop()
        pipe.onKeyFrameWanted = () => track?.wantKeyFrame()
        const unsubscribe = track?.subscribe((frame) => pipe.push(frame))
        stop = () => void unsubscribe?.()
      },
      close: async () => {
        stop()
        await Promise.all(meetings.map((meeting) => meeting.leave()))
        await end()
      },
    }
  } catch (error) {
    await end()
    throw error
  }
}
