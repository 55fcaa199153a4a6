/** Attacks on captions: by a member whose client keeps no rule, and by the server that carries them. */
import { expect, onTestFinished, test } from 'vitest'
import type { Person, PersonOptions } from '../hostile/attack-world.ts'
import { AttackWorld } from '../hostile/attack-world.ts'
import { HostileMember } from '../hostile/hostile-member.ts'
import { withEverybodyHost } from '../hostile/watched-engine.ts'

/** Alice hosts, Bob is a guest. */
async function openScene(bobs: PersonOptions = {}) {
  const world = await AttackWorld.open({ hosted: true })
  onTestFinished(() => world.close())
  const alice = await world.enter('Alice', { hostSeed: world.host.seed })
  const bob = await world.enter('Bob', bobs)
  return { world, alice, bob }
}

const caption = (line: number, text: string, how: 'speech' | 'typed' = 'speech') => ({
  k: 'caption',
  line,
  final: true,
  lang: 'en',
  how,
  text,
  pad: '',
})
const captionsOf = ({ view }: Person) => view.captions.map(({ leaf, how, text }) => ({ leaf, how, text }))
const words = (text: string, how: 'speech' | 'typed' = 'speech') => ({ how, text, final: true, lang: 'en' })

test('[CAP1] a member captions in another’s name, in bidi and control characters, too long, as an official text: its own clean words under its own leaf, and nothing else', async () => {
  const { world, bob } = await openScene()
  const mallory = await HostileMember.enter(world)
  await mallory.say({ ...caption(1, 'I resign'), leaf: bob.leafOf('Alice') })
  await mallory.say({ ...caption(2, 'I resign'), name: 'Alice' })
  await mallory.say({ ...caption(3, 'x'.repeat(281)) })
  await mallory.say({ ...caption(4, 'Official record'), how: 'official' })
  await mallory.say(caption(5, '\u202eecilA\u202c: I\n\u0007resign\u2066'))
  await bob.until(({ captions }) => captions.length > 0, 'has a caption')
  await world.clock.advance(1_000)
  const [only, ...more] = captionsOf(bob)
  expect(more).toEqual([])
  expect(only).toMatchObject({ how: 'speech', text: 'ecilA : I resign' })
  expect([bob.leafOf('Alice'), bob.leaf]).not.toContain(only?.leaf)
})

/** 400 lines in ten seconds, while Alice says three. */
async function flooded(everySecond: number) {
  const { world, alice, bob } = await openScene()
  const mallory = await HostileMember.enter(world)
  const began = world.clock.now()
  let line = 0
  for (let second = 0; second < 10; second++) {
    for (let i = 0; i < everySecond; i++) await mallory.say(caption(++line, `buy ${line}`))
    if (second % 4 === 0) alice.meeting.caption(words(`item ${second}`))
    await world.clock.advance(1_000)
  }
  await world.clock.advance(2_000)
  const alices = captionsOf(bob).filter(({ leaf }) => leaf === bob.leafOf('Alice'))
  return {
    sent: line,
    seconds: (world.clock.now() - began) / 1_000,
    others: bob.view.captions.length - alices.length,
    alices: alices.map(({ text }) => text),
  }
}

test('[CAP2] a member floods with captions: it ends in 60 and three a second, and no word of the others is lost', async () => {
  const { sent, seconds, others, alices } = await flooded(40)
  expect(sent).toBe(400)
  expect(others).toBeLessThanOrEqual(60 + 3 * seconds)
  expect(others).toBeLessThan(sent / 2)
  expect(alices).toEqual(['item 0', 'item 4', 'item 8'])
})

test('[CAP2] control: who keeps to two a second is read in full', async () => {
  const { sent, others } = await flooded(2)
  expect(others).toBe(sent)
})

/** How long Alice's messages are as the server gets them. */
async function lengthsOf(say: (alice: Person, text: string) => void): Promise<number[]> {
  const { world, alice, bob } = await openScene()
  await world.clock.advance(30_000)
  const before = world.server.asked('group.app', 'Alice').length
  for (const text of [
    'Yes',
    'No, never',
    'é'.repeat(280),
    '漢'.repeat(280),
    'I move that we adjourn. '.repeat(11),
  ]) {
    say(alice, text)
    await world.clock.advance(600)
  }
  await bob.until(({ captions, chat }) => captions.length + chat.length === 5, 'reads all')
  const lengths = world.server.asked('group.app', 'Alice').slice(before)
  return [...new Set(lengths.map(({ body }) => body.length))].filter((length) => length > 600)
}

test('[CAP3] the server compares the lengths of captions: they are all the same, and tell nothing', async () => {
  expect(await lengthsOf((alice, text) => void alice.meeting.caption(words(text)))).toHaveLength(1)
})

test('[CAP3] control: lines of the chat are as long as what is written', async () => {
  const lengths = await lengthsOf((alice, text) => alice.meeting.sendChat(text))
  expect(lengths.length).toBeGreaterThan(1)
})

/** Mallory types and "speaks" captions before and after the host forbids chat and microphones. */
async function forbidden(options: PersonOptions = {}) {
  const { world, alice, bob } = await openScene(options)
  const mallory = await HostileMember.enter(world)
  await mallory.say(caption(1, 'before', 'typed'))
  await bob.until(({ captions }) => captions.length === 1, 'reads it')
  await world.done(alice.meeting.order({ do: 'rules', change: { chat: false } }))
  await bob.until(({ rules }) => !rules.chat, 'knows the rules')
  await mallory.say(caption(2, 'typed', 'typed'))
  await mallory.say(caption(3, 'heard', 'speech'))
  await world.done(alice.meeting.order({ do: 'rules', change: { unmute: false } }))
  await bob.until(({ rules }) => !rules.unmute, 'knows the other rule')
  await mallory.say(caption(4, 'heard again', 'speech'))
  await world.clock.advance(1_000)
  const own = [bob.meeting.caption(words('may I?')), bob.meeting.caption(words('may I?', 'typed'))]
  alice.meeting.caption(words('a host', 'typed'))
  await bob.until(({ captions }) => captions.at(-1)?.text === 'a host', 'reads the host')
  return { texts: captionsOf(bob).map(({ text }) => text), own }
}

test('[CAP4] a guest goes on captioning where chat and microphones are forbidden, with a client of its own: nobody shows it', async () => {
  const { texts, own } = await forbidden()
  expect(texts).toEqual(['before', 'heard', 'a host'])
  expect(own).toEqual([false, false])
})

test('[CAP4] control: where everybody counts as host, what the rules forbid is shown', async () => {
  const { texts } = await forbidden({ around: withEverybodyHost })
  expect(texts).toEqual(['before', 'typed', 'heard', 'heard again', 'a host'])
})
