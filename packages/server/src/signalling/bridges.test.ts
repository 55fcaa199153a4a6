/** Telephone bridges at the server: who gets a grant, what a ticket opens, and what is refused. */
import type { ServerFrame } from '@huisclos/protocol'
import { describe, expect, test } from 'vitest'
import { FakeClock } from '../../test/fake-clock.ts'
import { b64, letIn, meet, newGroupId, putRoom, sha256, WireClient } from '../../test/wire-client.ts'
import { startServer } from '../start-server.ts'
import type { BegunAside } from './aside.ts'
import { BridgeTickets } from './bridge-tickets.ts'
import { Bridges } from './bridges.ts'

async function serve(clock?: FakeClock) {
  const server = await startServer({ sfu: 'fake', port: 0, logLevel: 'silent', ...(clock && { clock }) })
  return Object.assign(server, { [Symbol.asyncDispose]: () => server.close() })
}

/** A bridge at its mailbox. */
async function listen(url: string, door = b64(32)) {
  const client = await WireClient.open(url)
  await client.ok('bridge.listen', { t: 'bridge.listen', versions: [1], door })
  const offers = () => client.offers
  const answer = (offer: number, taken: boolean) =>
    client.ok('bridge.answer', { t: 'bridge.answer', offer, taken })
  return { client, offers, answer, mailbox: sha256(door) }
}

type Bridge = Awaited<ReturnType<typeof listen>>

async function invited(bridge: Bridge, host: WireClient, group: ReturnType<typeof newGroupId>, taken = true) {
  const grant = b64(200)
  const at = bridge.offers().length
  const asked = host.ask('bridge.invite', { t: 'bridge.invite', group, mailbox: bridge.mailbox, grant })
  await bridge.client.until(() => bridge.offers().length > at, 'an offer')
  const offer = bridge.offers()[at]
  if (!offer) throw new Error('no offer')
  await bridge.answer(offer.offer, taken)
  return { offer, grant, reply: await asked }
}

describe('over a socket', () => {
  test('[TEL9] a member’s grant reaches the bridge as it is, and its ticket opens that room', async () => {
    await using served = await serve()
    const { room, group, members } = await meet(served.url, 2)
    const bridge = await listen(served.url)
    const { offer, grant, reply } = await invited(bridge, members[0] as WireClient, group)
    expect(reply).toEqual({ ok: true, result: {} })
    expect(offer).toMatchObject({ room: room.id, group, grant })
    const joined = await WireClient.enter(served.url, { ...room, access: offer.ticket })
    expect(joined.entered?.group?.id).toBe(group)
    const elsewhere = await putRoom(served.url)
    await expect(WireClient.enter(served.url, { ...elsewhere, access: offer.ticket })).rejects.toThrow(
      'access-refused',
    )
  })

  test('[TEL10] who came by ticket and is lost is warranted away after 20 s; control: who came by the link is not', async () => {
    const clock = new FakeClock()
    await using served = await serve(clock)
    const { room, group, members } = await meet(served.url, 2)
    const [host, guest] = members as [WireClient, WireClient]
    const bridge = await listen(served.url)
    const { offer } = await invited(bridge, host, group)
    const joined = await WireClient.enter(served.url, { ...room, access: offer.ticket })
    await letIn({ group, host, guest: joined, leaf: 2, epoch: 1 })
    const lost = () =>
      host
        .of('room.peers')
        .at(-1)
        ?.peers.filter(({ connected }) => !connected).length === 2
    for (const gone of [joined, guest]) gone.drop()
    while (!lost()) {
      clock.advance(10)
      await host.settle()
    }
    clock.advance(20_000)
    await host.until(() => host.of('group.gone').length > 0, 'a warrant')
    expect(host.of('group.gone')).toMatchObject([{ group, epoch: 2, leaf: 2 }])
  })

  test('[TEL9] a ticket ends with its meeting, and one that was not taken is none', async () => {
    await using served = await serve()
    const { room, group, members } = await meet(served.url, 1)
    const [host] = members as [WireClient]
    const bridge = await listen(served.url)
    const refused = await invited(bridge, host, group, false)
    expect(refused.reply).toEqual({ ok: false, code: 'bridge-refused' })
    const enter = (access: string) => WireClient.enter(served.url, { ...room, access })
    await expect(enter(refused.offer.ticket)).rejects.toThrow('access-refused')
    const { offer } = await invited(bridge, host, group)
    await host.ok('leave', { t: 'leave' })
    const next = await WireClient.enter(served.url, room)
    await bridge.client.until(() => bridge.client.overs.length === 1, 'the end')
    expect(bridge.client.overs).toEqual([{ t: 'bridge.over', room: room.id, group }])
    await next.ok('group.create', { t: 'group.create', group: newGroupId() })
    await expect(enter(offer.ticket)).rejects.toThrow('access-refused')
  })

  test('[TEL9] only members invite, to their own meeting, and nobody is away in silence', async () => {
    await using served = await serve()
    const { room, group, members } = await meet(served.url, 1)
    const [host] = members as [WireClient]
    const bridge = await listen(served.url)
    const body = { t: 'bridge.invite' as const, group, mailbox: bridge.mailbox, grant: b64(9) }
    const guest = await WireClient.enter(served.url, room)
    expect(await guest.ask('bridge.invite', body)).toEqual({ ok: false, code: 'not-seated' })
    const other = { ...body, group: newGroupId() }
    expect(await host.ask('bridge.invite', other)).toEqual({ ok: false, code: 'group-unknown' })
    const nobody = { ...body, mailbox: b64(32) }
    expect(await host.ask('bridge.invite', nobody)).toEqual({ ok: false, code: 'bridge-away' })
    const asked = host.ask('bridge.invite', body)
    await bridge.client.until(() => bridge.offers().length === 1, 'an offer')
    bridge.client.drop()
    expect(await asked).toEqual({ ok: false, code: 'bridge-away' })
  })

  test('[TEL9] who knows a mailbox and not its door gets nothing from it; the newest line has it', async () => {
    await using served = await serve()
    const { group, members } = await meet(served.url, 1)
    const door = b64(32)
    const first = await listen(served.url, door)
    const thief = await listen(served.url, first.mailbox)
    await invited(first, members[0] as WireClient, group)
    expect(thief.offers()).toEqual([])
    const second = await listen(served.url, door)
    await first.client.gone()
    expect(first.client.goodbye).toBe('bridge-replaced')
    await invited(second, members[0] as WireClient, group)
    expect(first.offers()).toHaveLength(1)
  })

  test('[TEL9] a line is no session, and a session is no line', async () => {
    await using served = await serve()
    const { group, members } = await meet(served.url, 1)
    const bridge = await listen(served.url)
    const invite = { t: 'bridge.invite' as const, group, mailbox: bridge.mailbox, grant: b64(9) }
    expect(await bridge.client.ask('bridge.invite', invite)).toEqual({ ok: false, code: 'not-seated' })
    const answer = { t: 'bridge.answer' as const, offer: 1, taken: true }
    expect(await members[0]?.ask('bridge.answer', answer)).toEqual({ ok: false, code: 'not-ready' })
    const big = { ...invite, grant: b64(4097) }
    expect(await members[0]?.ask('bridge.invite', big)).toEqual({ ok: false, code: 'bad-message' })
  })
})

describe('limits', () => {
  const quiet = { tell: () => undefined, over: () => undefined }
  const open = (bridges: Bridges): BegunAside =>
    bridges.listen({ t: 'bridge.listen', id: 1, versions: [1], door: b64(32) }, quiet)

  test('[TEL9] so many lines, and a bridge that does not answer is away after 8 s', async () => {
    const clock = new FakeClock()
    const bridges = new Bridges(clock)
    const lines = Array.from({ length: 65 }, () => open(bridges))
    expect(lines.map(({ ok }) => ok)).toEqual([...Array<boolean>(64).fill(true), false])
    const [line] = lines
    if (line?.ok) line.aside.end()
    expect(open(bridges).ok).toBe(true)

    const door = b64(32)
    const told: ServerFrame[] = []
    bridges.listen({ t: 'bridge.listen', id: 1, versions: [99], door }, quiet)
    if (line?.ok) line.aside.end()
    const other = new Bridges(clock)
    const socket = { tell: (text: string) => told.push(JSON.parse(text)), over: () => undefined }
    other.listen({ t: 'bridge.listen', id: 1, versions: [1], door }, socket)
    const { id: room } = { id: 'aaaaaaaaaaaaaaaa' } as unknown as {
      id: Parameters<Bridges['offer']>[1]['room']
    }
    const offered = other.offer(sha256(door), { room, group: newGroupId(), ticket: b64(32), grant: b64(9) })
    clock.advance(7_999)
    expect(told).toHaveLength(1)
    clock.advance(1)
    expect(await offered).toBe('bridge-away')
  })

  test('[TEL9] so many invitations in a row, and so many tickets for a meeting', () => {
    const group = newGroupId()
    const tickets = new BridgeTickets(0)
    const issued = Array.from({ length: 9 }, () => tickets.issue(group, 'm', 0))
    expect(issued.map((ticket) => ticket !== null)).toEqual([...Array<boolean>(8).fill(true), false])
    const more = Array.from({ length: 10 }, (_, i) => tickets.issue(group, 'm', (i + 1) * 10_000))
    expect(more.filter((ticket) => ticket !== null)).toHaveLength(8)
    const [first] = issued
    expect(first && tickets.admits(first, group)).toBe(true)
    expect(first && tickets.admits(first, newGroupId())).toBe(false)
    expect(first && tickets.admits(first, null)).toBe(false)
    expect(tickets.forgetBut(group)).toEqual([])
    expect(tickets.forgetBut(newGroupId())).toEqual([expect.objectContaining({ group, mailbox: 'm' })])
    expect(first && tickets.admits(first, group)).toBe(false)
    expect(tickets.issue(newGroupId(), 'm', 200_000)).not.toBeNull()
  })
})
