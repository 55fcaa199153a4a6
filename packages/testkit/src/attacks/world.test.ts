/** The world of the attacks while nobody attacks: what the other files of this folder take for granted. */
import { expect, onTestFinished, test } from 'vitest'
import { AttackWorld } from '../hostile/attack-world.ts'

test('[GRP5][ROS1] through a server that only listens, people meet, talk and hear each other', async () => {
  const world = await AttackWorld.open()
  onTestFinished(() => world.close())
  const alice = await world.enter('Alice')
  const bob = await world.enter('Bob')
  const carol = await world.enter('Carol')
  await world.done(bob.meeting.publish('microphone', { label: 'bob', frames: [] }))
  await alice.until(({ people }) => people.some(({ streams }) => streams.length > 0), 'sees a microphone')
  bob.meeting.sendChat('hello')
  await carol.until(({ chat }) => chat.length > 0, 'reads the line')
  expect(await bob.media.speak('microphone', new TextEncoder().encode('bonjour'))).toBe(true)
  expect(alice.media.heard()).toEqual(['bonjour'])
  expect(carol.media.heard()).toEqual(['bonjour'])
  expect([alice.alarms, bob.alarms, carol.alarms]).toEqual([[], [], []])
})
