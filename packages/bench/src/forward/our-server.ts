/** Forwarding by the whole real server: an encrypted meeting of bots, of which one sends and the others open nothing. */
import type { Meeting } from '@huisclos/participant'
import { startMeetingPlace } from '@huisclos/testkit/meeting-place'
import { BotTrack } from '../media/bot-track.ts'
import { enterAsBot, until } from '../meeting/bot-in-meeting.ts'
import type { Forwarder } from './forwarder.ts'
import { MeteredTransport } from './metered-transport.ts'
import type { PacketMeter } from './packet-meter.ts'

/** All engines share one event loop; more at once would answer each other too late. */
const ENTER_AT_ONCE = 4

/** Each newcomer makes one path commit, paced over the group (GRP8): as long as those come, engines work, not media. */
const SETTLED_MS = 6_000
const SETTLE_WITHIN_MS = 60_000

async function untilSettled(meeting: Meeting<BotTrack>): Promise<void> {
  let epoch = meeting.view.security.epoch
  let since = performance.now()
  await until('the group makes no more commits', SETTLE_WITHIN_MS, () => {
    if (meeting.view.security.epoch !== epoch) since = performance.now()
    epoch = meeting.view.security.epoch
    return performance.now() - since > SETTLED_MS
  })
}

export async function openOurServer(meter: PacketMeter, receivers: number): Promise<Forwarder> {
  const place = await startMeetingPlace({ workers: 1 })
  const make = () => new MeteredTransport(meter)
  const speaker = await enterAsBot(place, 'Speaker', make)
  const names = Array.from({ length: receivers }, (_, i) => `Listener ${i + 1}`)
  const listeners: Meeting<BotTrack>[] = []
  while (listeners.length < receivers) {
    const group = names.slice(listeners.length, listeners.length + ENTER_AT_ONCE)
    listeners.push(...(await Promise.all(group.map((name) => enterAsBot(place, name, make)))))
  }
  const all = [speaker, ...listeners]
  const [pid] = place.server.workerPids()
  if (pid === undefined) throw new Error('no media worker lives')
  const pipe = new BotTrack('vp8')
  await speaker.publish('camera', pipe)
  const shows = (listener: Meeting<BotTrack>): boolean =>
    listener.view.people.some(({ name, streams }) => name === 'Speaker' && streams.some(({ track }) => track))
  await until('everybody has the stream', 30_000, () => listeners.every(shows))
  await untilSettled(speaker)
  let stop = (): void => undefined
  return {
    name: 'Huis clos',
    pid,
    send: async (track) => {
      stop()
      pipe.onKeyFrameWanted = () => track?.wantKeyFrame()
      const unsubscribe = track?.subscribe((frame) => pipe.push(frame))
      stop = () => void unsubscribe?.()
    },
    close: async () => {
      stop()
      await Promise.all(all.map((meeting) => meeting.leave()))
      await place.close()
    },
  }
}
