/** Attacks on media by whoever forwards it: forged, altered, repeated and misattributed frames, and stale keys. */
import type { FrameRefusal, IncomingFrame } from '@huisclos/crypto/sframe'
import {
  encodeHeader,
  encodeKid,
  FrameSealer,
  KeyRing,
  openFrame,
  SendCounter,
} from '@huisclos/crypto/sframe'
import { expect, onTestFinished, test } from 'vitest'
import type { Person } from '../hostile/attack-world.ts'
import { AttackWorld } from '../hostile/attack-world.ts'
import type { CarriedFrame } from '../hostile/frame-hub.ts'

const bytes = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text)

interface Scene {
  world: AttackWorld
  alice: Person
  bob: Person
  carol: Person
}

/** Bob sends sound and picture, Carol sound; all three hear what is sent. */
async function openScene(): Promise<Scene> {
  const world = await AttackWorld.open()
  onTestFinished(() => world.close())
  const alice = await world.enter('Alice')
  const bob = await world.enter('Bob')
  const carol = await world.enter('Carol')
  await world.done(bob.meeting.publish('microphone', { label: 'bob', frames: [] }))
  await world.done(bob.meeting.publish('camera', { label: 'bob', frames: [] }))
  await world.done(carol.meeting.publish('microphone', { label: 'carol', frames: [] }))
  const tracks = ({ view }: Person) =>
    view.people.flatMap(({ streams }) => streams.filter(({ track }) => track))
  await world.clock.until(() => tracks(alice).length === 3, 'Alice has three tracks')
  await world.clock.advance(4_000)
  return { world, alice, bob, carol }
}

/** Delivers what `forge` makes of Bob's frame to Alice, who must not render it. */
async function expectRefused(
  forge: (frame: CarriedFrame, scene: Scene) => CarriedFrame,
  code: FrameRefusal | 'shut',
  { source = 'microphone' }: { source?: 'microphone' | 'camera' } = {},
): Promise<void> {
  const scene = await openScene()
  const { world, alice, bob } = scene
  const stop = world.hub.onFrame(() => [])
  expect(await bob.media.speak(source, bytes(source === 'camera' ? PICTURE : 'secret'))).toBe(true)
  stop()
  const frame = world.hub.last('Bob')
  await world.hub.inject('Alice', forge(frame, scene))
  expect(alice.media.refused).toEqual([code])
  expect([alice.media.heard('audio'), alice.media.heard('video')]).toEqual([[], []])
  expect(alice.view.alarms).toMatchObject([{ kind: 'forged-frame', leaf: alice.leafOf('Bob') }])
  // The control: the same frame as it was sent is rendered.
  await world.hub.inject('Alice', frame)
  expect(alice.media.heard(source === 'camera' ? 'video' : 'audio')).toEqual([
    source === 'camera' ? PICTURE : 'secret',
  ])
}

/** A VP8 interframe: odd first byte, one clear byte (FRM1). */
const PICTURE = 'a picture'

const flip = (frame: CarriedFrame, at: number): CarriedFrame => {
  const data = frame.data.slice()
  const index = at < 0 ? data.length + at : at
  data[index] = (data[index] ?? 0) ^ 1
  return { ...frame, data }
}

test('[FRM2][FRM5] a bit of a frame is flipped: bad-tag, forged-frame, and it is not rendered', () =>
  expectRefused((frame) => flip(frame, -20), 'bad-tag'))

test('[KEY1][FRM5] a bit of the tag is flipped: bad-tag, forged-frame', () =>
  expectRefused((frame) => flip(frame, -1), 'bad-tag'))

test('[FRM1] the clear byte of a picture is altered: bad-tag, forged-frame', () =>
  expectRefused(
    (frame) => {
      const data = frame.data.slice()
      data[0] = (data[0] ?? 0) ^ 0x10
      return { ...frame, data }
    },
    'bad-tag',
    { source: 'camera' },
  ))

test('[FRM1] a picture is passed off as another codec’s: bad-tag, forged-frame', () =>
  expectRefused((frame) => ({ ...frame, codec: 'vp9', data: frame.data.slice(1) }), 'bad-tag', {
    source: 'camera',
  }))

test('[FRM1] sound is passed off as a picture of the same stream: bad-tag, forged-frame', () =>
  expectRefused((frame) => ({ ...frame, kind: 'video' }), 'bad-tag'))

test('[FRM5] a frame of one member is forwarded as another’s: wrong-sender, forged-frame', async () => {
  const { world, alice, bob, carol } = await openScene()
  const stop = world.hub.onFrame(() => [])
  await bob.media.speak('microphone', bytes('I am Carol'))
  stop()
  const frame = world.hub.last('Bob')
  await world.hub.inject('Alice', { ...frame, producer: carol.media.producerOf('microphone') })
  expect(alice.media.refused).toEqual(['wrong-sender'])
  expect(alice.media.heard()).toEqual([])
  expect(alice.view.alarms).toMatchObject([{ kind: 'forged-frame', leaf: alice.leafOf('Carol') }])
  // The control: where the consumer is not bound to a leaf and stream, Bob's words come out of Carol's tile.
  const expected = { leaf: bob.leaf, stream: 0 }
  expect(await opensWith(alice.media.keptKeys, { data: frame.data, expected })).toBe(true)
})

test('[KEY2] a frame without an SFrame header, or with a stream beyond 1,024: malformed, and nothing is rendered', async () => {
  const { world, alice, bob } = await openScene()
  const producer = bob.media.producerOf('microphone')
  const frame = { producer, codec: 'opus', kind: 'audio' } as const
  await world.hub.inject('Alice', { ...frame, data: Uint8Array.of(0xff) })
  const beyond = encodeHeader({ kid: 1024n << 18n, ctr: 0n })
  await world.hub.inject('Alice', { ...frame, data: new Uint8Array([...beyond, ...new Uint8Array(40)]) })
  expect(alice.media.refused).toEqual(['malformed', 'malformed'])
  expect(alice.media.heard()).toEqual([])
})

test('[FRM2] a frame in clear is forwarded: it is refused, never played', async () => {
  const { world, alice, bob } = await openScene()
  const producer = bob.media.producerOf('microphone')
  const data = bytes('this is what the server wants Alice to hear, in clear')
  await world.hub.inject('Alice', { producer, codec: 'opus', kind: 'audio', data })
  expect(alice.media.refused).toHaveLength(1)
  expect(alice.media.heard()).toEqual([])
})

test('[KEY3] a frame is forwarded twice: replayed, and rendered once', async () => {
  const { world, alice, bob } = await openScene()
  world.hub.onFrame((_, frame) => [frame, frame])
  await bob.media.speak('microphone', bytes('once'))
  expect(alice.media.heard()).toEqual(['once'])
  expect(alice.media.refused).toEqual(['replayed'])
})

test('[KEY3] frames come in another order: each is rendered once', async () => {
  const { world, alice, bob } = await openScene()
  const stop = world.hub.onFrame(() => [])
  const sent: CarriedFrame[] = []
  for (const word of ['one', 'two', 'three']) {
    await bob.media.speak('microphone', bytes(word))
    sent.push(world.hub.last('Bob'))
  }
  stop()
  for (const frame of [...sent.toReversed(), ...sent]) await world.hub.inject('Alice', frame)
  expect(alice.media.heard()).toEqual(['three', 'two', 'one'])
  expect(alice.media.refused).toEqual(['replayed', 'replayed', 'replayed'])
})

test('[KEY3] control: a receiver that keeps no window renders a frame as often as it is forwarded', async () => {
  const { world, alice, bob } = await openScene()
  await bob.media.speak('microphone', bytes('once'))
  const { data } = world.hub.last('Bob')
  const expected = { leaf: bob.leaf, stream: 0 }
  const opened: boolean[] = []
  for (let i = 0; i < 3; i++) opened.push(await opensWith(alice.media.keptKeys, { data, expected }))
  expect(opened).toEqual([true, true, true])
})

/** Opens a sound frame with a fresh ring each time, as somebody who forgets does. */
async function opensWith(
  keys: ReadonlyMap<number, Uint8Array>,
  frame: Pick<IncomingFrame, 'data' | 'expected'>,
): Promise<boolean> {
  const ring = new KeyRing()
  const now = 0
  for (const [epoch, baseKey] of [...keys].sort(([a], [b]) => a - b))
    ring.install({ epoch, baseKey, removed: [], now })
  return (await openFrame(ring, { ...frame, codec: 'opus', kind: 'audio', now })).ok
}

test('[FRM5] the server forges frames of a member without its keys: bad-tag, whatever key it makes up', async () => {
  const { world, alice, bob } = await openScene()
  await bob.media.speak('microphone', bytes('hello'))
  const { producer, codec, kind } = world.hub.last('Bob')
  const epoch = bob.media.sending?.epoch ?? 0
  const header = encodeHeader({ kid: encodeKid({ stream: 0, leaf: bob.leaf, epoch }), ctr: 77n })
  const made = crypto.getRandomValues(new Uint8Array(60))
  await world.hub.inject('Alice', { producer, codec, kind, data: new Uint8Array([...header, ...made]) })
  expect(alice.media.heard()).toEqual(['hello'])
  expect(alice.media.refused).toEqual(['bad-tag'])
  expect(alice.alarms).toEqual(['forged-frame'])
})

test('[ROS1][FRM5] a stranger’s media is forwarded: it stays shut, stranger-forwarded', async () => {
  const { world, alice, bob } = await openScene()
  const made = world.server.events.find(
    ({ to, event }) => to === 'Alice' && event.t === 'media.consumer',
  )?.event
  if (made?.t !== 'media.consumer') throw new Error('no consumer')
  const consumer = {
    ...made,
    consumer: 'a-consumer-of-nobody' as never,
    producer: 'a-producer-of-nobody' as never,
  }
  world.server.tell('Alice', consumer)
  await world.clock.advance(3_000)
  const data = bytes('hello from nobody')
  await world.hub.inject('Alice', { producer: consumer.producer, codec: 'opus', kind: 'audio', data })
  expect(alice.media.refused).toEqual(['shut'])
  await world.clock.until(() => alice.alarms.includes('stranger-forwarded'), 'the alarm')
  expect(alice.view.people).toHaveLength(3)
  expect(bob.alarms).toEqual([])
})

/** A member with the meeting's keys speaks as Bob to Alice, through a server that forwards it as Bob's. */
async function speakAsBob({ world, alice, bob }: Scene): Promise<void> {
  for (const word of ['one', 'two', 'three']) await bob.media.speak('microphone', bytes(word))
  const { epoch } = bob.media.sending ?? { epoch: -1 }
  const baseKey = alice.media.keptKeys.get(epoch)
  if (!baseKey) throw new Error('no key')
  const counter = new SendCounter()
  const sealer = new FrameSealer({ leaf: bob.leaf, stream: 0, counter })
  await sealer.switchTo(epoch, baseKey)
  const { producer } = world.hub.last('Bob')
  for (let i = 0; i < 60; i++) {
    const sealed = await sealer.seal({ codec: 'opus', kind: 'audio', data: bytes(`false ${i}`) })
    if (!sealed.ok) throw new Error('not sealed')
    await world.hub.inject('Alice', { producer, codec: 'opus', kind: 'audio', data: sealed.data })
  }
  expect(alice.media.heard()).toContain('false 59')
}

test('[ROS2] a member makes frames of another for the server to forward: they play, and unsent-frames names the stream’s owner', async () => {
  const scene = await openScene()
  const { world, alice, bob, carol } = scene
  await speakAsBob(scene)
  await world.clock.until(() => alice.alarms.includes('unsent-frames'), 'the alarm', 45_000)
  expect(alice.view.alarms).toMatchObject([{ kind: 'unsent-frames', leaf: alice.leafOf('Bob') }])
  expect([...bob.alarms, ...carol.alarms]).toEqual([])
})

test('[ROS2] somebody takes the leaf of one who spoke for long and left: no false alarm', async () => {
  const { world, alice, bob, carol } = await openScene()
  for (let i = 0; i < 40; i++) await bob.media.speak('microphone', bytes(`word ${i}`))
  const leaf = bob.leaf
  await world.done(bob.meeting.leave())
  const dave = await world.enter('Dave')
  expect(dave.leaf).toBe(leaf)
  await world.done(dave.meeting.publish('microphone', { label: 'dave', frames: [] }))
  const tracks = () => alice.view.people.flatMap(({ streams }) => streams.filter(({ track }) => track))
  await world.clock.until(() => tracks().length === 2, 'Alice has the tracks of Dave and Carol')
  await dave.media.speak('microphone', bytes('good day'))
  expect(alice.media.heard()).toContain('good day')
  await world.clock.advance(60_000)
  expect([...alice.alarms, ...carol.alarms, ...dave.alarms]).toEqual([])
})

test('[ROS2] control: where beats name no counters, nobody notices', async () => {
  const scene = await openScene()
  scene.bob.media.counters = async () => []
  await speakAsBob(scene)
  await scene.world.clock.advance(90_000)
  expect(scene.alice.alarms).toEqual([])
})

test('[ROS2] beats are held back and come late while the sender goes on: no false alarm', async () => {
  const { world, alice, bob } = await openScene()
  const held = world.server.hold((to, { t }) => to === 'Alice' && t === 'group.said')
  for (let second = 0; second < 20; second++) {
    for (let i = 0; i < 5; i++) await bob.media.speak('microphone', bytes('word'))
    await world.clock.advance(1_000)
  }
  held.release()
  for (let second = 0; second < 40; second++) {
    for (let i = 0; i < 5; i++) await bob.media.speak('microphone', bytes('word'))
    await world.clock.advance(1_000)
  }
  expect(alice.media.heard()).toHaveLength(300)
  expect(alice.alarms).toEqual([])
})

/** Alice hears Bob, the server ends her media, and she opens it anew. */
async function reopenMedia({ world, alice, bob }: Scene): Promise<CarriedFrame> {
  expect(await bob.media.speak('microphone', bytes('once'))).toBe(true)
  const [frame, { epoch }] = [world.hub.last('Bob'), alice.view.security]
  world.server.tell('Alice', { t: 'media.lost' })
  await alice.until(({ network }) => network.media !== 'connected', 'media ends')
  await alice.until(({ network }) => network.media === 'connected', 'media is back')
  await alice.until(
    ({ people }) => people.flatMap(({ streams }) => streams.filter(({ track }) => track)).length === 3,
    'three tracks again',
  )
  expect(alice.view.security.epoch).toBe(epoch)
  return frame
}

test('[KEY3] media is ended so that it is opened anew, and what was heard is forwarded again: replayed', async () => {
  const scene = await openScene()
  const frame = await reopenMedia(scene)
  const { world, alice, bob } = scene
  await world.hub.inject('Alice', { ...frame, producer: bob.media.producerOf('microphone') })
  expect(alice.media.refused.at(-1)).toBe('replayed')
  expect(alice.media.heard()).not.toContain('once')
  expect(await bob.media.speak('microphone', bytes('again'))).toBe(true)
  expect(alice.media.heard()).toEqual(['again'])
})

test('[KEY3] control: where all is forgotten with the media, it plays a second time', async () => {
  const scene = await openScene()
  const { world, alice, bob } = scene
  const { media } = alice
  const close = media.close.bind(media)
  media.close = () => close({ reopens: false })
  const frame = await reopenMedia(scene)
  await world.hub.inject('Alice', { ...frame, producer: bob.media.producerOf('microphone') })
  expect(alice.media.heard()).toEqual(['once'])
})
