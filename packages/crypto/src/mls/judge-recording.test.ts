import { expect, test } from 'vitest'
import { random } from '../bytes.ts'
import { newRecordingKey } from '../seal/recording-key.ts'
import { encodeRecordingOrder } from '../seal/recording-order.ts'
import { admit, engine, makeMeeting, makeWorld, OPEN_DOOR, relay } from './engine-fixtures.ts'
import type { MeetingPolicy } from './group-engine.ts'

const { publicKey } = await newRecordingKey()
const newOrder = () => encodeRecordingOrder({ recording: random(16) as never, publicKey, owner: 'Archives' })
const setting = (policy: Partial<MeetingPolicy>) => ({ context: { policy } })

/** What a host without rules commits, judged by a guest that keeps all and by one that waives `code`. */
async function judged(
  code: 'recording-forbidden' | 'recording-order',
  policy: Partial<MeetingPolicy>,
  changes: Partial<MeetingPolicy>[],
) {
  const world = makeWorld(policy)
  const [host, strict, lax] = [engine(code), engine(), engine(code)]
  await host.create({ ...world, hostSeed: world.hostSeed })
  await admit(world, host, strict)
  await admit(world, host, lax, [strict])
  for (const change of changes.slice(0, -1)) await relay(host, setting(change), [strict, lax])
  return relay(host, setting(changes.at(-1) ?? {}), [strict, lax])
}

test('[REC14] a host’s order is what all agree on, and so are its pause and its end', async () => {
  const { host, guests } = await makeMeeting(2, { recording: true })
  const recordingKey = newOrder()
  for (const policy of [
    { recordingKey },
    { recordingPaused: true },
    { recordingPaused: false },
    { recordingKey: null },
  ]) {
    const { view, answers } = await relay(host, setting(policy), guests)
    expect(view.context.policy).toMatchObject(policy)
    expect(answers).toMatchObject([{ kind: 'commit' }, { kind: 'commit' }])
  }
})

test('[REC14] attack: a guest orders a recording: not-host', async () => {
  const { host, guests } = await makeMeeting(1, { recording: true })
  const [guest] = guests
  await expect(
    guest?.commit({ adds: [], removes: [], ...setting({ recordingKey: newOrder() }) }),
  ).rejects.toMatchObject({ code: 'not-host' })
  expect((await host.seal(random(1))).epoch).toBe(1)
})

test('[REC14] attack: an order in a room whose descriptor allows none: recording-forbidden', async () => {
  const { answers } = await judged('recording-forbidden', {}, [{ recordingKey: newOrder() }])
  expect(answers).toMatchObject([{ kind: 'refused', code: 'recording-forbidden' }, { kind: 'commit' }])
})

test('[REC14] attack: recordings are allowed behind the descriptor’s back: recording-forbidden', async () => {
  const { answers } = await judged('recording-forbidden', {}, [{ recording: true }])
  expect(answers).toMatchObject([{ kind: 'refused', code: 'recording-forbidden' }, { kind: 'commit' }])
  const { host, guests } = await makeMeeting(1)
  const context = { descriptorVersion: 4, policy: { recording: true } }
  expect((await relay(host, { context }, guests)).answers).toMatchObject([{ kind: 'commit' }])
})

test('[REC14] attack: another key in the middle of a recording: recording-order', async () => {
  const swapped = [{ recordingKey: newOrder() }, { recordingKey: newOrder() }]
  const { answers } = await judged('recording-order', { recording: true }, swapped)
  expect(answers).toMatchObject([{ kind: 'refused', code: 'recording-order' }, { kind: 'commit' }])
})

test.each([
  ['that does not read', { recordingKey: random(1300) }],
  ['that pauses nothing', { recordingPaused: true }],
])('[REC14] attack: an order %s: recording-order', async (_, change) => {
  const { answers } = await judged('recording-order', { recording: true }, [change])
  expect(answers).toMatchObject([{ kind: 'refused', code: 'recording-order' }, { kind: 'commit' }])
})

test('[REC14] attack: an order and somebody new in one commit: recording-order', async () => {
  const world = makeWorld({ recording: true })
  const [host, strict, lax, newcomer] = [
    engine('recording-order'),
    engine(),
    engine('recording-order'),
    engine(),
  ]
  await host.create({ ...world, hostSeed: world.hostSeed })
  await admit(world, host, strict)
  await admit(world, host, lax, [strict])
  const { keyPackage } = await newcomer.keyPackage(world)
  const input = { adds: [keyPackage], ...setting({ recordingKey: newOrder() }) }
  const { answers } = await relay(host, input, [strict, lax])
  expect(answers).toMatchObject([{ kind: 'refused', code: 'recording-order' }, { kind: 'commit' }])
})

test('[REC14] [GRP5] attack: a newcomer is welcomed where recordings were allowed behind its descriptor: welcome-context', async () => {
  const world = makeWorld({ recording: true })
  const host = engine()
  await host.create({ ...world, hostSeed: world.hostSeed })
  const misled = { ...world, expect: { ...world.expect, recording: false } }
  await expect(admit(misled, host, engine())).rejects.toMatchObject({ code: 'welcome-context' })
  await admit(misled, host, engine('welcome-context'))
})

test('[REC14] no group begins with an order', async () => {
  const world = makeWorld()
  const context = {
    ...world.context,
    policy: { ...OPEN_DOOR, recording: true, recordingKey: newOrder() },
  }
  await expect(engine().create({ ...world, context, hostSeed: world.hostSeed })).rejects.toMatchObject({
    code: 'context-invalid',
  })
})
