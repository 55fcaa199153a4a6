/** Attacks on recordings: by the server that stores them, by a guest, and by whoever holds what it stored. */
import { encodeBase64url, random, utf8 } from '@huisclos/crypto/bytes'
import { verifyManifest } from '@huisclos/crypto/link'
import { encodeRecordingOrder, newRecordingKey } from '@huisclos/crypto/seal'
import { RecordingId } from '@huisclos/protocol'
import { expect, onTestFinished, test } from 'vitest'
import type { Person } from '../hostile/attack-world.ts'
import { AttackWorld } from '../hostile/attack-world.ts'
import { BlindRecorder } from '../hostile/blind-recorder.ts'
import { HostileMember } from '../hostile/hostile-member.ts'

const key = await newRecordingKey()

interface Scene {
  world: AttackWorld
  alice: Person
  bob: Person
  recorder: BlindRecorder
}

/** Alice hosts and Bob is a guest; both send sound. */
async function openScene(): Promise<Scene> {
  const world = await AttackWorld.open({ hosted: true, recordable: true })
  onTestFinished(() => world.close())
  const here = () => ['Alice', 'Bob'].filter((name) => world.server.asked('hello', name).length > 0)
  const recorder = new BlindRecorder(world.server, here)
  const alice = await world.enter('Alice', { hostSeed: world.host.seed })
  const bob = await world.enter('Bob')
  for (const each of [alice, bob])
    await world.done(each.meeting.publish('microphone', { label: each.name, frames: [] }))
  await world.clock.advance(4_000)
  return { world, alice, bob, recorder }
}

/** Alice orders a recording of herself and Bob says what he thinks of it, if anything. */
async function record(scene: Scene, bobs?: boolean): Promise<string> {
  const { world, alice, bob } = scene
  const order = { publicKey: key.publicKey, owner: 'Archives', withMe: true }
  await world.done(alice.meeting.startRecording(order))
  await bob.until(({ recording }) => recording.ordered !== null, 'sees the mark')
  const id = bob.view.recording.ordered?.id ?? ''
  if (bobs !== undefined) bob.meeting.answerRecording(id, bobs)
  await world.clock.advance(4_000)
  return id
}

/** What the server kept of the last thing that somebody said, opened by the owner of the key. */
async function kept({ world, recorder }: Scene, person: Person, text: string): Promise<string | null> {
  expect(await person.media.speak('microphone', utf8(text))).toBe(true)
  return recorder.open(key, world.hub.last(person.name))
}

const leavesIn = async ({ recorder }: Scene, epoch?: number) => {
  const contents = await recorder.contents(key, epoch)
  return [...new Set(contents.flatMap(({ keys }) => keys.map(({ leaf }) => leaf)))].sort()
}

test('[REC14] a guest orders a recording, with a client of its own: not-host, and no mark is lit', async () => {
  const { world, alice, bob, recorder } = await openScene()
  const mallory = await HostileMember.enter(world)
  const order = { recording: random(16), publicKey: key.publicKey, owner: 'Mallory' }
  const rogue = await mallory.rogue()
  const policy = { ...OPEN, recordingKey: encodeRecordingOrder(order) }
  await mallory.post(await rogue.contextChange({ policy }))
  await alice.until(() => alice.alarms.includes('struck-commit'), 'the order is struck')
  expect(alice.codes).toContain('not-host')
  for (const each of [alice, bob]) expect(each.view.recording.ordered).toBe(null)
  expect(recorder.envelopes).toEqual([])
})

test('[REC20] the server says that it records what nobody ordered: recording-unordered, and nobody gives it consent or keys', async () => {
  const { world, alice, bob, recorder } = await openScene()
  recorder.say(RecordingId.parse(encodeBase64url(random(16))), 'running')
  await world.clock.advance(10_000)
  for (const each of [alice, bob]) {
    expect(each.alarms).toContain('recording-unordered')
    expect(each.view.recording.ordered).toBe(null)
  }
  expect(recorder.envelopes).toEqual([])
  expect([...recorder.consents.values()]).not.toContain(true)
})

test('[REC20] the server says that no recording runs while one is ordered: the mark stays, recording-not-stored', async () => {
  const scene = await openScene()
  await record(scene, true)
  scene.recorder.say(null, 'off')
  await scene.world.clock.advance(10_000)
  for (const each of [scene.alice, scene.bob]) {
    expect(each.view.recording.ordered).toMatchObject({ owner: 'Archives', stopping: false })
    expect(each.alarms).toContain('recording-not-stored')
  }
})

test('[REC18] the server hides a recording from a newcomer: it is asked all the same, and has sent no name', async () => {
  const scene = await openScene()
  const { world, alice } = scene
  await record(scene, true)
  world.server.onEntered(() => ({ recording: null }))
  const carol = await world.person('Carol').start()
  void carol.meeting.publish('microphone', { label: 'carol', frames: [] })
  await carol.until(({ phase }) => phase.at === 'waiting-consent', 'is asked')
  await world.clock.advance(40_000)
  expect(carol.view.recording.ordered).toMatchObject({ owner: 'Archives', consent: 'unanswered' })
  expect(carol.view.phase.at).toBe('waiting-consent')
  expect(alice.names).toEqual(['', 'Alice', 'Bob'])
  expect(alice.alarms).not.toContain('member-unseen')
  expect(world.server.asked('media.produce', 'Carol')).toEqual([])
  carol.meeting.answerRecording(carol.view.recording.ordered?.id ?? '', false)
  await alice.sees('Bob', 'Carol')
  await world.clock.advance(4_000)
  expect(await kept(scene, carol, 'without me')).toBe(null)
  expect(await kept(scene, scene.bob, 'with me')).toBe('with me')
})

test('[REC2] the server keeps the frames of whoever has not answered, or declined: the envelopes open nothing of it', async () => {
  const scene = await openScene()
  const { alice, bob, recorder } = scene
  const id = await record(scene)
  expect(await kept(scene, bob, 'unasked')).toBe(null)
  bob.meeting.answerRecording(id, false)
  await scene.world.clock.advance(4_000)
  expect(await kept(scene, bob, 'declined')).toBe(null)
  expect(await kept(scene, alice, 'agreed')).toBe('agreed')
  expect(await leavesIn(scene)).toEqual([alice.leaf])
  expect(recorder.consents.get('Bob') ?? false).toBe(false)
})

test('[REC2] control: with consent the same envelopes open, from both sealers alike', async () => {
  const scene = await openScene()
  const { alice, bob, recorder } = scene
  await record(scene, true)
  expect(await kept(scene, bob, 'agreed')).toBe('agreed')
  expect(recorder.consents.get('Bob')).toBe(true)
  await scene.world.done(alice.meeting.compare())
  await scene.world.clock.advance(4_000)
  const { epoch } = bob.view.security
  const contents = await recorder.contents(key, epoch)
  expect(contents.map(({ sealer }) => sealer).sort()).toEqual([alice.leaf, bob.leaf])
  expect(contents[0]?.keys).toEqual(contents[1]?.keys)
})

test('[REC2] what the owner of the key has is no base key: it opens no frame of before, after or a pause, and the mark covers all it opens', async () => {
  const scene = await openScene()
  const { world, alice, bob } = scene
  const frames: { text: string; lit: boolean }[] = []
  const say = async (text: string) => {
    for (const lit of [bob.view.recording.ordered !== null]) {
      expect(await bob.media.speak('microphone', utf8(text))).toBe(true)
      frames.push({ text, lit })
    }
    return world.hub.last('Bob')
  }
  const before = await say('before')
  await record(scene, true)
  const during = await say('during')
  await world.done(alice.meeting.pauseRecording(true))
  await world.clock.advance(4_000)
  expect(bob.view.recording.ordered).toMatchObject({ paused: true, sealing: false })
  const pause = await say('pause')
  await world.done(alice.meeting.pauseRecording(false))
  await world.clock.advance(4_000)
  const again = await say('again')
  await world.done(alice.meeting.stopRecording())
  expect(bob.view.recording.ordered).not.toBe(null)
  const ends = []
  while (bob.view.recording.ordered) {
    ends.push(await say('ending'))
    await world.clock.advance(200)
  }
  const after = await say('after')
  expect(frames.at(-1)?.lit).toBe(false)
  const opened = await Promise.all(
    [before, during, pause, again, after].map((frame) => scene.recorder.open(key, frame)),
  )
  expect(opened).toEqual([null, 'during', null, 'again', null])
  // Whatever of the end can be opened was said while the mark was lit.
  expect(await scene.recorder.open(key, ends[0] ?? after)).toBeOneOf(['ending', null])
  const sealedEpochs = scene.recorder.envelopes.map(({ request }) => request.epoch)
  expect(Math.max(...sealedEpochs)).toBeLessThan(bob.view.security.epoch)
})

test('[REC17] who takes its consent back is sealed no more, and the server that keeps this from the others gains nothing: a missing message ends consent', async () => {
  const scene = await openScene()
  const { world, alice, bob } = scene
  const id = await record(scene, true)
  expect(await kept(scene, bob, 'agreed')).toBe('agreed')
  // The word itself never arrives; the next one shows that it is missing.
  let dropped = 0
  const bobs = world.server.peerOf('Bob')
  const pass = world.server.onEvent((to, event) => {
    if (to !== 'Alice' || event.t !== 'group.said' || event.from !== bobs || dropped > 0) return undefined
    dropped++
    return []
  })
  bob.meeting.answerRecording(id, false)
  await alice.until(
    ({ notices }) => notices.some(({ kind }) => kind === 'messages-missing'),
    'misses it',
    60_000,
  )
  pass()
  await world.done(alice.meeting.compare())
  await world.clock.advance(4_000)
  expect(dropped).toBe(1)
  expect(await kept(scene, bob, 'taken back')).toBe(null)
  expect(await kept(scene, alice, 'agreed')).toBe('agreed')
})

test('[REC19] the server swallows the envelopes: recording-unsealed on every screen, until one is taken', async () => {
  const scene = await openScene()
  const { world, alice, bob, recorder } = scene
  recorder.swallows = ({ t }) => t === 'recording.envelope'
  await record(scene, true)
  await world.clock.advance(6_000)
  for (const each of [alice, bob]) expect(each.alarms).toContain('recording-unsealed')
  recorder.swallows = () => false
  await world.done(alice.meeting.compare())
  await world.clock.advance(6_000)
  for (const each of [alice, bob]) expect(each.alarms).not.toContain('recording-unsealed')
})

test('[REC19] the server swallows the envelopes of the host who ordered, who then leaves: the next ones seal, and it ends in no gap', async () => {
  const scene = await openScene()
  const { world, alice, bob, recorder } = scene
  await record(scene, true)
  const carol = await world.person('Carol').start()
  await carol.until(({ phase }) => phase.at === 'waiting-consent', 'is asked')
  carol.meeting.answerRecording(carol.view.recording.ordered?.id ?? '', true)
  await bob.sees('Alice', 'Carol')
  await world.done(carol.meeting.publish('microphone', { label: 'carol', frames: [] }))
  recorder.swallows = (request, from) => request.t === 'recording.envelope' && from === 'Alice'
  // Newcomers make a commit of their own within the first seconds.
  await world.clock.advance(8_000)
  await world.done(alice.meeting.compare())
  await world.clock.advance(4_000)
  const { epoch } = bob.view.security
  const sealers = new Set((await recorder.contents(key, epoch)).map(({ sealer }) => sealer))
  expect(sealers).toEqual(new Set([bob.leaf, carol.leaf]))
  await world.done(alice.meeting.leave())
  await bob.sees('Carol')
  await world.clock.advance(8_000)
  for (const each of [bob, carol]) {
    expect(each.view.recording.ordered).toMatchObject({ owner: 'Archives' })
    expect(each.alarms).not.toContain('recording-unsealed')
    expect(await kept(scene, each, 'goes on')).toBe('goes on')
  }
})

test('[REC21] the server asks a host to sign another recording’s manifest: no signature leaves, and its own is signed', async () => {
  const scene = await openScene()
  const { world } = scene
  const id = await record(scene, true)
  const statementOf = (recording: string) =>
    Buffer.concat([Buffer.from([0, 1]), Buffer.from(recording, 'base64url'), Buffer.alloc(40)])
  const ask = (recording: string, named: string) =>
    world.server.tell('Alice', {
      t: 'recording.sealed',
      recording: RecordingId.parse(recording),
      statement: statementOf(named).toString('base64url'),
    })
  const other = encodeBase64url(random(16))
  ask(other, other)
  ask(id, other)
  await world.clock.advance(2_000)
  expect(world.server.asked('recording.manifest')).toEqual([])
  ask(id, id)
  await world.clock.advance(2_000)
  const [signed] = world.server.asked('recording.manifest', 'Alice')
  const signature = Buffer.from(signed?.signature ?? '', 'base64url')
  expect(verifyManifest(signature, statementOf(id), world.host.publicKey)).toBe(true)
})

test('[REC22] the server keeps it from somebody that another records on its own computer: who does not know is left out, and no consent ends up on the list', async () => {
  const { world, alice, bob } = await openScene()
  const alices = world.server.peerOf('Alice')
  const stop = world.server.onEvent((to, event) =>
    to === 'Bob' && event.t === 'group.said' && event.from === alices ? [] : undefined,
  )
  const id = await world.done(alice.meeting.startLocalRecording())
  await world.clock.advance(4_000)
  expect(alice.view.recording.local[0]).toMatchObject({ id, self: true, consenting: [alice.leaf] })
  expect(bob.view.recording.local).toEqual([])
  stop()
  alice.meeting.setHand(true)
  await bob.until(({ recording }) => recording.local.length === 1, 'is told')
  bob.meeting.answerRecording(id, true)
  await alice.until(({ recording }) => recording.local[0]?.consenting.length === 2, 'has consent')
})

const OPEN = {
  lobby: false,
  lock: false,
  audioLevel: false,
  bridges: false,
  recording: true,
  recordingPaused: false,
}
