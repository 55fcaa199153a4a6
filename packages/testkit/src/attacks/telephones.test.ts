/** Attacks on the door for telephones: bridges that nobody named, and orders to callers by whoever is no host. */
import { decodeBase64url, encodeBase64url } from '@huisclos/crypto/bytes'
import type { BridgeCard } from '@huisclos/crypto/link'
import { deriveGroupSecrets, deriveLinkSecrets, proveBridge } from '@huisclos/crypto/link'
import type { GroupEngine } from '@huisclos/crypto/mls'
import type { BridgeKey } from '@huisclos/crypto/seal'
import { bridgeKeyFromSeed, newBridgeSeed } from '@huisclos/crypto/seal'
import type { CallerOrder, MeetingView } from '@huisclos/participant'
import { Meeting } from '@huisclos/participant'
import { RoomId } from '@huisclos/protocol'
import { expect, onTestFinished, test } from 'vitest'
import { AttackWorld } from '../hostile/attack-world.ts'
import { BareClient } from '../hostile/bare-client.ts'
import { HostileMember } from '../hostile/hostile-member.ts'
import type { RenderedTrack } from '../hostile/sealed-media.ts'
import { SealedMedia } from '../hostile/sealed-media.ts'

const shown = { name: 'Cabinet Lune', number: '+33 1 84 88 00 00' }
const named = await bridgeKeyFromSeed(newBridgeSeed(), shown)
const other = await bridgeKeyFromSeed(newBridgeSeed(), shown)

/** Alice hosts, Bob is a guest; `bridge` is what the descriptor names. */
async function openScene(bridge: BridgeCard | null) {
  const world = await AttackWorld.open({ hosted: true, bridge })
  onTestFinished(() => world.close())
  const alice = await world.enter('Alice', { hostSeed: world.host.seed })
  const bob = await world.enter('Bob')
  return { world, alice, bob }
}

/** What a bridge that got hold of the meeting's keys does: it joins and announces a caller, proving by this key. */
async function bridgeEnters(world: AttackWorld, key: BridgeKey) {
  const { link, clock } = world
  const secrets = deriveLinkSecrets(link.secret, link.room)
  const client = await world.done(BareClient.open(world.connect()))
  const entered = await world.done(client.enter(RoomId.parse(link.room), encodeBase64url(secrets.access)))
  const group = decodeBase64url(entered.group?.id ?? '') ?? new Uint8Array()
  const orders: Pick<CallerOrder, 'do' | 'caller'>[] = []
  const media = new SealedMedia('Bridge', world.hub, clock)
  let pseudonym = ''
  const noting = (engine: GroupEngine): GroupEngine => {
    const join = engine.join.bind(engine)
    engine.join = async (...asked) => {
      const view = await join(...asked)
      pseudonym = view.members.find(({ leaf }) => leaf === view.self)?.pseudonym ?? ''
      return view
    }
    return engine
  }
  const meeting = new Meeting<RenderedTrack>(
    {
      grant: {
        ...deriveGroupSecrets(secrets.root, group),
        room: link.room,
        group,
        id: new Uint8Array(16),
        expiresAt: 0,
        hostKey: world.host.publicKey,
        serverKey: decodeBase64url(entered.serverKey) ?? new Uint8Array(),
        descriptorVersion: 1,
        lobby: false,
        recording: false,
        pin: '246813579',
      },
      ticket: secrets.access,
      name: shown.name,
      self: {
        prove: (place) => proveBridge(key.signSeed, place),
        ordered: (order) => orders.push(order),
        handsLowered: () => undefined,
      },
    },
    {
      connect: () => world.connect(),
      createGroup: () => world.engine({ around: noting }),
      media,
      clock,
      random: (sizeBytes) => crypto.getRandomValues(new Uint8Array(sizeBytes)),
    },
  )
  onTestFinished(() => meeting.farewell())
  await meeting.start()
  await clock.until(() => meeting.view.phase.at === 'in', 'the bridge is in')
  meeting.setCallers([{ id: 0, label: '+33 6 •• •• •• 42', hand: false, waiting: false }], 0)
  await meeting.publish('caller-0', { label: 'a caller', frames: [] })
  return { leaf: meeting.view.selfLeaf ?? -1, pseudonym, orders }
}

const callerOf = ({ people }: MeetingView<RenderedTrack>) =>
  people.flatMap(({ streams }) => streams).find(({ source }) => source === 'caller-0')
const bridgesOf = ({ people }: MeetingView<RenderedTrack>) => people.flatMap(({ bridge }) => bridge ?? [])

test('[TEL2][TEL3] control: the named bridge is seen as one, and its caller is heard', async () => {
  const { world, bob } = await openScene(named.card)
  await bridgeEnters(world, named)
  await bob.until((view) => callerOf(view)?.track != null, 'hears the caller')
  expect(bridgesOf(bob.view)).toMatchObject([{ runBy: 'Cabinet Lune', callers: [{ id: 0 }] }])
  expect(bob.alarms).toEqual([])
})

test('[TEL2] a bridge of another key enters under the named one’s name: false-bridge, and nothing of it is opened', async () => {
  const { world, alice, bob } = await openScene(named.card)
  await bridgeEnters(world, other)
  for (const person of [alice, bob]) {
    await person.until(() => person.alarms.includes('false-bridge'), 'is alarmed')
    await world.clock.advance(2_000)
    expect(bridgesOf(person.view)).toEqual([])
    expect(callerOf(person.view)?.track ?? null).toBeNull()
  }
})

test('[TEL2] a bridge enters a room whose descriptor forbids bridges: false-bridge, and nothing of it is opened', async () => {
  const { world, bob } = await openScene(null)
  await bridgeEnters(world, named)
  await bob.until(() => bob.alarms.includes('false-bridge'), 'is alarmed')
  await world.clock.advance(2_000)
  expect(bridgesOf(bob.view)).toEqual([])
  expect(callerOf(bob.view)?.track ?? null).toBeNull()
})

test('[TEL2] a host invites where no bridge is named, and a guest where one is: phones-off, not-host, and it ends there', async () => {
  const forbidden = await openScene(null)
  await expect(forbidden.alice.meeting.invitePhones()).rejects.toThrow('phones-off')
  const { bob } = await openScene(named.card)
  await expect(bob.meeting.invitePhones()).rejects.toThrow('not-host')
  expect(bob.view.phones).toMatchObject({ mayInvite: false, invitation: null })
})

test('[TEL3] a guest orders callers about, in messages that are authentic: nobody obeys', async () => {
  const { world, alice, bob } = await openScene(named.card)
  const { leaf, pseudonym, orders } = await bridgeEnters(world, named)
  await alice.until((view) => bridgesOf(view).length === 1, 'sees the bridge')
  expect(() => bob.meeting.orderCaller(leaf, 0, 'remove')).toThrow('not-host')
  const mallory = await HostileMember.enter(world)
  await mallory.say({ k: 'caller', do: 'remove', to: pseudonym, caller: 0 })
  await world.clock.advance(2_000)
  expect(orders).toEqual([])
  // The control: the same order by the host.
  alice.meeting.orderCaller(leaf, 0, 'remove')
  await world.clock.until(() => orders.length > 0, 'the host is obeyed')
  expect(orders).toEqual([{ do: 'remove', caller: 0 }])
})
