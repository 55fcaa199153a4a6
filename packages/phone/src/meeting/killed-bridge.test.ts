// The bridge's process killed in the middle of a call: what its caller, the meeting and the shield see (TEL10).
import { startMeetingPlace } from '@huisclos/testkit/meeting-place'
import { afterEach, expect, test } from 'vitest'
import { BridgeProcess } from '../testing/bridge-process.ts'
import { bridgeIn, enterScene } from '../testing/bridge-scene.ts'
import { Telephone } from '../testing/telephone.ts'
import { until } from '../testing/until.ts'
import { isBridge, listenTo, playTone } from '../testing/voices.ts'

/** The server's 20 s pass in five. */
const HURRY = 4

const ends: (() => Promise<void> | void)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

/** Anaïs hosts, Benoît plays a tone, a telephone is in. */
async function openScene() {
  const bridge = await BridgeProcess.prepare()
  ends.push(() => bridge.close())
  const place = await startMeetingPlace({ hosted: { bridge: bridge.card } })
  ends.push(() => place.close())
  const port = await bridge.start(place.server.url, { media: { from: 22_000, to: 22_999 } })
  const { link, hostSeed, connect } = place
  const host = await enterScene({ link, name: 'Anaïs', hostSeed }, connect)
  const guest = await enterScene({ link, name: 'Benoît', hostSeed: null }, connect)
  ends.push(
    () => host.leave(),
    () => guest.leave(),
    await playTone(guest, 1000),
  )
  await host.invitePhones()
  const caller = new Telephone(port, '+33612345642')
  ends.push(() => caller.close())
  expect(await caller.call()).toBe(200)
  caller.tone = 440
  caller.speak()
  await caller.press(`${host.view.phones.invitation?.pin}#`)
  return { place, bridge, host, guest, caller }
}

test('[TEL10] the bridge is killed: its caller hears nothing more, the meeting goes on, and keys change without it', async () => {
  const { place, bridge, host, guest, caller } = await openScene()
  const people = [host, guest]
  const ears = people.map((meeting) => listenTo(meeting, isBridge, 'caller-0'))
  const guestEar = listenTo(host, ({ name }) => name === 'Benoît', 'microphone')
  for (const ear of [...ears, guestEar]) ends.push(() => ear.close())
  for (const ear of ears) await until('the caller is heard', () => ear.hears(440) > 1500, 30_000)
  for (const meeting of people) expect(bridgeIn(meeting.view)?.bridge?.callers).toHaveLength(1)
  const epoch = host.view.security.epoch

  await bridge.kill()
  const killedAt = performance.now()
  const heard = caller.heard.length
  await until(
    'the guest is heard on',
    () => performance.now() - killedAt > 2_000 && guestEar.hears(1000) > 1500,
  )
  // What was on its way, and nothing more: nobody is left to say BYE.
  expect(caller.heard.length - heard).toBeLessThan(8_000 / 4)
  expect(caller.hungUp).toBe(false)
  // The control: a bridge that lost its line for a moment is still in, and in everybody's sight.
  for (const meeting of people) expect(bridgeIn(meeting.view)).toBeDefined()
  place.hurry(HURRY)

  for (const meeting of people) {
    await until('the bridge is out', () => !meeting.view.people.some(isBridge), 40_000)
    expect(meeting.view.security.epoch).toBeGreaterThan(epoch)
    expect([meeting.view.people.length, meeting.view.alarms]).toEqual([2, []])
  }
  const { frames } = guestEar
  await until('the guest is heard under the new keys', () => guestEar.frames > frames + 50)
  expect(guestEar.hears(1000)).toBeGreaterThan(1500)
}, 120_000)
