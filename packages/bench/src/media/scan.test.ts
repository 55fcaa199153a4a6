/** The scan of a whole meeting of bots (SEE1): every message and every packet that the real server sees. */
import { utf8 } from '@huisclos/crypto/bytes'
import { deriveLinkSecrets } from '@huisclos/crypto/link'
import { createGroupEngine } from '@huisclos/crypto/mls'
import type { EncodedTrack } from '@huisclos/node-media'
import { systemClock as clock, NodeMediaAdapter } from '@huisclos/node-media'
import { startSyntheticAudio, startSyntheticVideo } from '@huisclos/node-media/synthetic-source'
import type { Socket } from '@huisclos/participant'
import { Meeting } from '@huisclos/participant'
import type { MeetingPlace } from '@huisclos/testkit/meeting-place'
import { startMeetingPlace } from '@huisclos/testkit/meeting-place'
import type { Needle, WireFrame } from '@huisclos/testkit/scan'
import {
  NeedleSearch,
  PacketJudge,
  PlaintextWindows,
  recordedSocket,
  tapRtp,
  textNeedle,
  WireJudge,
} from '@huisclos/testkit/scan'
import { afterEach, expect, test, vi } from 'vitest'

const ends: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

const NAMES = ['Anaïs of the scan', 'Benoît of the scan', 'Clélia of the scan']
const CHAT = 'The sum is 4,711,000 and nobody may know'

async function enter(place: MeetingPlace, name: string, wire: WireFrame[]): Promise<Meeting<EncodedTrack>> {
  const connect = (): Socket => {
    const socket = Math.random()
    return recordedSocket(place.connect(), (from, text) => wire.push({ socket, from, text }))
  }
  const meeting = new Meeting<EncodedTrack>(
    { link: place.link, name },
    {
      connect,
      createGroup: () => createGroupEngine(),
      media: new NodeMediaAdapter({ clock }),
      clock,
      random: (bytes) => crypto.getRandomValues(new Uint8Array(bytes)),
    },
  )
  ends.push(() => meeting.leave())
  await meeting.start()
  await vi.waitFor(() => expect(meeting.view.phase.at).toBe('in'), { timeout: 15_000 })
  return meeting
}

/** Publishes camera and microphone and keeps each frame as it was before it was sealed. */
async function publishBoth(meeting: Meeting<EncodedTrack>, windows: PlaintextWindows): Promise<void> {
  const camera = startSyntheticVideo({ clock, fps: 25, frameBytes: 1500 })
  const microphone = startSyntheticAudio({ clock, packetBytes: 120 })
  for (const { track } of [camera, microphone]) track.subscribe(({ data }) => windows.add(data))
  ends.push(
    () => camera.stop(),
    () => microphone.stop(),
  )
  await meeting.publish('camera', camera.track)
  await meeting.publish('microphone', microphone.track)
}

function needlesOf(place: MeetingPlace): Needle[] {
  const { link } = place
  const { descriptor, root } = deriveLinkSecrets(link.secret, link.room)
  return [
    ...NAMES.map((name) => textNeedle('a name', name)),
    textNeedle('a line of chat', CHAT),
    { what: "the link's secret", bytes: link.secret },
    { what: "the descriptor's key", bytes: descriptor },
    { what: 'the root of all groups', bytes: root },
  ]
}

test('[SEE1] of three bots’ meeting the server sees what the list says, and nothing else', async () => {
  const packets: [Parameters<PacketJudge['packet']>[0], Uint8Array][] = []
  const faults: unknown[] = []
  const tap = tapRtp((stream, packet) => packets.push([stream, new Uint8Array(packet)]), faults)
  ends.push(() => tap.stop())
  const place = await startMeetingPlace()
  ends.push(() => place.close())
  const wire: WireFrame[] = []
  const windows = new PlaintextWindows()
  const people: Meeting<EncodedTrack>[] = []
  for (const name of NAMES) {
    const meeting = await enter(place, name, wire)
    await publishBoth(meeting, windows)
    people.push(meeting)
  }
  people[0]?.sendChat(CHAT)
  await vi.waitFor(
    () => {
      for (const { view } of people) {
        expect(view.people.map(({ name }) => name).sort()).toEqual([...NAMES].sort())
        expect(view.chat.map(({ text }) => text)).toEqual([CHAT])
        expect(view.people.flatMap(({ streams }) => streams)).toHaveLength(6)
      }
      expect(packets.length).toBeGreaterThan(2_000)
    },
    { timeout: 30_000 },
  )
  const search = new NeedleSearch(needlesOf(place))
  const onWire = new WireJudge(search)
  for (const frame of wire) onWire.frame(frame)
  const inPackets = new PacketJudge(search, windows)
  for (const [stream, packet] of packets) inPackets.packet(stream, packet)

  expect(faults).toEqual([])
  expect(onWire.defects).toEqual([])
  expect(inPackets.defects).toEqual([])
  expect(tap.streams).toBe(6)
  expect([onWire.frames > 100, inPackets.frames > 1_000, windows.bytes > 100_000]).toEqual([true, true, true])
  expect([...inPackets.senders].sort()).toEqual(['0/0', '0/1', '1/0', '1/1', '2/0', '2/1'])
  // The control: the same search finds what it is told to find, and the same windows a frame in clear.
  expect(search.find(utf8(`x${CHAT}`))).toContain('a line of chat in bytes')
}, 90_000)
