/** Hosts in whole meetings: the real server, real MLS, fake media, a clock that the test turns. */
import type { Participant } from '@huisclos/testkit'
import { MeetingWorld } from '@huisclos/testkit'
import { expect, test } from 'vitest'
import type { HostWish } from './meeting-controls.ts'
import type { MeetingError } from './meeting-error.ts'

const track = (label: string) => ({ label })
const leafOf = (at: Participant, name: string): number =>
  at.view.people.find((person) => person.name === name)?.leaf ?? -1
const kinds = ({ view }: Participant) => view.notices.map(({ kind }) => kind)
const streamsOf = (at: Participant, name: string) =>
  at.view.people
    .find((person) => person.name === name)
    ?.streams.map(({ source, muted }) => `${source} ${muted ? 'off' : 'on'}`) ?? []

async function openWorld(lobby = false) {
  const world = await MeetingWorld.start({ hosted: { lobby } })
  const ada = await world.enter('Ada', { host: true })
  const until = (who: Participant, what: string, holds: (view: Participant['view']) => boolean) =>
    world.clock.until(() => holds(who.view), `${who.name}: ${what}`)
  const done = async <T>(work: Promise<T>): Promise<T> => {
    let settled = false
    const mark = (): void => {
      settled = true
    }
    work.then(mark, mark)
    await world.clock.until(() => settled, 'done')
    return work
  }
  const order = (who: Participant, wish: HostWish) => done(who.meeting.order(wish))
  return { world, ada, until, done, order }
}

/** Ada hosts, Bob and Cleo are guests and send microphone and camera. */
async function openMeeting() {
  const scene = await openWorld()
  const bob = await scene.world.enter('Bob')
  const cleo = await scene.world.enter('Cleo')
  await scene.world.agree()
  for (const guest of [bob, cleo]) {
    void guest.meeting.publish('microphone', track(`microphone of ${guest.name}`))
    void guest.meeting.publish('camera', track(`camera of ${guest.name}`))
  }
  await scene.until(
    scene.ada,
    'sees both send',
    () => [...streamsOf(scene.ada, 'Bob'), ...streamsOf(scene.ada, 'Cleo')].length === 4,
  )
  return { ...scene, bob, cleo }
}

test('[HOST3] mute all, not to unmute: guests are silent, cannot unmute, and whoever is asked may', async () => {
  const { ada, bob, cleo, until, order } = await openMeeting()
  await order(ada, { do: 'mute-all', mayUnmute: false })
  for (const guest of [bob, cleo]) {
    await until(
      guest,
      'is muted',
      () => kinds(guest).includes('muted-by') && kinds(guest).includes('unmute-forbidden'),
    )
    expect(guest.view.people[0]?.mayUnmute).toBe(false)
    void guest.meeting.setMuted('microphone', false)
  }
  await until(ada, 'sees Bob muted', () => streamsOf(ada, 'Bob').includes('microphone off'))
  await until(cleo, 'sees Bob muted', () => streamsOf(cleo, 'Bob').includes('microphone off'))
  expect(bob.media.sealedAs.length).toBeGreaterThan(0)
  await order(ada, { do: 'ask-unmute', leaf: leafOf(ada, 'Bob') })
  await until(bob, 'is asked', ({ request }) => request?.by === 'Ada')
  bob.meeting.answerRequest()
  void bob.meeting.setMuted('microphone', false)
  await until(cleo, 'hears Bob again', () => streamsOf(cleo, 'Bob').includes('microphone on'))
  expect(bob.view.request).toBe(null)
  expect(cleo.view.request).toBe(null)
  expect(cleo.view.people[0]?.mayUnmute).toBe(false)
})

test('[HOST3] chat and share forbidden: a guest’s line fails here, a share ends, hosts go on', async () => {
  const { ada, bob, cleo, until, order } = await openMeeting()
  void bob.meeting.publish('screen', track('screen'))
  await until(cleo, 'sees the screen', () => streamsOf(cleo, 'Bob').includes('screen on'))
  await order(ada, { do: 'rules', change: { share: false, chat: false } })
  await until(cleo, 'the screen is gone', () => streamsOf(cleo, 'Bob').length === 2)
  await until(bob, 'knows the rules', ({ rules }) => !rules.chat && !rules.share)
  await until(bob, 'his share has ended', () => !streamsOf(bob, 'Bob').includes('screen on'))
  void bob.meeting.publish('screen', track('again'))
  bob.meeting.sendChat('can you hear me')
  ada.meeting.sendChat('only I write')
  await until(cleo, 'reads the host', ({ chat }) => chat.length > 0)
  expect(cleo.view.chat.map(({ text }) => text)).toEqual(['only I write'])
  expect(bob.view.chat.map(({ state }) => state)).toContain('failed')
  expect(streamsOf(bob, 'Bob')).toEqual(['microphone on', 'camera on'])
  await order(ada, { do: 'rules', change: { chat: true } })
  await until(bob, 'may write', ({ rules }) => rules.chat)
  bob.meeting.sendChat('thank you')
  await until(cleo, 'reads Bob', ({ chat }) => chat.some(({ text }) => text === 'thank you'))
})

test('[HOST5] a latecomer finds the rules and the spotlight, also when the host who said them has left', async () => {
  const { world, ada, bob, until, order, done } = await openMeeting()
  await order(ada, { do: 'rules', change: { chat: false } })
  await order(ada, { do: 'spotlight', leaf: leafOf(ada, 'Cleo') })
  await done(ada.meeting.makeHost(leafOf(ada, 'Bob')))
  await until(bob, 'is host', ({ selfHost }) => selfHost)
  void ada.meeting.leave()
  await until(bob, 'Ada has left', ({ people }) => people.length === 2)
  const dan = await world.enter('Dan')
  await until(dan, 'knows', ({ rules, spotlight }) => !rules.chat && spotlight === leafOf(dan, 'Cleo'))
  expect(dan.view.selfHost).toBe(false)
})

test('[HOST4] camera and share of one person are stopped, a hand is lowered; the camera may be turned on again', async () => {
  const { ada, bob, cleo, until, order } = await openMeeting()
  void bob.meeting.publish('screen', track('screen'))
  bob.meeting.setHand(true)
  await until(
    ada,
    'sees it',
    ({ people }) => people.some(({ hand }) => hand) && streamsOf(ada, 'Bob').length === 3,
  )
  await order(ada, { do: 'stop', leaf: leafOf(ada, 'Bob'), what: 'camera' })
  await order(ada, { do: 'stop', leaf: leafOf(ada, 'Bob'), what: 'screen' })
  await order(ada, { do: 'lower-hands', leaf: null })
  await until(
    bob,
    'is told',
    () => kinds(bob).includes('camera-stopped') && kinds(bob).includes('share-stopped'),
  )
  await until(cleo, 'sees neither', () => streamsOf(cleo, 'Bob').join() === 'microphone on')
  await until(cleo, 'no hand is up', ({ people }) => !people.some(({ hand }) => hand))
  void bob.meeting.publish('camera', track('again'))
  await until(cleo, 'sees the new camera', () => streamsOf(cleo, 'Bob').includes('camera on'))
})

test('[HOST1] a guest’s order is refused here, with not-host', async () => {
  const { bob } = await openMeeting()
  const wishes: HostWish[] = [
    { do: 'lock', on: true },
    { do: 'rules', change: { chat: false } },
    { do: 'mute-all', mayUnmute: true },
    { do: 'stop', leaf: 0, what: 'camera' },
    { do: 'ask-unmute', leaf: 0 },
    { do: 'lower-hands', leaf: null },
    { do: 'spotlight', leaf: 0 },
    { do: 'end' },
  ]
  for (const wish of wishes) {
    const error = await bob.meeting.order(wish).then(
      () => null,
      (refusal: MeetingError) => refusal.code,
    )
    expect([wish.do, error]).toEqual([wish.do, 'not-host'])
  }
})

test('[HOST7] locked: who knocks is told so and waits, and comes in when the door is unlocked', async () => {
  const { world, ada, until, order } = await openWorld()
  await order(ada, { do: 'lock', on: true })
  const bob = world.make('Bob')
  await bob.meeting.start()
  await until(bob, 'is told', ({ phase }) => phase.at === 'waiting-members' && phase.door === 'locked')
  expect(ada.view.lobby).toMatchObject({ on: false, lock: true })
  await world.clock.advance(20_000)
  expect(bob.view.phase).toMatchObject({ at: 'waiting-members', door: 'locked' })
  await order(ada, { do: 'lock', on: false })
  await until(bob, 'is in', ({ phase }) => phase.at === 'in')
})

test('[GRP6] the lock is not for the host key: a second device of the host comes in, and is host', async () => {
  const { world, ada, until, order } = await openWorld()
  await order(ada, { do: 'lock', on: true })
  const phone = await world.enter('Ada’s phone', { host: true })
  await until(phone, 'is host', ({ selfHost }) => selfHost)
})

test('[HOST8] with the door open nobody is at it: no bell for whoever comes in', async () => {
  const { world, ada, until } = await openWorld()
  let seen = 0
  const stop = ada.meeting.subscribe(() => {
    seen = Math.max(seen, ada.view.lobby.knocking.length)
  })
  await world.enter('Bob')
  await until(ada, 'sees Bob', ({ people }) => people.length === 2)
  stop()
  expect(seen).toBe(0)
})

test('[HOST7] turned away: told so, and asking again from there does not ring again; a new visit does', async () => {
  const { world, ada, until } = await openWorld(true)
  const bob = world.make('Bob')
  await bob.meeting.start()
  await until(ada, 'somebody knocks', ({ lobby }) => lobby.knocking.length === 1)
  ada.meeting.turnAway(ada.view.lobby.knocking[0]?.id ?? '')
  await until(bob, 'is told', ({ phase }) => phase.at === 'waiting-members' && phase.door === 'refused')
  await world.clock.advance(40_000)
  expect(ada.view.lobby.knocking).toEqual([])
  void bob.meeting.leave()
  await until(bob, 'has left', ({ phase }) => phase.at === 'ended')
  await bob.meeting.rejoin()
  await until(ada, 'somebody knocks', ({ lobby }) => lobby.knocking.length === 1)
})

test('[HOST7] lobby on and the last host leaves: members talk on, who knocks is told that no host is here', async () => {
  const { world, ada, until, done } = await openWorld(true)
  const bob = world.make('Bob')
  const cleo = world.make('Cleo')
  for (const each of [bob, cleo]) await each.meeting.start()
  await until(ada, 'two knock', ({ lobby }) => lobby.knocking.length === 2)
  await done(ada.meeting.order({ do: 'admit-all' }))
  for (const each of [bob, cleo]) await until(each, 'is in', ({ people }) => people.length === 3)
  await done(ada.meeting.leave())
  await until(bob, 'Ada has left', ({ people }) => people.length === 2)
  const dan = world.make('Dan')
  await dan.meeting.start()
  await until(dan, 'is told', ({ phase }) => phase.at === 'waiting-members' && phase.door === 'no-host')
  await world.clock.advance(60_000)
  bob.meeting.sendChat('we talk on')
  await until(cleo, 'reads Bob', ({ chat }) => chat.length === 1)
  // The host’s own key is shut out by nothing, though no host is there to let it in.
  const back = await world.enter('Ada', { host: true })
  await until(back, 'is host', ({ selfHost, people }) => selfHost && people.length === 3)
  await until(back, 'hears Dan knock', ({ lobby }) => lobby.knocking.length === 1)
  await done(back.meeting.order({ do: 'admit-all' }))
  await until(dan, 'is in', ({ phase }) => phase.at === 'in')
})

test('[HOST6] end for everybody: each screen says who ended it, and nobody is left in the group', async () => {
  const { world, ada, bob, cleo, until, order } = await openMeeting()
  await order(ada, { do: 'end' })
  for (const each of [bob, cleo])
    await until(each, 'has ended', ({ phase }) => phase.at === 'ended' && phase.why === 'ended-by-host')
  expect(bob.view.phase).toEqual({ at: 'ended', why: 'ended-by-host', by: 'Ada' })
  expect(ada.view.phase).toMatchObject({ at: 'ended', why: 'ended-by-host' })
  await world.clock.advance(70_000)
  const dan = await world.enter('Dan')
  expect(dan.view.people.map(({ name }) => name)).toEqual(['Dan'])
})

test('[GRP2] the host comes in from a second device as host, and either may rule', async () => {
  const { world, ada, bob, until, order } = await openMeeting()
  const second = await world.enter('Ada’s phone', { host: true })
  await until(second, 'is host', ({ selfHost }) => selfHost)
  await order(ada, { do: 'rules', change: { share: false } })
  await until(second, 'knows', ({ rules }) => !rules.share)
  await order(second, { do: 'rules', change: { share: true, chat: false } })
  for (const each of [ada, bob]) await until(each, 'knows', ({ rules }) => rules.share && !rules.chat)
})

test('[HOST5] the only host comes back without memory: nobody else may say what held, so that nothing holds, for all', async () => {
  const { world, ada, bob, until, order } = await openMeeting()
  await order(ada, { do: 'rules', change: { chat: false } })
  await until(bob, 'knows', ({ rules }) => !rules.chat)
  ada.meeting.farewell()
  await until(bob, 'Ada has gone', ({ people }) => people.length === 2)
  await world.clock.advance(5_000)
  expect(bob.view.rules.chat).toBe(false)
  const again = await world.enter('Ada', { host: true })
  await until(again, 'is host', ({ selfHost }) => selfHost)
  expect(again.view.rules.chat).toBe(true)
  await until(bob, 'may write, and reads so', ({ rules }) => rules.chat)
  expect(kinds(bob)).toContain('chat-allowed')
})

test('[HOST5] a host whose session is lost comes back to the same group and knows what held', async () => {
  const { world, ada, bob, until, order } = await openMeeting()
  await order(ada, { do: 'rules', change: { chat: false } })
  await until(bob, 'knows', ({ rules }) => !rules.chat)
  ada.line.cut()
  ada.line.down = true
  await world.clock.advance(140_000)
  ada.line.down = false
  await world.clock.until(
    () => ada.view.phase.at === 'in' && ada.view.selfHost,
    'Ada is back as host',
    60_000,
  )
  await world.clock.advance(10_000)
  expect([ada.view.rules.chat, bob.view.rules.chat]).toEqual([false, false])
})
