import { createGroupEngine } from '@huisclos/crypto/mls'
import type { EncodedTrack } from '@huisclos/node-media'
import { systemClock as clock, NodeMediaAdapter } from '@huisclos/node-media'
import type { Stamp } from '@huisclos/node-media/synthetic-source'
import { readStamp, startSyntheticAudio, startSyntheticVideo } from '@huisclos/node-media/synthetic-source'
import type { MeetingView } from '@huisclos/participant'
import { Meeting } from '@huisclos/participant'
import type { MeetingPlace } from '@huisclos/testkit/meeting-place'
import { startMeetingPlace } from '@huisclos/testkit/meeting-place'
import { afterEach, expect, test, vi } from 'vitest'

const ends: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

async function enter(place: MeetingPlace, name: string): Promise<Meeting<EncodedTrack>> {
  const meeting = new Meeting<EncodedTrack>(
    { link: place.link, name },
    {
      connect: () => place.connect(),
      createGroup: () => createGroupEngine(),
      media: new NodeMediaAdapter({ clock }),
      clock,
      random: (bytes) => crypto.getRandomValues(new Uint8Array(bytes)),
    },
  )
  ends.push(() => meeting.leave())
  await meeting.start()
  await vi.waitFor(() => expect(meeting.view.phase.at).toBe('in'), { timeout: 10_000 })
  return meeting
}

/** Keeps the stamps of a stream as soon as the meeting shows it, and over every change of its track. */
function watch(meeting: Meeting<EncodedTrack>, name: string, source: 'camera' | 'microphone'): Stamp[] {
  const stamps: Stamp[] = []
  let watched: EncodedTrack | null = null
  const look = ({ people }: MeetingView<EncodedTrack>) => {
    const streams = people.find((person) => person.name === name)?.streams ?? []
    const track = streams.find((stream) => stream.source === source)?.track ?? null
    if (!track || track === watched) return
    watched = track
    track.subscribe(({ data }) => {
      const stamp = readStamp(track.codec, data)
      if (stamp) stamps.push(stamp)
    })
  }
  meeting.subscribe(() => look(meeting.view))
  look(meeting.view)
  return stamps
}

const moving = (stamps: Stamp[], more = 30) => {
  const from = stamps.length
  return vi.waitFor(() => expect(stamps.length).toBeGreaterThan(from + more), { timeout: 15_000 })
}

async function publishBoth(meeting: Meeting<EncodedTrack>): Promise<void> {
  const camera = startSyntheticVideo({ clock, fps: 25, frameBytes: 1500 })
  const microphone = startSyntheticAudio({ clock, packetBytes: 120 })
  ends.push(
    () => camera.stop(),
    () => microphone.stop(),
  )
  await meeting.publish('camera', camera.track)
  await meeting.publish('microphone', microphone.track)
}

test('[KEY4, FRM5] three bots hold an encrypted meeting on the real server, and it outlives a media worker', async () => {
  const place = await startMeetingPlace()
  ends.push(() => place.close())
  const alice = await enter(place, 'Alice')
  await publishBoth(alice)
  const bob = await enter(place, 'Bob')
  await publishBoth(bob)
  const carol = await enter(place, 'Carol')
  const seen = [
    watch(bob, 'Alice', 'camera'),
    watch(bob, 'Alice', 'microphone'),
    watch(alice, 'Bob', 'camera'),
    watch(carol, 'Alice', 'camera'),
    watch(carol, 'Bob', 'microphone'),
  ]
  await Promise.all(seen.map((stamps) => moving(stamps)))

  const [pid] = place.server.workerPids()
  process.kill(pid!, 'SIGKILL')
  await vi.waitFor(() => expect(place.server.workerPids()).not.toContain(pid))
  await Promise.all(seen.map((stamps) => moving(stamps)))

  await carol.leave()
  await vi.waitFor(() => expect(alice.view.people).toHaveLength(2), { timeout: 10_000 })
  await Promise.all(seen.slice(0, 3).map((stamps) => moving(stamps)))
  for (const { view } of [alice, bob]) expect(view.alarms).toEqual([])
}, 60_000)
