import type { Entered, RoomId, ServerFrame } from '@huisclos/protocol'
import { FakeClock } from '@huisclos/testkit'
import { expect, test } from 'vitest'
import type { NetworkChange, Socket } from './ports.ts'
import { SignallingClient } from './signalling-client.ts'

const ENTERED = {
  version: 1,
  peer: 'p'.repeat(22),
  token: 't'.repeat(43),
  serverKey: 'k'.repeat(43),
  descriptor: null,
  group: null,
  peers: [],
  routerRtp: {},
  recording: null,
} as unknown as Entered

class Wire implements Socket {
  readonly sent: { t: string; id: number; [key: string]: unknown }[] = []
  readonly bufferedAmount = 0
  closed = false
  onopen: (() => void) | null = null
  onmessage: ((text: string) => void) | null = null
  onclose: (() => void) | null = null
  send(text: string): void {
    this.sent.push(JSON.parse(text))
  }
  close(): void {
    this.closed = true
  }
  say(frame: ServerFrame | { [key: string]: unknown }): void {
    this.onmessage?.(JSON.stringify(frame))
  }
  get last() {
    return this.sent.at(-1)!
  }
}

function setUp() {
  const clock = new FakeClock()
  const wires: Wire[] = []
  const log: string[] = []
  const network: { change: ((how: NetworkChange) => void) | null } = { change: null }
  const client = new SignallingClient({
    watchNetwork: (changed) => {
      network.change = changed
      return () => {
        network.change = null
      }
    },
    connect: () => {
      const wire = new Wire()
      wires.push(wire)
      return wire
    },
    clock,
    random: (size) => new Uint8Array(size),
    room: 'abcdefghijklmnop' as RoomId,
    access: 'a'.repeat(43),
    on: {
      entered: () => log.push('entered'),
      event: (event) => log.push(`${event.t} ${event.seq}`),
      lost: () => log.push('lost'),
      resumed: (awayMs) => log.push(`resumed after ${awayMs}`),
      sessionLost: () => log.push('session lost'),
      roomUnknown: () => log.push('room unknown'),
      refused: (code) => log.push(`refused ${code}`),
    },
  })
  const enter = () => {
    const wire = wires.at(-1)!
    wire.onopen?.()
    wire.say({ t: 'ok', re: wire.last.id, result: ENTERED })
    return wire
  }
  client.start()
  return { clock, wires, log, client, network, enter, wire: () => wires.at(-1)! }
}
const peers = (seq: number) => ({ t: 'room.peers', seq, peers: [] })

test('[LINK2] enters with access alone, and events of the same packet come after', () => {
  const { enter, log, wires } = setUp()
  const wire = enter()
  wire.say(peers(1))
  expect(wires[0]?.sent).toEqual([
    { t: 'hello', id: 1, versions: [1], room: 'abcdefghijklmnop', access: 'a'.repeat(43) },
  ])
  expect(log).toEqual(['entered', 'room.peers 1'])
})

test('[ORD4] after a cut it resumes, names what it has seen and asks again under the same number', async () => {
  const { clock, client, enter, log, wire } = setUp()
  const first = enter()
  first.say(peers(1))
  const answer = client.ask({ t: 'group.ready', group: 'g'.repeat(22) as never, epoch: 3 })
  const asked = first.last
  first.onclose?.()
  await clock.advance(1_000)
  const second = wire()
  expect(second).not.toBe(first)
  second.onopen?.()
  expect(second.last).toMatchObject({ t: 'resume', token: ENTERED.token, seen: 1 })
  second.say({ t: 'ok', re: second.last.id, result: { peer: ENTERED.peer, lastSeq: 2 } })
  expect(second.last).toEqual(asked)
  second.say(peers(1))
  second.say(peers(2))
  second.say({ t: 'ok', re: asked.id, result: {} })
  await expect(answer).resolves.toEqual({})
  expect(log).toEqual(['entered', 'room.peers 1', 'lost', 'resumed after 1000', 'room.peers 2'])
})

test('[ORD4] a session that the server forgot: requests fail, and a new one begins', async () => {
  const { clock, client, enter, log, wire } = setUp()
  const first = enter()
  const answer = client.ask({ t: 'leave' })
  first.onclose?.()
  await clock.advance(1_000)
  const second = wire()
  second.onopen?.()
  second.say({ t: 'error', re: second.last.id, code: 'session-unknown' })
  await expect(answer).rejects.toMatchObject({ code: 'session-lost' })
  await clock.advance(10)
  expect(enter().sent[0]?.t).toBe('hello')
  expect(log).toEqual(['entered', 'lost', 'session lost', 'entered'])
})

test('a hole in the events is never passed over: the session is taken up again', async () => {
  const { clock, enter, log, wire } = setUp()
  const first = enter()
  first.say(peers(2))
  expect(first.closed).toBe(true)
  await clock.advance(1_000)
  wire().onopen?.()
  expect(wire().last).toMatchObject({ t: 'resume', seen: 0 })
  expect(log).toEqual(['entered', 'lost'])
})

test('a socket that says nothing is given up: after hello, and after a ping', async () => {
  const { clock, enter, log, wires, wire } = setUp()
  await clock.advance(10_100)
  expect(wires.length).toBe(2)
  const second = enter()
  await clock.advance(5_000)
  expect(second.last.t).toBe('ping')
  second.say({ t: 'ok', re: second.last.id, result: {} })
  await clock.advance(5_000)
  expect(second.last).toMatchObject({ t: 'ping', seen: 0 })
  await clock.advance(10_500)
  expect(wire()).not.toBe(second)
  expect(log).toEqual(['entered', 'lost'])
})

test('[LINK4] what the server will not have ends it', async () => {
  const { clock, log, wires, wire } = setUp()
  wire().onopen?.()
  wire().say({ t: 'error', re: 1, code: 'access-refused' })
  await clock.advance(60_000)
  expect(log).toEqual(['refused access-refused'])
  expect(wires.length).toBe(1)
})

test('an unknown room is asked for again every three seconds', async () => {
  const { clock, log, wires, wire } = setUp()
  wire().onopen?.()
  wire().say({ t: 'error', re: 1, code: 'room-unknown' })
  await clock.advance(2_900)
  expect(wires.length).toBe(1)
  await clock.advance(200)
  expect(wires.length).toBe(2)
  expect(log).toEqual(['room unknown'])
})

test('answers that are not what was asked for are refused, and garbage is passed over', async () => {
  const { client, enter } = setUp()
  const wire = enter()
  const answer = client.ask({ t: 'group.refetch', group: 'g'.repeat(22) as never, epoch: 3 })
  wire.onmessage?.('{')
  wire.say({ t: 'ok', re: wire.last.id, result: { commit: '!' } })
  await expect(answer).rejects.toMatchObject({ code: 'bad-message' })
})

test('[ORD4] a farewell leaves at once, without waiting for an answer', () => {
  const { client, enter } = setUp()
  const wire = enter()
  expect(client.blurt([{ t: 'leave' }])).toBe(true)
  expect(wire.last.t).toBe('leave')
  client.close()
  expect(wire.closed).toBe(true)
  expect(client.blurt([{ t: 'leave' }])).toBe(false)
})

test('[SIG6] when the network is back, a new socket takes the session up without waiting for the old one', async () => {
  const { clock, enter, network, wires, log } = setUp()
  const first = enter()
  network.change?.('back')
  await clock.advance(1)
  expect(wires).toHaveLength(2)
  expect(first.closed).toBe(true)
  wires[1]?.onopen?.()
  expect(wires[1]?.last).toMatchObject({ t: 'resume' })
  expect(log).toEqual(['entered', 'lost'])
})

test('[SIG6] a network that comes back ends the pause between tries, and a try over the former one', async () => {
  const { clock, enter, network, wires, wire } = setUp()
  enter()
  for (let tries = 0; tries < 8; tries++) {
    wire().onclose?.()
    await clock.advance(tries < 7 ? 5_000 : 1)
  }
  const before = wires.length
  network.change?.('back')
  await clock.advance(1)
  expect(wires).toHaveLength(before + 1)
  network.change?.('back')
  await clock.advance(1)
  expect(wires).toHaveLength(before + 2)
  expect(wires.at(-2)?.closed).toBe(true)
})

test('[SIG6] after a change of path the socket is asked, and given up when it does not answer soon', async () => {
  const { clock, enter, network, wires, wire, log } = setUp()
  const first = enter()
  network.change?.('changed')
  expect(first.last).toMatchObject({ t: 'ping' })
  first.say({ t: 'ok', re: first.last.id, result: {} })
  await clock.advance(4_000)
  expect(wires).toHaveLength(1)
  network.change?.('changed')
  network.change?.('changed')
  expect(first.sent.filter(({ t }) => t === 'ping')).toHaveLength(2)
  await clock.advance(1_600)
  expect(wires).toHaveLength(2)
  expect(log).toEqual(['entered', 'lost'])
  expect(wire()).not.toBe(first)
})

test('[SIG6] tries to come back are short, except some: a first packet lost is sent again late', async () => {
  const { clock, enter, wires, wire } = setUp()
  enter()
  wire().onclose?.()
  await clock.advance(100)
  expect(wires).toHaveLength(2)
  await clock.advance(3_500)
  expect(wires).toHaveLength(3)
})

test('whoever has left hears nothing of the network', async () => {
  const { clock, client, enter, network, wires } = setUp()
  enter()
  client.close()
  expect(network.change).toBe(null)
  await clock.advance(10_000)
  expect(wires).toHaveLength(1)
})
