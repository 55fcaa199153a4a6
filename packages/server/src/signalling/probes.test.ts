/** Connection tests: how many, how long, what they may ask, and that they reach nobody. */
import { describe, expect, test } from 'vitest'
import { FakeClock } from '../../test/fake-clock.ts'
import { audioRtp, clientCapabilities, dtlsParameters } from '../../test/media-parameters.ts'
import { meet, putRoom, WireClient } from '../../test/wire-client.ts'
import { FakeSfu } from '../media/fake-sfu.ts'
import { startServer } from '../start-server.ts'
import type { BegunProbe } from './probes.ts'
import { Probes } from './probes.ts'

const PROBE = { t: 'probe' as const, id: 1, versions: [1] }

function desk(most = 4) {
  const sfu = new FakeSfu()
  const clock = new FakeClock()
  const probes = new Probes({ sfu, clock, most, mediaPorts: [40_000] })
  const ended: string[] = []
  const begin = (household: string) =>
    probes.begin(household, PROBE, { tell: () => undefined, over: (code) => ended.push(code) })
  return { sfu, probes, ended, begin, advance: (ms: number) => clock.advance(ms) }
}

const end = (begun: BegunProbe): void => {
  if (begun.ok) begun.aside.end()
}
const codes = (all: BegunProbe[]) => all.map((each) => (each.ok ? 'ok' : each.code))

describe('how many', () => {
  test('[SIG16] a household has half of them at once, the server its number, and ended ones make room', async () => {
    const { begin, probes, sfu } = desk()
    const own = [await begin('a'), await begin('a'), await begin('a')]
    expect(codes(own)).toEqual(['ok', 'ok', 'probe-busy'])
    expect(codes([await begin('b'), await begin('c'), await begin('d')])).toEqual(['ok', 'ok', 'probe-busy'])
    expect(probes.count).toBe(4)
    for (const begun of own) end(begun)
    for (const begun of own) end(begun)
    expect(probes.count).toBe(2)
    expect(sfu.rooms.size).toBe(2)
    expect(codes([await begin('d')])).toEqual(['ok'])
  })

  test('[SIG16] a household that asks over and over is refused until a while has passed', async () => {
    const { begin, advance } = desk()
    const ask = async () => {
      const begun = await begin('a')
      end(begun)
      return begun.ok
    }
    const answers: boolean[] = []
    for (let i = 0; i < 30; i += 1) answers.push(await ask())
    expect(answers.filter(Boolean)).toHaveLength(20)
    expect((await begin('b')).ok).toBe(true)
    advance(2_000)
    expect([await ask(), await ask()]).toEqual([true, false])
  })

  test('[SIG16] none where they are turned off, and one that could not begin takes no place', async () => {
    expect(codes([await desk(0).begin('a')])).toEqual(['probe-busy'])
    const { begin, probes, sfu } = desk()
    await sfu.close()
    await expect(begin('a')).rejects.toThrow('media-unavailable')
    expect(probes.count).toBe(0)
  })
})

describe('how long', () => {
  test('[SIG16] its time ends after 20 s, and a dead worker ends it at once', async () => {
    const { begin, ended, advance, sfu } = desk()
    await begin('a')
    advance(19_999)
    expect(ended).toEqual([])
    advance(1)
    expect(ended).toEqual(['probe-over'])
    const [room] = [...sfu.rooms]
    if (room) sfu.loseWorker(room)
    expect(ended).toEqual(['probe-over', 'media-unavailable'])
  })
})

const receive = async (client: WireClient) => {
  const { transport } = await client.ok('media.transport', { t: 'media.transport', direction: 'receive' })
  await client.ok('media.receive', { t: 'media.receive', transport, rtp: clientCapabilities() })
}
const produce = async (client: WireClient) => {
  const { transport } = await client.ok('media.transport', { t: 'media.transport', direction: 'send' })
  await client.ok('media.connect', { t: 'media.connect', transport, dtls: dtlsParameters() })
  const body = { t: 'media.produce' as const, transport, kind: 'audio' as const, paused: false }
  return { transport, ask: () => client.ask('media.produce', { ...body, rtp: audioRtp() }) }
}
const begin = (client: WireClient) => client.ask('probe', { t: 'probe', versions: [1] })

describe('over a socket', () => {
  test('[SIG16] what a test sends comes back to it and to nobody else, two streams at most', async () => {
    await using served = await serve()
    const { members } = await meet(served.url, 2)
    for (const member of members) await receive(member)
    const [one, other] = [await WireClient.open(served.url), await WireClient.open(served.url)]
    for (const client of [one, other]) {
      expect((await begin(client)).ok).toBe(true)
      await receive(client)
    }
    const sender = await produce(one)
    const made = [await sender.ask(), await sender.ask(), await sender.ask()]
    expect(made.map((reply) => (reply.ok ? 'ok' : reply.code))).toEqual(['ok', 'ok', 'media-refused'])
    const consumer = await one.event('media.consumer')
    await one.ok('media.want', { t: 'media.want', consumer: consumer.consumer, paused: false })
    await one.until(() => one.of('media.consumer').length === 2, 'both come back')
    expect(one.events.map(({ seq }) => seq)).toEqual([1, 2])
    for (const client of [other, ...members]) expect(client.of('media.consumer')).toEqual([])
  })

  test('[SIG16] a test is no session: no group, no room, no second test on its socket', async () => {
    await using served = await serve()
    const room = await putRoom(served.url)
    const client = await WireClient.open(served.url)
    await begin(client)
    const hello = { t: 'hello' as const, versions: [1], room: room.id, access: room.access }
    expect(await client.ask('hello', hello)).toEqual({ ok: false, code: 'bad-message' })
    expect(await begin(client)).toEqual({ ok: false, code: 'bad-message' })
    const { group, members } = await meet(served.url, 1)
    expect(await client.ask('group.knock', { t: 'group.knock', group, keyPackage: 'AAAA' })).toEqual({
      ok: false,
      code: 'not-seated',
    })
    const sender = await produce(members[0] as WireClient)
    const foreign = { t: 'media.connect' as const, transport: sender.transport, dtls: dtlsParameters() }
    expect(await client.ask('media.connect', foreign)).toEqual({ ok: false, code: 'unknown-target' })
  })

  test('[SIG16] transports are few, a version must be shared, and who enters a room cannot test on that socket', async () => {
    await using served = await serve()
    const client = await WireClient.open(served.url)
    await begin(client)
    const ask = () => client.ask('media.transport', { t: 'media.transport', direction: 'send' })
    const made = []
    for (let i = 0; i < 9; i += 1) made.push((await ask()).ok)
    expect(made.filter(Boolean)).toHaveLength(8)
    const old = await WireClient.open(served.url)
    expect(await old.ask('probe', { t: 'probe', versions: [99] })).toEqual({
      ok: false,
      code: 'version-unsupported',
    })
    await old.gone()
    const guest = await WireClient.enter(served.url, await putRoom(served.url))
    expect(await begin(guest)).toEqual({ ok: false, code: 'bad-message' })
  })

  test('[SIG16] its media ends with its socket, and one beyond the number is sent away', async () => {
    await using served = await serve(2)
    const client = await WireClient.open(served.url)
    await begin(client)
    expect(served.fakeSfu?.rooms.size).toBe(1)
    const late = await WireClient.open(served.url)
    expect(await begin(late)).toEqual({ ok: false, code: 'probe-busy' })
    await late.gone()
    expect(late.goodbye).toBe('probe-busy')
    client.drop()
    await expect.poll(() => served.fakeSfu?.rooms.size).toBe(0)
    expect((await begin(await WireClient.open(served.url))).ok).toBe(true)
  })
})

async function serve(probes = 8) {
  const server = await startServer({ sfu: 'fake', port: 0, logLevel: 'silent', probes })
  return Object.assign(server, { [Symbol.asyncDispose]: () => server.close() })
}
