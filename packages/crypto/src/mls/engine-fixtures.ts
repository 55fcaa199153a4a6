/** Worlds for this folder's tests: one meeting's secrets, engines on a quick suite, and a server that relays. */
import { ed25519 } from '@noble/curves/ed25519.js'
import { random } from '../bytes.ts'
import type {
  CommitInput,
  EpochView,
  Expectation,
  GroupEngine,
  MeetingContext,
  MeetingPolicy,
} from './group-engine.ts'
import { hashHostKey } from './meeting-context.ts'
import { MlsEngine } from './mls-engine.ts'
import type { MlsCode } from './mls-error.ts'
import { goneData, signedBytes } from './signed-bytes.ts'
import { quickSuite } from './suite.ts'

export interface World {
  groupId: Uint8Array
  psk: Uint8Array
  admission: Uint8Array
  hostSeed: Uint8Array
  serverSeed: Uint8Array
  context: MeetingContext
  expect: Expectation
}

export const OPEN_DOOR: MeetingPolicy = {
  lobby: false,
  lock: false,
  audioLevel: false,
  bridges: false,
  recording: false,
  recordingKey: null,
  recordingPaused: false,
}

export function makeWorld(policy: Partial<MeetingPolicy> = {}): World {
  const hostSeed = random(32)
  const serverSeed = random(32)
  const expect = {
    room: 'abcdefghijklmnop',
    hostHash: hashHostKey(ed25519.getPublicKey(hostSeed)),
    descriptorVersion: 3,
    lobby: policy.lobby ?? false,
    recording: policy.recording ?? false,
    serverKey: ed25519.getPublicKey(serverSeed),
  }
  const { lobby: _, recording: __, ...shared } = expect
  const context = { ...shared, policy: { ...OPEN_DOOR, ...policy }, hosts: [] }
  return {
    groupId: random(16),
    psk: random(32),
    admission: random(32),
    hostSeed,
    serverSeed,
    context,
    expect,
  }
}

/** An engine of the quick suite; `waived` takes single rules away. */
export function engine(...waived: MlsCode[]): MlsEngine {
  return new MlsEngine({}, { suite: quickSuite, waived: new Set(waived) })
}

/** Everyone who is in the meeting; the first one made the commit below. */
export async function relay(committer: GroupEngine, input: Partial<CommitInput>, others: GroupEngine[]) {
  const made = await committer.commit({ adds: [], removes: [], ...input })
  const view = await committer.confirm()
  const answers = await Promise.all(others.map((other) => other.process(made.commit)))
  return { ...made, view, answers }
}

/** Adds one newcomer by `committer`; the others learn of it. */
export async function admit(
  world: World,
  committer: GroupEngine,
  newcomer: GroupEngine,
  others: GroupEngine[] = [],
): Promise<EpochView> {
  const { keyPackage } = await newcomer.keyPackage(world)
  const { welcome, answers } = await relay(committer, { adds: [keyPackage] }, others)
  const refused = answers.find(({ kind }) => kind !== 'commit')
  if (refused !== undefined || welcome === null) throw new Error(`not admitted: ${JSON.stringify(refused)}`)
  return newcomer.join(welcome, world.expect)
}

/** A host and guests at leaves 0, 1, 2, … */
export async function makeMeeting(guests: number, policy: Partial<MeetingPolicy> = {}) {
  const world = makeWorld(policy)
  const host = engine()
  await host.create({ ...world, context: world.context, hostSeed: world.hostSeed })
  const members: MlsEngine[] = [host]
  for (let i = 0; i < guests; i++) {
    const guest = engine()
    await admit(world, host, guest, members.slice(1))
    members.push(guest)
  }
  return { world, host, guests: members.slice(1), members }
}

export function signGone(world: World, epoch: number, leaf: number): Uint8Array {
  return ed25519.sign(signedBytes('gone', world.groupId, goneData(epoch, leaf)), world.serverSeed)
}
