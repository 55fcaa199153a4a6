import { deriveLinkSecrets, hostKeyFromSeed, sealDescriptor } from '@huisclos/crypto/link'
import type { GroupEngine } from '@huisclos/crypto/mls'
import type { Participant } from '@huisclos/testkit'
import { MeetingWorld } from '@huisclos/testkit'
import { afterEach, expect, test } from 'vitest'

const names = ({ view }: Participant) => view.people.map(({ name }) => name)
const kinds = (list: readonly { kind: string }[]) => list.map(({ kind }) => kind)
const texts = ({ view }: Participant) =>
  view.chat.map(({ name, text, state }) => `${name}: ${text} (${state})`)

let world: MeetingWorld
afterEach(() => {
  expect(world.network.faults).toEqual([])
})

async function three(options: Parameters<typeof MeetingWorld.start>[0] = {}) {
  world = await MeetingWorld.start(options)
  const anna = await world.enter('Anna', { host: options.hosted !== undefined })
  const bob = await world.enter('Bob')
  const chloe = await world.enter('Chloé')
  await world.agree()
  return { anna, bob, chloe }
}

test('[GRP1] three people enter one group and see each other', async () => {
  const { anna, bob, chloe } = await three()
  expect(names(anna)).toEqual(['Anna', 'Bob', 'Chloé'])
  expect(names(bob)).toEqual(['Bob', 'Anna', 'Chloé'])
  expect(names(chloe)).toEqual(['Chloé', 'Anna', 'Bob'])
  expect(kinds(anna.view.notices)).toEqual(['joined', 'joined'])
  expect(kinds(chloe.view.notices)).toEqual([])
})

test('[GRP11] who is alone is told so, with the code at hand', async () => {
  world = await MeetingWorld.start()
  const anna = await world.enter('Anna')
  await world.clock.untilReally(() => anna.view.security.code !== null, 'a code')
  expect(anna.view.phase).toMatchObject({ at: 'in', alone: true })
  expect(anna.view.security.code).toMatchObject({ opened: false })
})

test('[GRP1] of two first comers one creates the group and the other knocks', async () => {
  world = await MeetingWorld.start()
  const [anna, bob] = [world.make('Anna'), world.make('Bob')]
  await Promise.all([anna.meeting.start(), bob.meeting.start()])
  await world.clock.until(() => world.inside().length === 2 && world.agreed(), 'both are in')
  expect(anna.view.security.epoch).toBe(bob.view.security.epoch)
  expect(names(anna)).toEqual(['Anna', 'Bob'])
})

test('[KEY4] [FRM5] everybody hears everybody, and nobody before a member has answered', async () => {
  const { anna, bob, chloe } = await three()
  await world.clock.finish(anna.meeting.publish('microphone', { label: 'a' }))
  await world.clock.finish(bob.meeting.publish('camera', { label: 'b' }))
  await world.clock.until(() => chloe.media.hears().length === 2, 'Chloé hears both')
  await world.clock.until(
    () => anna.media.hears().length === 1 && bob.media.hears().length === 1,
    'the others too',
  )
  const dan = world.make('Dan')
  void dan.meeting.publish('microphone', { label: 'd' })
  await dan.meeting.start()
  await world.clock.until(() => dan.view.phase.at === 'in', 'Dan is in')
  await world.clock.until(() => anna.media.hears().includes(3), 'Dan is heard')
  expect(dan.media.sealedAs.every(({ leaf }) => leaf === 3)).toBe(true)
})

test('[GRP7] who leaves says so and is gone at once, for whoever stays', async () => {
  const { anna, bob, chloe } = await three()
  await world.clock.finish(bob.meeting.leave())
  expect(bob.view.phase).toEqual({ at: 'ended', why: 'left' })
  await world.clock.until(() => names(anna).length === 2 && names(chloe).length === 2, 'Bob is gone', 2_000)
  expect(anna.view.notices.at(-1)).toMatchObject({ kind: 'left', name: 'Bob' })
  expect(anna.view.security.epoch).toBe(chloe.view.security.epoch)
})

test('[GRP7] a farewell counts before the server’s word that comes in the same packet', async () => {
  const { anna, bob, chloe } = await three({ delayMs: [5, 5] })
  // Until nothing holds a commit back any more.
  await world.clock.advance(10_000)
  await world.clock.finish(bob.meeting.leave())
  await world.clock.until(() => names(anna).length === 2 && names(chloe).length === 2, 'Bob is gone', 2_000)
  expect(anna.view.notices.at(-1)).toMatchObject({ kind: 'left', name: 'Bob' })
  expect(chloe.view.notices.at(-1)).toMatchObject({ kind: 'left', name: 'Bob' })
})

test('[ORD4] a page that is closed says farewell, and the reloaded one is one person', async () => {
  const { anna, bob, chloe } = await three()
  bob.meeting.farewell()
  const again = await world.enter('Bob')
  await world.agree()
  expect(names(anna)).toEqual(['Anna', 'Bob', 'Chloé'])
  expect(names(again)).toEqual(['Bob', 'Anna', 'Chloé'])
  expect(names(chloe)).toHaveLength(3)
  expect(kinds(anna.view.notices)).toContain('left')
})

test('[ROS4] chat reaches everybody, in order, and late joiners get none', async () => {
  const { anna, bob, chloe } = await three()
  anna.meeting.sendChat('bonjour')
  bob.meeting.sendChat('salut \u202eà toi')
  await world.clock.until(
    () => [anna, bob, chloe].every(({ view }) => view.chat.length === 2),
    'all have both',
  )
  expect(texts(chloe)).toContain('Anna: bonjour (sent)')
  expect(texts(chloe)).toContain('Bob: salut à toi (sent)')
  const dan = await world.enter('Dan')
  expect(texts(dan)).toEqual([])
})

test('[ORD4] a cut of ten seconds loses nothing', async () => {
  const { anna, bob, chloe } = await three()
  await world.clock.finish(bob.meeting.publish('microphone', { label: 'b' }))
  bob.line.cut()
  bob.line.down = true
  await world.clock.advance(200)
  expect(bob.view.phase.at).toBe('reconnecting')
  bob.meeting.sendChat('from the tunnel')
  anna.meeting.sendChat('where is Bob?')
  const dan = await world.enter('Dan')
  await world.clock.advance(10_000)
  bob.line.down = false
  await world.clock.until(() => bob.view.phase.at === 'in', 'Bob is back')
  await world.agree()
  await world.clock.until(() => dan.view.chat.length === 1, 'Dan has what came after him')
  await world.clock.until(() => bob.view.chat.every(({ state }) => state === 'sent'), 'Bob sees it sent')
  expect(bob.view.selfLeaf).toBe(1)
  expect(texts(bob).sort()).toEqual(['Anna: where is Bob? (sent)', 'Bob: from the tunnel (sent)'])
  expect(texts(chloe)).toEqual(texts(anna))
  expect(kinds(chloe.view.notices)).not.toContain('messages-missing')
  expect(bob.view.alarms).toEqual([])
})

test('[ORD4] a connection that dies in silence is noticed and taken up again', async () => {
  const { anna, bob } = await three()
  bob.line.mute()
  await world.clock.until(() => bob.view.phase.at === 'reconnecting', 'Bob notices', 20_000)
  await world.clock.until(() => bob.view.phase.at === 'in', 'Bob is back')
  bob.meeting.sendChat('here again')
  await world.clock.until(() => texts(anna).length === 1, 'Anna has it')
})

test('[GRP10] who was away for longer comes back as one person', async () => {
  const { anna, bob, chloe } = await three()
  bob.line.cut()
  bob.line.down = true
  await world.clock.advance(125_000)
  await world.clock.until(() => names(anna).length === 2, 'Bob was taken for lost')
  expect(anna.view.notices.at(-1)).toMatchObject({ kind: 'lost', name: 'Bob' })
  bob.line.down = false
  await world.clock.until(() => bob.view.phase.at === 'in', 'Bob is back', 60_000)
  await world.agree()
  expect(names(chloe)).toHaveLength(3)
  expect(kinds(bob.view.alarms)).toContain('reset')
})

test('[GRP10] [ORD3] an engine that lost its way comes back to its leaf by its own signature, as one person', async () => {
  world = await MeetingWorld.start()
  const anna = await world.enter('Anna')
  let broken = false
  const wrap = (engine: GroupEngine): GroupEngine => {
    const process = engine.process.bind(engine)
    const keyPackage = engine.keyPackage.bind(engine)
    engine.process = (message) => (broken ? Promise.reject(new Error('lost its way')) : process(message))
    engine.keyPackage = (asked) => {
      broken = false
      return keyPackage(asked)
    }
    return engine
  }
  const bob = await world.enter('Bob', { wrap })
  const chloe = await world.enter('Chloé')
  await world.agree()
  bob.meeting.sendChat('before')
  await world.clock.advance(10_000)
  const told = anna.view.notices.length
  broken = true
  chloe.meeting.sendChat('lost on Bob')
  await world.clock.until(() => kinds(bob.view.alarms).includes('reset'), 'Bob begins anew', 5_000)
  await world.clock.until(() => bob.view.phase.at === 'in', 'Bob is in', 5_000)
  await world.agree()
  expect(names(anna)).toEqual(['Anna', 'Bob', 'Chloé'])
  expect(anna.view.notices.length).toBe(told)
  expect(texts(bob)).toEqual(['Bob: before (sent)'])
})

test('[GRP9] a host removes somebody: at once, with the door closed behind', async () => {
  const { anna, bob, chloe } = await three({ hosted: { lobby: false } })
  expect(anna.view.selfHost).toBe(true)
  await world.clock.finish(bob.meeting.publish('microphone', { label: 'b' }))
  await world.clock.finish(anna.meeting.publish('microphone', { label: 'a' }))
  await world.clock.until(() => bob.media.hears().length === 1, 'Bob hears Anna')
  await expect(bob.meeting.removeMember(0)).rejects.toMatchObject({ code: 'not-host' })
  const removing = anna.meeting.removeMember(1)
  await world.clock.until(() => names(anna).length === 2, 'Bob is removed', 1_000)
  await world.clock.finish(removing)
  expect(bob.media.hears()).toEqual([])
  await world.clock.until(() => bob.view.phase.at === 'ended', 'Bob is told')
  expect(bob.view.phase).toMatchObject({ why: 'removed' })
  expect(anna.view.notices.at(-1)).toMatchObject({ kind: 'removed', name: 'Bob', by: 'Anna' })
  expect(anna.view.lobby.on).toBe(true)
  await world.clock.until(
    () => anna.view.notices.at(-1)?.notYet?.length === 0,
    'all have shown the new epoch',
  )
  await bob.meeting.rejoin()
  await world.clock.until(() => anna.view.lobby.knocking.length === 1, 'Bob knocks')
  await world.clock.advance(20_000)
  expect(names(chloe)).toEqual(['Chloé', 'Anna'])
  anna.meeting.admit(anna.view.lobby.knocking[0]!.id)
  await world.clock.until(() => bob.view.phase.at === 'in', 'Bob may come back')
})

test('[ROS3] comparing shows one code on every screen until it is closed', async () => {
  const { anna, bob, chloe } = await three()
  const comparing = bob.meeting.compare()
  const shown = () => [anna, bob, chloe].map(({ view }) => view.security.code)
  await world.clock.untilReally(() => shown().every((code) => code?.opened), 'the code is everywhere')
  await world.clock.finish(comparing)
  const [code] = shown()
  expect(new Set(shown().map((each) => each?.digits)).size).toBe(1)
  expect(code).toMatchObject({ by: 'Bob' })
  expect(code?.words.fr).toHaveLength(6)
  anna.meeting.closeCode()
  expect(anna.view.security.code).toBe(null)
  expect(anna.view.security.compared).toMatchObject({ joinedSince: [] })
  await world.enter('Dan')
  await world.clock.until(() => anna.view.security.compared?.joinedSince[0] === 'Dan', 'Dan joined since')
  expect(bob.view.security.code).toMatchObject({ opened: true, digits: code?.digits })
})

test('[ORD2] commits that race: the loser rebuilds, and all agree', async () => {
  const { anna, bob, chloe } = await three({ delayMs: [40, 60] })
  for (const { meeting } of [anna, bob, chloe]) void meeting.compare()
  const digits = () => [anna, bob, chloe].map(({ view }) => view.security.code?.digits)
  await world.clock.untilReally(
    () => digits().every((each) => each && each === digits()[0]),
    'one code for all',
  )
  await world.agree()
})

test('[WEB1] names are cleaned, and equal ones told apart', async () => {
  world = await MeetingWorld.start()
  const anna = await world.enter('Anna')
  await world.enter(' An\u202ena ')
  await world.enter('Anna')
  await world.agree()
  await world.clock.until(() => !names(anna).includes(''), 'all are named')
  expect(names(anna)).toEqual(['Anna', 'An na', 'Anna (2)'])
})

test('after a restart of the server the meeting goes on in a new group', async () => {
  const { anna, bob, chloe } = await three()
  world.network.restart()
  await world.clock.until(() => anna.view.phase.at === 'waiting-room-unknown', 'Anna waits for the room')
  await world.putRoom()
  await world.clock.until(() => world.inside().length === 3 && world.agreed(), 'all are in again', 60_000)
  expect(names(anna).sort()).toEqual(['Anna', 'Bob', 'Chloé'])
  expect([anna, bob, chloe].every(({ view }) => kinds(view.alarms).includes('reset'))).toBe(true)
})

test('a media worker that dies is replaced, and everybody is heard again', async () => {
  const { anna, bob } = await three()
  await world.clock.finish(anna.meeting.publish('microphone', { label: 'a' }))
  await world.clock.until(() => bob.media.hears().length === 1, 'Bob hears Anna')
  for (const room of [...world.network.sfu.rooms]) room.lose()
  await world.clock.advance(100)
  expect(bob.media.hears()).toEqual([])
  await world.clock.until(() => bob.media.hears().length === 1, 'Bob hears Anna again', 5_000)
  const streams = anna.media.sealedAs.map(({ stream }) => stream)
  expect(Math.max(...streams)).toBeGreaterThan(Math.min(...streams))
})

test('[LINK4] a wrong secret gets a clear reason', async () => {
  world = await MeetingWorld.start()
  const eve = world.make('Eve', { link: { ...world.link, secret: new Uint8Array(32) } })
  await eve.meeting.start()
  await world.clock.until(() => eve.view.phase.at === 'ended', 'Eve is refused')
  expect(eve.view.phase).toEqual({ at: 'ended', why: 'access-refused' })
})

test('[ROS2] a member that nobody hears stops sending, says why, and stays as long as nobody could hear it', async () => {
  const { anna, bob, chloe } = await three()
  await world.clock.finish(anna.meeting.publish('microphone', { label: 'a' }))
  await world.clock.advance(12_000)
  expect(anna.media.sending).not.toBe(null)
  bob.meeting.farewell()
  chloe.line.cut()
  chloe.line.down = true
  await world.clock.until(() => anna.media.sending === null, 'Anna stops', 40_000)
  expect(kinds(anna.view.alarms)).toContain('not-echoed')
  expect(anna.view.phase.at).toBe('in')
  expect(anna.view.people.find(({ name }) => name === 'Chloé')?.state).toBe('lost')
})

test('[GRP5] newcomers whom everybody else has just left answer each other', async () => {
  world = await MeetingWorld.start({ delayMs: [20, 40] })
  const anna = await world.enter('Anna')
  const bob = world.make('Bob')
  await bob.meeting.start()
  await world.clock.untilReally(() => bob.view.selfLeaf !== null, 'Bob sits')
  expect(bob.view.phase.at).toBe('waiting-members')
  anna.line.cut()
  anna.line.down = true
  const chloe = world.make('Chloé')
  await chloe.meeting.start()
  await world.clock.untilReally(
    () => bob.view.phase.at === 'in' && chloe.view.phase.at === 'in',
    'both are in',
  )
})

test('[GRP6] with the lobby on only a host opens the door, and only a host’s answer lets one in', async () => {
  world = await MeetingWorld.start({ hosted: { lobby: true } })
  const bob = world.make('Bob')
  await bob.meeting.start()
  await world.clock.untilReally(() => bob.view.phase.at === 'waiting-members', 'Bob waits outside')
  await world.clock.advance(5_000)
  expect(bob.view.phase).toEqual({ at: 'waiting-members', lobby: true })
  const anna = await world.enter('Anna', { host: true })
  await world.clock.until(() => anna.view.lobby.knocking.length === 1, 'Bob knocks')
  await world.clock.advance(5_000)
  expect(bob.view.phase.at).toBe('waiting-members')
  anna.meeting.admit(anna.view.lobby.knocking[0]!.id)
  await world.clock.until(() => bob.view.phase.at === 'in', 'Bob is in')
  await world.agree()
  const chloe = world.make('Chloé')
  await chloe.meeting.start()
  await world.clock.until(() => anna.view.lobby.knocking.length === 1, 'Chloé knocks')
  anna.meeting.turnAway(anna.view.lobby.knocking[0]!.id)
  expect(anna.view.lobby.knocking).toEqual([])
  expect(bob.view.lobby).toMatchObject({ on: true })
})

test('[GRP2] a host who comes later claims its place, makes others hosts and asks to mute', async () => {
  world = await MeetingWorld.start({ hosted: { lobby: false } })
  const bob = await world.enter('Bob')
  await world.clock.finish(bob.meeting.publish('microphone', { label: 'b' }))
  const anna = await world.enter('Anna', { host: true })
  await world.clock.until(() => anna.view.selfHost, 'Anna is host')
  await world.agree()
  const making = anna.meeting.makeHost(0)
  await world.clock.until(() => bob.view.selfHost, 'Bob is host')
  await world.clock.finish(making)
  expect(kinds(bob.view.notices)).toContain('made-host')
  anna.meeting.requestMute(0)
  const muted = ({ view }: Participant) => view.people.find(({ name }) => name === 'Bob')?.streams[0]?.muted
  await world.clock.until(() => muted(bob) === true && muted(anna) === true, 'Bob is muted everywhere')
  expect(bob.view.notices.at(-1)).toMatchObject({ kind: 'muted-by', by: 'Anna' })
  expect(bob.view.title).toBe('Conseil')
})

test('[ROS4] requests to mute from somebody who is no host are not honoured', async () => {
  const { anna, bob } = await three({ hosted: { lobby: false } })
  await world.clock.finish(anna.meeting.publish('microphone', { label: 'a' }))
  bob.meeting.requestMute(0)
  await world.clock.advance(2_000)
  expect(anna.view.people[0]?.streams[0]?.muted).toBe(false)
})

test('[ROS4] hands and names change on every screen', async () => {
  const { anna, bob } = await three()
  anna.meeting.setHand(true)
  anna.meeting.setName('Anna B.')
  const shown = () => bob.view.people.find(({ leaf }) => leaf === 0)
  await world.clock.until(() => shown()?.hand === true && shown()?.name === 'Anna B.', 'Bob sees it')
  const dan = await world.enter('Dan')
  await world.clock.until(() => dan.view.people.some(({ hand }) => hand), 'a newcomer sees it too')
})

test('[LINK3] a descriptor older than one seen, or none where a host is named, is refused', async () => {
  world = await MeetingWorld.start({ hosted: { lobby: false } })
  const anna = world.make('Anna', { descriptorVersionSeen: 2 })
  await anna.meeting.start()
  await world.clock.until(() => anna.view.phase.at === 'ended', 'Anna refuses')
  expect(anna.view.phase).toMatchObject({ why: 'descriptor-rolled-back' })
  await world.network.putRoom(world.link)
  const bob = world.make('Bob')
  await bob.meeting.start()
  await world.clock.until(() => bob.view.phase.at === 'ended', 'Bob refuses')
  expect(bob.view.phase).toMatchObject({ why: 'descriptor-damaged' })
})

test('[LINK3] a version that was seen once is not undercut later in the same page', async () => {
  world = await MeetingWorld.start({ hosted: { lobby: false } })
  const { link } = world
  const sealed = await sealDescriptor({
    key: deriveLinkSecrets(link.secret, link.room).descriptor,
    room: link.room,
    host: hostKeyFromSeed(world.hostSeed ?? new Uint8Array()),
    descriptor: {
      version: 2,
      title: 'Conseil',
      lobbyKey: null,
      policy: { lobby: false, audioLevel: false, bridges: false, recording: false },
    },
  })
  await world.network.putRoom(link, { sealed, version: 2 })
  const bob = await world.enter('Bob')
  world.network.restart()
  await world.clock.until(() => bob.view.phase.at === 'waiting-room-unknown', 'Bob waits for the room')
  await world.putRoom()
  await world.clock.until(() => bob.view.phase.at === 'ended', 'Bob refuses')
  expect(bob.view.phase).toMatchObject({ why: 'descriptor-rolled-back' })
})

test('[GRP8] everybody makes one path commit after joining, and then there is quiet', async () => {
  const { anna } = await three()
  await world.clock.advance(6_000)
  const { epoch } = anna.view.security
  await world.clock.advance(60_000)
  expect(anna.view.security.epoch).toBe(epoch)
  await world.clock.advance(250_000)
  expect(anna.view.security.epoch).toBe(epoch + 1)
  await world.agree()
})

test('[SEE1] no name and no word of the chat is ever on the wire', async () => {
  const { anna, bob } = await three()
  // A short name comes up in base64url by chance.
  anna.meeting.setName('Kerguelen')
  await world.clock.until(() => names(bob).includes('Kerguelen'), 'Bob sees the name')
  anna.meeting.sendChat('rendez-vous')
  await world.clock.until(() => bob.view.chat.length === 1, 'Bob has it')
  const wire = world.participants.flatMap(({ line }) => [...line.sent, ...line.received]).join('\n')
  for (const secret of ['Kerguelen', 'rendez-vous', 'microphone'].flatMap((s) => [
    s,
    Buffer.from(s).toString('base64url'),
  ])) {
    expect(wire.includes(secret)).toBe(false)
  }
})
