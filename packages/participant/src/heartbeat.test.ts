import { expect, test } from 'vitest'
import type { BeatMember } from './heartbeat.ts'
import { beatIntervalMs, Heartbeat } from './heartbeat.ts'

const people = (...names: string[]): BeatMember[] =>
  names.map((pseudonym, leaf) => ({ leaf, pseudonym, host: pseudonym.startsWith('host') }))

/** A heartbeat of `me`, where `echoing` members answer each beat after a second. */
function play(members: BeatMember[], seconds: number, echoing: readonly string[], talking = echoing) {
  const beat = new Heartbeat()
  beat.start(0)
  beat.members(0, members)
  let n = 0
  for (let s = 0; s < seconds; s += 10) {
    beat.sent(++n, s * 1_000)
    for (const name of talking) beat.heard(name, s * 1_000 + 1_000, echoing.includes(name) ? n : 0)
  }
  return beat
}
const look = (beat: Heartbeat, members: BeatMember[], second: number, connected = members) =>
  beat.hearing({
    now: second * 1_000,
    self: 'me',
    members,
    connected: new Set(connected.map(({ pseudonym }) => pseudonym)),
  })

test('[ROS2] the interval grows with the group: max(10 s, N/10 s)', () => {
  expect(beatIntervalMs(3)).toBe(10_000)
  expect(beatIntervalMs(300)).toBe(30_000)
})

test('[ROS2] who is echoed goes on sending', () => {
  const members = people('me', 'a', 'b')
  expect(look(play(members, 300, ['a', 'b']), members, 300)).toBe('heard')
})

test('[ROS2] who is alone needs no echo', () => {
  const members = people('me')
  expect(look(play(members, 300, []), members, 300)).toBe('heard')
})

test('[ROS2] unheard for 25 s: stop; for 100 s: leave', () => {
  const members = people('me', 'a', 'b')
  const beat = play(members, 200, [], ['a', 'b'])
  expect(look(beat, members, 24)).toBe('heard')
  expect(look(beat, members, 26)).toBe('unheard')
  expect(look(beat, members, 99)).toBe('unheard')
  expect(look(beat, members, 101)).toBe('given-up')
})

test('[ROS2] without a host half of all is enough, oneself counted, and never oneself alone', () => {
  expect(look(play(people('me', 'a', 'b', 'c'), 60, ['a']), people('me', 'a', 'b', 'c'), 60)).toBe('heard')
  expect(look(play(people('me', 'a'), 60, [], ['a']), people('me', 'a'), 60)).toBe('unheard')
  const members = people('me', 'a', 'b', 'c', 'd')
  expect(look(play(members, 60, ['a', 'b']), members, 60)).toBe('heard')
  expect(look(play(members, 60, ['a'], ['a', 'b', 'c', 'd']), members, 60)).toBe('unheard')
})

test('[ROS2] with a host its word counts, and the others’ does not', () => {
  const members = people('me', 'host', 'a', 'b')
  expect(look(play(members, 60, ['host'], ['host', 'a', 'b']), members, 60)).toBe('heard')
  expect(look(play(members, 60, ['a', 'b'], ['host', 'a', 'b']), members, 60)).toBe('unheard')
})

test('[ROS2] nobody’s silence ends the meeting for others, not even the host’s', () => {
  const members = people('me', 'host', 'a', 'b')
  const beat = play(members, 200, ['a', 'b'])
  expect(beat.silent('host', 200_000, 4)).toBe(true)
  expect(beat.silent('a', 200_000, 4)).toBe(false)
  expect(look(beat, members, 200)).toBe('host-silent')
})

test('[ROS2] while all other hosts are silent, half of the others is not enough; who is heard by them stays', () => {
  const three = people('me', 'host', 'eve')
  for (const second of [28, 82, 200])
    expect(look(play(three, second, ['eve']), three, second), `after ${second} s`).toBe('unheard')
  const five = people('me', 'host', 'a', 'b', 'c')
  expect(look(play(five, 200, ['a', 'b']), five, 200)).toBe('unheard')
  expect(look(play(five, 200, ['a', 'b', 'c']), five, 200)).toBe('host-silent')
})

test('[ORD3] after a struck removal nobody hears us until others than the restored echo what was sent since', () => {
  const members = people('me', 'host', 'eve')
  const beat = play(members, 100, ['host', 'eve'])
  expect(look(beat, members, 100)).toBe('heard')
  beat.doubt(100_000, new Set(['eve']))
  beat.heard('host', 101_000, 10)
  expect(look(beat, members, 101)).toBe('unheard')
  beat.sent(11, 101_500)
  beat.heard('eve', 102_000, 11)
  expect(look(beat, members, 102)).toBe('unheard')
  beat.heard('host', 103_000, 11)
  expect(look(beat, members, 103)).toBe('heard')
})

test('[ROS2] whoever is left by everybody sends nothing, but stays', () => {
  const members = people('me', 'a')
  const beat = play(members, 300, [])
  expect(look(beat, members, 300, people('me'))).toBe('unheard')
})

test('[ROS2] somebody who has just come in owes no echo yet', () => {
  const beat = play(people('me'), 100, [])
  beat.members(100_000, people('me', 'a'))
  beat.sent(20, 100_000)
  expect(look(beat, people('me', 'a'), 110)).toBe('heard')
  expect(look(beat, people('me', 'a'), 126)).toBe('unheard')
})

test('[ROS2] time without a connection does not count towards leaving', () => {
  const members = people('me', 'a')
  const beat = play(members, 200, [], ['a'])
  beat.resumed(190_000)
  expect(look(beat, members, 200)).toBe('unheard')
})
