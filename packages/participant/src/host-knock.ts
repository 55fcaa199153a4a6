/**
 * The engine of somebody who holds the room's host key (GRP6): each knock is signed with it, so that neither lobby nor
 * lock shuts the host out of the own meeting. Everything else is the engine's.
 */
import { hasHost } from '@huisclos/crypto/link'
import type { GroupEngine } from '@huisclos/crypto/mls'
import type { BridgeOptions, MeetingOptions } from './meeting-controls.ts'

type Holder = Pick<MeetingOptions, 'link' | 'hostSeed'> | BridgeOptions

/** Null where this person does not hold the room's host key, or nobody does. */
export const hostSeedOf = (holder: Holder): Uint8Array | null =>
  'link' in holder && holder.hostSeed && hasHost(holder.link) ? holder.hostSeed : null

export function engineFor(holder: Holder, engine: GroupEngine): GroupEngine {
  const hostSeed = hostSeedOf(holder)
  return hostSeed ? knockingAsHost(engine, hostSeed) : engine
}

function knockingAsHost(engine: GroupEngine, hostSeed: Uint8Array): GroupEngine {
  return {
    create: (a) => engine.create(a),
    keyPackage: (a) => engine.keyPackage({ ...a, roomSeed: hostSeed }),
    join: (welcome, expect) => engine.join(welcome, expect),
    inspect: (keyPackage) => engine.inspect(keyPackage),
    commit: (input) => engine.commit(input),
    confirm: () => engine.confirm(),
    discard: () => engine.discard(),
    process: (message) => engine.process(message),
    rollback: () => engine.rollback(),
    seal: (data) => engine.seal(data),
    sign: (label, data) => engine.sign(label, data),
    verify: (...asked) => engine.verify(...asked),
    close: () => engine.close(),
  }
}
