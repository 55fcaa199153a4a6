/** Hosts' orders among several clients, without a network: who is believed, and that all end at the same rules. */
import type { EpochView, MemberView } from '@huisclos/crypto/mls'
import { FakeClock, seeded } from '@huisclos/testkit'
import { expect, test } from 'vitest'
import type { HostMessage } from './host-word.ts'
import { HostWord } from './host-word.ts'
import type { Rules, RulesStamp } from './messages/host-order.ts'
import { isLater, NO_RULES } from './messages/host-order.ts'

const SIZE = 5
const pseudonymOf = (leaf: number): string => Buffer.alloc(16, leaf + 1).toString('base64url')
const member = (leaf: number, host: boolean): MemberView => ({
  leaf,
  pseudonym: pseudonymOf(leaf),
  signatureKey: new Uint8Array(),
  host,
})
const HOSTS = 3
const members = Array.from({ length: SIZE }, (_, leaf) => member(leaf, leaf < HOSTS))
const view = (self: number, epoch: number, added: number[] = []): EpochView =>
  ({
    groupId: new Uint8Array(16).fill(9),
    epoch,
    self,
    members,
    change: { by: 0, added, removed: [], contextChanged: false },
  }) as unknown as EpochView

interface Said {
  from: number
  epoch: number
  message: HostMessage
}

function clients(clock: FakeClock) {
  const said: Said[] = []
  const epochs: number[] = Array.from({ length: SIZE }, () => 1)
  const events: string[][] = Array.from({ length: SIZE }, () => [])
  const words = members.map(
    ({ leaf }) =>
      new HostWord({
        clock,
        connected: () => new Set(members.map((m) => m.leaf)),
        streamsOf: (pseudonym) => [
          {
            producer: 'p' as never,
            stream: pseudonym === pseudonymOf(4) ? 7 : 1,
            source: 'camera',
            muted: false,
          },
        ],
        say: async (message) => {
          said.push({ from: leaf, epoch: epochs[leaf] ?? 0, message })
          return true
        },
        on: {
          ordered: (what, by) => events[leaf]?.push(`${what} by ${by}`),
          rules: () => {},
          ended: (by) => events[leaf]?.push(`ended by ${by}`),
          missing: (by) => events[leaf]?.push(`missing ${by}`),
          shut: () => {},
        },
      }),
  )
  for (const [leaf, word] of words.entries()) word.epoch(view(leaf, 1))
  return { said, epochs, events, words }
}

const wordOf = (words: HostWord[], leaf: number): HostWord => words[leaf] as HostWord
const senderOf = (leaf: number): MemberView => members[leaf] as MemberView

test.each([1, 7, 4417, 90210, 123456])(
  '[HOST2] three hosts rule at once, messages are reordered and repeated: all end at the same rules, seed %i',
  async (seed) => {
    const random = seeded(seed)
    const clock = new FakeClock()
    const { said, epochs, words } = clients(clock)
    const wires: Said[][] = Array.from({ length: SIZE }, () => [])
    let seen = 0
    const post = () => {
      for (; seen < said.length; seen++) {
        const each = said[seen] as Said
        // Each receiver gets it once, sometimes twice, at any later time.
        for (const wire of wires) for (let i = random() < 0.3 ? 2 : 1; i > 0; i--) wire.push(each)
      }
    }
    const deliverOne = (to: number) => {
      const wire = wires[to] as Said[]
      const [each] = wire.splice(Math.floor(random() * wire.length), 1)
      if (each && each.from !== to) wordOf(words, to).heard(senderOf(each.from), each.epoch, each.message)
    }
    for (let step = 0; step < 300; step++) {
      const roll = random()
      if (roll < 0.25) {
        const host = wordOf(words, Math.floor(random() * HOSTS))
        host.issue({ chat: random() < 0.5, share: random() < 0.5, unmute: random() < 0.5 })
      } else if (roll < 0.3) {
        const epoch = Math.max(...epochs) + 1
        words.forEach((word, leaf) => {
          epochs[leaf] = epoch
          word.epoch(view(leaf, epoch, [4]))
        })
      } else deliverOne(Math.floor(random() * SIZE))
      post()
      await clock.advance(100)
    }
    for (let to = 0; to < SIZE; to++) while ((wires[to] as Said[]).length > 0) deliverOne(to)
    const [first, ...rest] = words.map(({ rules }) => rules)
    for (const rules of rest) expect(rules).toEqual(first)
    expect(first?.stamp.epoch).toBeGreaterThan(0)
  },
)

test('[HOST2] stamps are in one order everywhere: later epoch, higher count, greater pseudonym', () => {
  const stamps: RulesStamp[] = [1, 2].flatMap((epoch) =>
    [1, 2].flatMap((count) => [0, 1].map((leaf) => ({ epoch, count, by: pseudonymOf(leaf) }))),
  )
  for (const [i, a] of stamps.entries()) {
    for (const [j, b] of stamps.entries()) expect(isLater(a, b)).toBe(i > j)
  }
})

const rules = (stamp: RulesStamp, part: Partial<Rules> = {}): Rules => ({ ...NO_RULES, ...part, stamp })
const stampOf = (leaf: number, epoch = 1, count = 1): RulesStamp => ({ epoch, count, by: pseudonymOf(leaf) })

test('[HOST1] rules, orders and an end by a guest are nothing', async () => {
  const { words, events } = clients(new FakeClock())
  const guest = senderOf(3)
  for (const word of words) {
    word.heard(guest, 1, rules(stampOf(3), { chat: false }))
    word.heard(guest, 1, { k: 'order', do: 'mute', to: null, streams: [] })
    word.heard(guest, 1, { k: 'end' })
  }
  expect(words.slice(1).map((word) => word.rules.chat)).toEqual([true, true, true, true])
  expect(events.flat()).toEqual([])
})

test('[HOST2] a stamp of an epoch that has not come is refused: no host can outrank all later ones', () => {
  const { words } = clients(new FakeClock())
  wordOf(words, 4).heard(senderOf(0), 1, rules(stampOf(0, 900), { chat: false }))
  expect(wordOf(words, 4).rules).toEqual(NO_RULES)
  wordOf(words, 4).heard(senderOf(0), 1, rules(stampOf(0, 1), { chat: false }))
  expect(wordOf(words, 4).rules.chat).toBe(false)
})

test('[HOST4] an order names the person: it reaches that one, and not whoever sits on a leaf', () => {
  const { words, events } = clients(new FakeClock())
  for (const word of words)
    word.heard(senderOf(0), 1, { k: 'order', do: 'mute', to: pseudonymOf(4), streams: [] })
  expect(events.map((list) => list.length)).toEqual([0, 0, 0, 0, 1])
  for (const word of words) word.heard(senderOf(0), 1, { k: 'order', do: 'mute', to: null, streams: [] })
  expect(events.map((list) => list.length)).toEqual([0, 0, 0, 1, 2])
})

test('[HOST4] a stream that a host stopped stays shut for everybody; what is sent anew is seen', () => {
  const { words, said } = clients(new FakeClock())
  wordOf(words, 0).order('stop-camera', pseudonymOf(4))
  const order = said.at(-1)?.message
  expect(order).toMatchObject({ k: 'order', do: 'stop-camera', to: pseudonymOf(4), streams: [7] })
  for (const word of words.slice(1)) word.heard(senderOf(0), 1, order as HostMessage)
  for (const word of words) {
    expect(word.allows(senderOf(4), 'camera', 7)).toBe(false)
    expect(word.allows(senderOf(4), 'camera', 8)).toBe(true)
  }
})

test('[HOST3] what the rules forbid guests, hosts may; a speaker who was asked may unmute', () => {
  const { words } = clients(new FakeClock())
  const word = wordOf(words, 0)
  word.issue({ share: false, chat: false, unmute: false, speakers: [pseudonymOf(4)] })
  const may = (leaf: number) =>
    (['microphone', 'camera', 'screen', 'screen-audio'] as const).map((source) =>
      word.allows(senderOf(leaf), source, 1),
    )
  expect(may(1)).toEqual([true, true, true, true])
  expect(may(3)).toEqual([false, true, false, false])
  expect(may(4)).toEqual([true, true, false, false])
  expect([word.mayChat(senderOf(1)), word.mayChat(senderOf(3))]).toEqual([true, false])
})

test('[HOST5] a host’s heartbeat names rules that did not come: asked for, and said to be missing', async () => {
  const clock = new FakeClock()
  const { words, said, events } = clients(clock)
  const guest = wordOf(words, 4)
  for (let i = 0; i < 3; i++) {
    guest.named(senderOf(0), stampOf(0))
    await clock.advance(10_000)
  }
  expect(said.filter(({ message }) => message.k === 'rules-please').map(({ from }) => from)).toContain(4)
  expect(events[4]).toEqual([`missing ${pseudonymOf(0)}`])
})

test('[HOST5] newcomers hear the rules from the first host alone; from the next where it is silent', async () => {
  const clock = new FakeClock()
  const { words, said } = clients(clock)
  wordOf(words, 2).issue({ chat: false })
  for (const leaf of [0, 1]) wordOf(words, leaf).heard(senderOf(2), 1, said[0]?.message as HostMessage)
  said.length = 0
  for (const [leaf, word] of words.entries()) word.epoch(view(leaf, 2, [4]))
  await clock.advance(10)
  expect(said.map(({ from }) => from)).toEqual([0])
  await clock.advance(2_000)
  expect(said.map(({ from }) => from)).toEqual([0, 1])
  for (const leaf of [2]) wordOf(words, leaf).heard(senderOf(0), 2, said[0]?.message as HostMessage)
  await clock.advance(5_000)
  expect(said.map(({ from }) => from)).toEqual([0, 1])
})
