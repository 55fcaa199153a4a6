// A real call in a real encrypted meeting: server, media engine, MLS and two participants, the bridge and a telephone.
import { deriveLinkSecrets, encodeBridgeCard } from '@huisclos/crypto/link'
import type { EncodedTrack } from '@huisclos/node-media'
import type { Meeting, Socket } from '@huisclos/participant'
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
import { afterEach, expect, test } from 'vitest'
import { parseConfig } from '../config/phone-config.ts'
import { PhoneBridge } from '../phone-bridge.ts'
import { bridgeIn, enterScene, openSceneDoor, sceneKey } from '../testing/bridge-scene.ts'
import { Telephone } from '../testing/telephone.ts'
import { until } from '../testing/until.ts'
import { isBridge, listenTo, playTone } from '../testing/voices.ts'
import { connectTo } from './server-socket.ts'

const NUMBER = '+33612345642'
const ends: (() => Promise<void> | void)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

const wire: WireFrame[] = []
/** What callers say, in clear. */
const frames: Uint8Array[] = []

function recorded(connect: () => Socket): () => Socket {
  return () => {
    const socket = Math.random()
    return recordedSocket(connect(), (from, text) => wire.push({ socket, from, text }))
  }
}

async function startPhone(place: MeetingPlace) {
  const connect = recorded(() => connectTo(place.server.url))
  const { door, line } = await openSceneDoor(connect)
  const config = parseConfig({
    udp: { host: '127.0.0.1', port: 0 },
    announced: '127.0.0.1',
    media: { host: '127.0.0.1', from: 25_000, to: 27_999 },
    trunks: [{ name: 'test', allow: ['127.0.0.1'], language: 'en' }],
  })
  const bridge = await PhoneBridge.start(config, door)
  ends.push(
    () => bridge.close(),
    () => door.close(),
    () => line.close(),
  )
  return { bridge, door, port: bridge.ports.udp ?? 0 }
}

async function enter(place: MeetingPlace, name: string, hosts: boolean): Promise<Meeting<EncodedTrack>> {
  const { link, hostSeed } = place
  const connect = recorded(() => place.connect())
  const meeting = await enterScene({ link, name, hostSeed: hosts ? hostSeed : null }, connect)
  ends.push(() => meeting.leave())
  return meeting
}

/** What a participant hears of the first caller. */
function listenToCaller(meeting: Meeting<EncodedTrack>, windows: PlaintextWindows) {
  const ear = listenTo(meeting, isBridge, 'caller-0', (data) => {
    windows.add(data)
    frames.push(data)
  })
  ends.push(() => ear.close())
  return ear.hears
}

test('[TEL1, TEL2, TEL3, TEL5] a telephone enters an encrypted meeting by PIN, hears and is heard, and keys change when it goes', async () => {
  const windows = new PlaintextWindows()
  const packets: Captured[] = []
  const faults: unknown[] = []
  const tap = tapRtp((stream, packet) => packets.push([stream, new Uint8Array(packet)]), faults)
  ends.push(() => tap.stop())
  const place = await startMeetingPlace({ hosted: { bridge: sceneKey.card } })
  ends.push(() => place.close())
  const phone = await startPhone(place)
  const host = await enter(place, 'Anaïs', true)
  const guest = await enter(place, 'Benoît', false)
  ends.push(await playTone(guest, 1000))

  await host.invitePhones()
  const { pin } = host.view.phones.invitation ?? {}
  expect(pin).toMatch(/^\d{9}$/)
  expect(host.view.people).toHaveLength(2)

  const caller = new Telephone(phone.port, NUMBER)
  ends.push(() => caller.close())
  expect(await caller.call()).toBe(200)
  caller.tone = 440
  caller.speak()
  const heard = [host, guest].map((meeting) => listenToCaller(meeting, windows))
  await caller.press(`${pin}#`)
  for (const meeting of [host, guest])
    await until(
      'the bridge and its caller are seen',
      () => bridgeIn(meeting.view)?.bridge?.callers.length === 1,
    )
  const before = host.view.security.epoch
  expect(bridgeIn(guest.view)?.bridge).toMatchObject({
    runBy: 'Cabinet Lune',
    callers: [{ label: '+33 6 •• •• •• 42', waiting: false }],
  })
  for (const hears of heard)
    await until('the caller is heard', () => hears(440) > 1500 && hears(440) > 10 * hears(1000))
  // A key's prompt takes the place of the greeting that plays over the meeting.
  await caller.press('*6*6*9')
  await until('the caller hears the guest, and not itself', () => caller.hears(1000, 0.5) > 1500)
  expect(caller.hears(440, 0.5)).toBeLessThan(200)
  await until('the hand is up', () => bridgeIn(host.view)?.bridge?.callers[0]?.hand === true)

  caller.hangUp()
  for (const meeting of [host, guest]) {
    await until('the bridge is gone', () => meeting.view.people.length === 2)
    await until('keys have changed', () => meeting.view.security.epoch > before)
    expect(meeting.view.alarms).toEqual([])
  }
  expect(host.view.notices.map(({ kind }) => kind)).toEqual(
    expect.arrayContaining(['phone-joined', 'phone-left']),
  )

  expect(faults).toEqual([])
  judgeCapture(new NeedleSearch(needlesOf(place, pin ?? '')), windows, packets, pin ?? '')
}, 60_000)

type Captured = [Parameters<PacketJudge['packet']>[0], Uint8Array]

/** What the server had in its hands: nothing in clear; and planted there, it is found. */
function judgeCapture(
  search: NeedleSearch,
  windows: PlaintextWindows,
  packets: readonly Captured[],
  pin: string,
): void {
  const onWire = new WireJudge(search)
  for (const frame of wire) onWire.frame(frame)
  const inPackets = new PacketJudge(search, windows)
  for (const [stream, packet] of packets) inPackets.packet(stream, packet)
  expect(onWire.defects).toEqual([])
  expect(inPackets.defects).toEqual([])
  expect([windows.bytes > 10_000, inPackets.frames > 300]).toEqual([true, true])

  // The control: planted, each is found.
  const [stream, packet] = packets.find(([each, bytes]) => each.codec === 'opus' && bytes.length > 60) ?? []
  const [first] = wire
  if (!stream || !packet || !first || !frames[0]) throw new Error('nothing was captured')
  inPackets.packet(stream, Uint8Array.of(0x80, ...packet.subarray(1, 12), ...frames[0]))
  onWire.frame({ ...first, text: first.text.replace('{', `{"pin":"${pin}",`) })
  expect(inPackets.defects.map(({ what }) => what)).toContain('sixteen bytes of a frame in clear')
  expect(onWire.defects.map(({ what }) => what)).toContain('the PIN in bytes')
}

function needlesOf({ link }: MeetingPlace, pin: string): Needle[] {
  const { descriptor, root } = deriveLinkSecrets(link.secret, link.room)
  return [
    textNeedle('the PIN', pin),
    textNeedle('the number', NUMBER),
    textNeedle('who runs the bridge', sceneKey.card.name),
    textNeedle('the card', encodeBridgeCard(sceneKey.card).slice(0, 40)),
    { what: "the link's secret", bytes: link.secret },
    { what: "the descriptor's key", bytes: descriptor },
    { what: 'the root of all groups', bytes: root },
  ]
}
