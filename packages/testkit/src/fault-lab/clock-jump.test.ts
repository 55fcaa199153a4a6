/** The tool; a meeting whose members' clocks jump; and the server, whose sessions must not go by the wall clock. */
import { deriveLinkSecrets } from '@huisclos/crypto/link'
import { RoomId } from '@huisclos/protocol'
import { expect, test } from 'vitest'
import { BareClient } from '../hostile/bare-client.ts'
import { startMeetingPlace } from '../meeting-place.ts'
import { MeetingWorld } from '../meeting-world.ts'
import { jumpWallClock } from './clock-jump.ts'

const HOUR_MS = 3_600_000

test('the wall clock jumps, elapsed time does not, and afterwards all is as before', () => {
  const [wall, elapsed] = [Date.now(), performance.now()]
  {
    using _jump = jumpWallClock(-24 * HOUR_MS)
    expect(Date.now() - wall).toBeLessThan(-23 * HOUR_MS)
    expect(Date.parse(new Date().toISOString()) - wall).toBeLessThan(-23 * HOUR_MS)
    expect(new Date(0).getTime()).toBe(0)
    expect(performance.now() - elapsed).toBeLessThan(5_000)
  }
  expect(Math.abs(Date.now() - wall)).toBeLessThan(5_000)
})

test('[ROS2] after an hour of sleep, or a clock put forward by one, everybody stays and is heard again', async () => {
  const world = await MeetingWorld.start()
  const anna = await world.enter('Anna')
  const bob = await world.enter('Bob')
  const chloe = await world.enter('Chloé')
  await world.agree()
  await world.clock.advance(30_000)
  world.clock.jump(HOUR_MS)
  await world.clock.advance(30_000)
  for (const { view } of [anna, bob, chloe]) {
    expect(view.phase.at).toBe('in')
    expect(view.people).toHaveLength(3)
    expect(view.alarms.map(({ kind }) => kind)).not.toContain('not-echoed')
  }
})

test.each([24 * HOUR_MS, -24 * HOUR_MS])(
  '[SIG5] a server whose wall clock jumps by %d ms keeps its sessions, and lets others in',
  async (ms) => {
    const place = await startMeetingPlace()
    try {
      const room = RoomId.parse(place.link.room)
      const access = Buffer.from(deriveLinkSecrets(place.link.secret, room).access).toString('base64url')
      const before = await BareClient.open(place.connect())
      const { token } = await before.enter(room, access)
      using _jump = jumpWallClock(ms)
      await new Promise((resolve) => setTimeout(resolve, 300))
      expect(await before.ask({ t: 'ping', seen: before.events.length })).toMatchObject({ ok: true })
      const newcomer = await BareClient.open(place.connect())
      await newcomer.enter(room, access)
      before.close()
      const back = await BareClient.open(place.connect())
      expect(await back.ask({ t: 'resume', versions: [1], token, seen: before.events.length })).toMatchObject(
        { ok: true },
      )
    } finally {
      await place.close()
    }
  },
)
