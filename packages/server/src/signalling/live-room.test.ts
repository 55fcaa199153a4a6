import { generateKeyPairSync } from 'node:crypto'
import type { ErrorCode } from '@huisclos/protocol'
import { PeerId } from '@huisclos/protocol'
import { beforeEach, describe, expect, test } from 'vitest'
import { FakeClock } from '../../test/fake-clock.ts'
import { b64, newGroupId, newRoomId } from '../../test/wire-client.ts'
import { FakeSfu } from '../media/fake-sfu.ts'
import { createMetrics } from '../observe/metrics.ts'
import { Bridges } from './bridges.ts'
import { LiveRoom } from './live-room.ts'
import { OUTBOX_LIMITS } from './outbox.ts'
import { SessionLimits } from './rate-limit.ts'
import type { Carrier } from './session.ts'
import { Session } from './session.ts'

let clock: FakeClock
let room: LiveRoom
let faults: unknown[]
let rested: number
const group = newGroupId()
const { privateKey } = generateKeyPairSync('ed25519')

beforeEach(() => {
  clock = new FakeClock()
  faults = []
  rested = 0
  room = new LiveRoom({
    id: newRoomId(),
    bridges: new Bridges(clock),
    clock,
    sfu: new FakeSfu(),
    metrics: createMetrics(),
    serverKey: privateKey,
    ownerHash: new Uint8Array(32),
    recorder: null,
    onFault: (error) => faults.push(error),
    onRest: () => {
      rested += 1
    },
  })
})

/** Reads everything at once, or nothing at all. */
class TestCarrier implements Carrier {
  readonly texts: string[] = []
  closed: ErrorCode | null | 'open' = 'open'
  session: Session | null = null
  reads = true
  pump(): void {
    if (!this.reads || this.session === null) return
    for (let text = this.session.outbox.next(); text !== null; text = this.session.outbox.next())
      this.texts.push(text)
  }
  send(text: string): void {
    this.texts.push(text)
  }
  close(code: ErrorCode | null): void {
    this.closed = code
  }
}

function enter(): { session: Session; carrier: TestCarrier } {
  const session = new Session({
    peer: PeerId.parse(b64(16)),
    room,
    tokenHash: b64(32),
    limits: new SessionLimits(clock.now()),
    onEnd: () => undefined,
  })
  room.enter(session, 'person')
  const carrier = new TestCarrier()
  carrier.session = session
  session.attach(carrier)
  return { session, carrier }
}

type Body = Parameters<LiveRoom['request']>[1]
function ask(session: Session, request: Body): ErrorCode | 'ok' {
  let said: ErrorCode | 'ok' | null = null
  room.request(session.peer, request, (answer) => {
    said = answer.ok ? 'ok' : answer.code
  })
  if (said === null) throw new Error('no answer')
  return said
}

function pair() {
  const ann = enter()
  ask(ann.session, { t: 'group.create', id: 1, group })
  const bob = enter()
  ask(bob.session, { t: 'group.knock', id: 1, group, keyPackage: b64(10) })
  const joins = [{ peer: bob.session.peer, leaf: 1 }]
  ask(ann.session, {
    t: 'group.commit',
    id: 2,
    group,
    epoch: 0,
    commit: b64(9),
    welcome: b64(9),
    joins,
    leaves: [],
  })
  return { ann, bob }
}

describe('a client that falls behind', () => {
  test('[SIG7] one that reads but never acknowledges is dropped at the bound; its seat waits 120 s', async () => {
    const { ann, bob } = pair()
    const body = 'A'.repeat(80_000)
    let sent = 0
    while (!bob.session.ended && sent < 1_000) {
      clock.advance(1_000)
      ann.session.outbox.acknowledge(ann.session.outbox.lastSeq)
      if (ask(ann.session, { t: 'group.app', id: 3, group, epoch: 1, body }) === 'ok') sent += 1
    }
    expect(bob.carrier.closed).toBe('slow-reader')
    expect(sent * body.length).toBeGreaterThan(OUTBOX_LIMITS.chars * 0.9)
    expect(sent * body.length).toBeLessThan(OUTBOX_LIMITS.chars * 1.1)
    await Promise.resolve()
    expect(room.isSeated(bob.session.peer)).toBe(true)
    clock.advance(121_000)
    expect(room.isSeated(bob.session.peer)).toBe(false)
    expect(ann.carrier.texts.some((t) => t.includes('"group.gone"'))).toBe(true)
    expect(faults).toEqual([])
  })

  test('[SIG7] one that is away is kept, up to the same bound', async () => {
    const { ann, bob } = pair()
    bob.session.detach(bob.carrier)
    for (let i = 0; i < 100; i += 1) {
      clock.advance(1_000)
      ask(ann.session, { t: 'group.app', id: 3, group, epoch: 1, body: b64(50) })
    }
    expect(bob.session.ended).toBe(false)
    expect(bob.session.outbox.lastSeq).toBeGreaterThan(100)
  })
})

describe('sessions and sockets', () => {
  test('[SIG6] a session taken over by another socket lets the first go and does not count as lost', () => {
    const { bob } = pair()
    const second = new TestCarrier()
    second.session = bob.session
    bob.session.attach(second)
    expect(bob.carrier.closed).toBeNull()
    bob.session.detach(bob.carrier)
    clock.advance(200_000)
    expect(room.isSeated(bob.session.peer)).toBe(true)
  })

  test('[SIG9] when all have gone the room asks to rest', () => {
    const { ann, bob } = pair()
    ask(ann.session, { t: 'leave', id: 9 })
    ask(bob.session, { t: 'leave', id: 9 })
    clock.advance(59_000)
    expect(rested).toBe(0)
    clock.advance(2_000)
    expect(rested).toBe(1)
  })

  test('[SIG1] a defect ends this room with server-fault and is reported', () => {
    const { ann } = pair()
    const broken = new Session({
      peer: ann.session.peer,
      room,
      tokenHash: b64(32),
      limits: new SessionLimits(0),
      onEnd: () => undefined,
    })
    room.enter(broken, 'person')
    expect(faults).toHaveLength(1)
    expect(rested).toBe(1)
  })
})
