// What a host can do to callers, in a real meeting; the telephones themselves are left out.
import type { EncodedTrack } from '@huisclos/node-media'
import type { Meeting } from '@huisclos/participant'
import type { MeetingPlace } from '@huisclos/testkit/meeting-place'
import { startMeetingPlace } from '@huisclos/testkit/meeting-place'
import { afterEach, expect, test } from 'vitest'
import type { SeatEvents } from '../call/meeting-door.ts'
import { bridgeIn, enterScene, openSceneDoor, sceneKey } from '../testing/bridge-scene.ts'
import { until } from '../testing/until.ts'
import { connectTo } from './server-socket.ts'

const ends: (() => Promise<void> | void)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

async function openScene(lobby: boolean) {
  const place = await startMeetingPlace({ hosted: { bridge: sceneKey.card, lobby } })
  ends.push(() => place.close())
  const { door, line } = await openSceneDoor(() => connectTo(place.server.url))
  ends.push(
    () => door.close(),
    () => line.close(),
  )
  const host = await enter(place)
  await host.invitePhones()
  return { place, door, host, pin: host.view.phones.invitation?.pin ?? '' }
}

async function enter({ link, hostSeed, connect }: MeetingPlace): Promise<Meeting<EncodedTrack>> {
  const meeting = await enterScene({ link, name: 'Anaïs', hostSeed }, connect)
  ends.push(() => meeting.leave())
  return meeting
}

function caller(label: string) {
  const events: string[] = []
  const on: SeatEvents = {
    admitted: () => events.push('admitted'),
    muted: () => events.push('muted'),
    removed: () => events.push('removed'),
    ended: () => events.push('ended'),
  }
  return { who: { label, trunk: 't', key: label }, on, events }
}

const callersOf = (meeting: Meeting<EncodedTrack>) => bridgeIn(meeting.view)?.bridge?.callers ?? []

test('[TEL4] lobby on: the first caller is let in with the bridge, the next one by itself, and hosts see wrong PINs', async () => {
  const { door, host, pin } = await openScene(true)
  const [first, second] = [caller('+33 6 •• •• •• 01'), caller('+33 6 •• •• •• 02')]
  expect(await door.open('000000000', first.who, first.on)).toBeNull()
  const seat = await door.open(pin, first.who, first.on)
  expect(seat?.waiting).toBe(true)
  expect(first.events).toEqual([])
  await until('the host hears it knock', () => host.view.lobby.knocking.length === 1)
  host.admit(host.view.lobby.knocking[0]?.id ?? '')
  await until('the first is in', () => first.events.includes('admitted'))
  await until('the host sees it', () => callersOf(host).length === 1)

  const next = await door.open(pin, second.who, second.on)
  expect(next?.waiting).toBe(true)
  await until('the host sees it wait', () => callersOf(host)[1]?.waiting === true)
  next?.speak(new Int16Array(320).fill(1000))
  expect(next?.listen().every((sample) => sample === 0)).toBe(true)
  host.orderCaller(bridgeIn(host.view)?.leaf ?? -1, 1, 'admit')
  await until('the second is in', () => second.events.includes('admitted'))
  await until('and shown so', () => callersOf(host)[1]?.waiting === false)
  expect(door.meetings[0]?.callers).toBe(2)
  const third = caller('+33 6 •• •• •• 03')
  await door.open('111111111', third.who, third.on)
  seat?.setHand(true)
  await until('the wrong PIN is shown', () => bridgeIn(host.view)?.bridge?.failed === 2)
}, 40_000)

test('[TEL3][TEL6] a host mutes one caller and all, removes one, and ends the meeting: each caller is told', async () => {
  const { door, host, pin } = await openScene(false)
  const [first, second] = [caller('+33 6 •• •• •• 01'), caller('+33 6 •• •• •• 02')]
  const seat = await door.open(pin, first.who, first.on)
  expect(seat?.waiting).toBe(false)
  await door.open(pin, second.who, second.on)
  await until('both are seen', () => callersOf(host).length === 2)
  await until('both may be heard', () => callersOf(host).every(({ muted }) => !muted))
  const leaf = bridgeIn(host.view)?.leaf ?? -1
  host.orderCaller(leaf, 0, 'mute')
  await until('the first is told', () => first.events.includes('muted'))
  await until('one is shown muted', () => callersOf(host).filter(({ muted }) => muted).length === 1)
  expect(second.events).toEqual([])
  seat?.setMuted(false)
  await until('the first is back', () => callersOf(host).every(({ muted }) => !muted))

  await host.order({ do: 'mute-all', mayUnmute: false })
  await until('the second is told', () => second.events.includes('muted'))
  await until('all are muted', () => callersOf(host).every(({ muted }) => muted))
  seat?.setMuted(false)
  await until(
    'a caller is told that the rules forbid it',
    () => first.events.filter((e) => e === 'muted').length > 2,
  )
  expect(callersOf(host).every(({ muted }) => muted)).toBe(true)

  host.orderCaller(leaf, 0, 'remove')
  await until('the first is told', () => first.events.includes('removed'))
  await until('one is left', () => callersOf(host).length === 1)
  await host.order({ do: 'end' })
  await until('the second is told', () => second.events.includes('ended'))
  expect(await door.open(pin, first.who, first.on)).toBeNull()
  expect(door.meetings).toEqual([])
}, 40_000)

test('[TEL2][TEL9] a meeting that ends without a caller is forgotten by the bridge, PIN and all', async () => {
  const { place, door, host, pin } = await openScene(false)
  expect(door.meetings).toHaveLength(1)
  await host.leave()
  // Somebody else comes, and finds that meeting over.
  await enter(place)
  await until('it is forgotten', () => door.meetings.length === 0)
  const late = caller('+33 6 •• •• •• 01')
  expect(await door.open(pin, late.who, late.on)).toBeNull()
})
