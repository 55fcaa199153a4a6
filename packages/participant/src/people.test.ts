import type { EpochView, MemberView } from '@huisclos/crypto/mls'
import { expect, test, vi } from 'vitest'
import { Chat } from './chat.ts'
import { Comparison } from './comparison.ts'
import { EpochNews } from './epoch-news.ts'
import { Journal } from './journal.ts'
import { signProfile } from './messages/profile.ts'
import { Profiles } from './profiles.ts'
import { SequenceTracker } from './sequence-tracker.ts'
import { reuse } from './view-reuse.ts'
import { ViewStore } from './view-store.ts'

const member = (leaf: number, pseudonym = `m${leaf}`, host = false): MemberView => ({
  leaf,
  pseudonym,
  host,
  signatureKey: new Uint8Array(32),
})
const view = (epoch: number, members: MemberView[], change: EpochView['change'] = null) =>
  ({
    epoch,
    self: 0,
    members,
    change,
    groupId: new Uint8Array(16),
    authenticator: new Uint8Array(64).fill(epoch),
  }) as unknown as EpochView

test('[ROS4] a gap in a member’s numbers is counted, a repeat dropped, and the first one starts the count', () => {
  const tracker = new SequenceTracker()
  expect(tracker.observe('a', 7)).toEqual({ fresh: true, missing: 0 })
  expect(tracker.observe('a', 8)).toEqual({ fresh: true, missing: 0 })
  expect(tracker.observe('a', 8)).toEqual({ fresh: false })
  expect(tracker.observe('a', 12)).toEqual({ fresh: true, missing: 3 })
  expect(tracker.last('a')).toBe(12)
  tracker.retain(new Set())
  expect(tracker.last('a')).toBe(0)
})

const sign = async (_label: string, data: Uint8Array) =>
  Uint8Array.from({ length: 64 }, (_, i) => data[i % data.length] ?? 0)
const verify = async (_leaf: number, label: string, data: Uint8Array, signature: Uint8Array) =>
  Buffer.from(await sign(label, data)).equals(signature)
const profile = (number: number, name: string) => ({
  number,
  name,
  hand: false,
  streams: [],
  records: null,
  consents: [],
})

test('[ROS4] profiles are kept when signed and newer, for the member that sits there', async () => {
  const profiles = new Profiles()
  const at = (leaf: number) => (leaf === 1 ? 'm1' : null)
  const first = await signProfile(profile(1, 'Bob'), 1, sign)
  const second = await signProfile(profile(2, 'Bobby'), 1, sign)
  expect(await profiles.accept(second, at, verify)).toBe(true)
  expect(await profiles.accept(first, at, verify)).toBe(false)
  expect(profiles.nameOf('m1')).toBe('Bobby')
  expect(await profiles.accept({ ...second, body: first.body }, at, verify)).toBe(false)
  expect(await profiles.accept(await signProfile(profile(3, 'Eve'), 9, sign), at, verify)).toBe(false)
  expect(profiles.signed([member(1)])).toEqual([second])
  profiles.retain(new Set())
  expect(profiles.of('m1')).toBe(null)
  expect(profiles.nameOf('m1')).toBe('Bobby')
})

test('[ROS4] a profile whose member left while it was checked is nobody’s', async () => {
  const profiles = new Profiles()
  let there = true
  const slow = async (...args: Parameters<typeof verify>) => {
    const valid = await verify(...args)
    there = false
    return valid
  }
  const at = () => (there ? 'm1' : 'm7')
  expect(await profiles.accept(await signProfile(profile(1, 'Bob'), 1, sign), at, slow)).toBe(false)
})

test('[ROS4] a line that is sent again is shown once, and an empty one not at all', () => {
  const chat = new Chat()
  const line = { id: 'x', leaf: 1, pseudonym: 'm1', text: ' hello ', at: 5 }
  expect(chat.receive(line)?.text).toBe('hello')
  expect(chat.receive({ ...line, pseudonym: 'm2' })).toBe(null)
  expect(chat.write({ ...line, id: 'y', text: ' \u202e ' })).toBe(null)
  chat.write({ ...line, id: 'z' })
  chat.settle('z', 'failed')
  expect(chat.lines.map(({ id, state }) => `${id} ${state}`)).toEqual(['x sent', 'z failed'])
})

test('[GRP7] the screen says left, lost or removed by whom, and tells newcomers by their name', () => {
  const journal = new Journal()
  const news = new EpochNews(journal)
  const names: Record<string, string> = { m0: 'Anna', m1: 'Bob', m2: 'Chloé', m3: 'Dan' }
  const nameOf = (pseudonym: string) => names[pseudonym] ?? ''
  const people = [member(0, 'm0', true), member(1), member(2), member(3)]
  news.epoch(view(1, people), 0, nameOf)
  const removed = [
    { leaf: 1, pseudonym: 'm1', why: 'left' as const },
    { leaf: 2, pseudonym: 'm2', why: 'gone' as const },
    { leaf: 3, pseudonym: 'm3', why: 'removed' as const },
  ]
  const change = { by: 0, added: [4], removed, contextChanged: false }
  expect(news.epoch(view(2, [member(0, 'm0', true), member(4)], change), 1, nameOf)).toEqual(['m4'])
  expect(journal.notices.map(({ kind, name, by }) => [kind, name, by])).toEqual([
    ['left', 'Bob', undefined],
    ['lost', 'Chloé', undefined],
    ['removed', 'Dan', 'Anna'],
  ])
  expect(news.removal).toEqual({ notice: journal.notices[2]?.id, epoch: 2 })
  names['m4'] = 'Eve'
  news.named(2, nameOf)
  news.named(3, nameOf)
  expect(journal.notices.slice(3)).toMatchObject([{ kind: 'joined', name: 'Eve' }])
})

test('[GRP10] who comes back to a leaf neither leaves nor joins', () => {
  const journal = new Journal()
  const news = new EpochNews(journal)
  news.epoch(view(1, [member(0), member(1)]), 0, () => 'Bob')
  const removed = [{ leaf: 1, pseudonym: 'm1', why: 'resumed' as const }]
  news.epoch(
    view(2, [member(0), member(1, 'again')], { by: 0, added: [1], removed, contextChanged: false }),
    1,
    () => 'Bob',
  )
  news.named(2, () => 'Bob')
  expect(journal.notices).toEqual([])
})

test('an alarm is raised once while it stands, and again after it was cleared', () => {
  const journal = new Journal()
  journal.alarm(1, 'member-unseen', 4)
  journal.alarm(2, 'member-unseen', 4)
  journal.alarm(3, 'member-unseen', 5)
  expect(journal.alarms.map(({ leaf }) => leaf)).toEqual([4, 5])
  journal.clear(({ leaf }) => leaf === 4)
  journal.alarm(4, 'member-unseen', 4)
  expect(journal.alarms.map(({ leaf }) => leaf)).toEqual([5, 4])
})

const compute = async (authenticator: Uint8Array) => ({
  words: { en: [], fr: [] },
  digits: String(authenticator[0]),
})

test('[ROS3] the code is the one of the epoch compared in, and stays until closed', async () => {
  const comparison = new Comparison(() => {}, compute)
  comparison.epoch(view(1, []), [])
  comparison.epoch(view(2, []), [])
  expect(await comparison.open(1, 'm1', 100)).toBe(true)
  comparison.epoch(view(3, []), ['m5'])
  expect(comparison.code).toMatchObject({ digits: '1', opened: true, by: 'm1' })
  expect(await comparison.open(1, 'm1', 100)).toBe(false)
  comparison.close()
  expect(comparison.code).toBe(null)
  comparison.epoch(view(4, []), ['m6'])
  expect(comparison.compared).toEqual({ at: 100, joined: ['m5', 'm6'] })
  expect(comparison.close()).toBe(false)
  comparison.void()
  expect(comparison.compared).toBe(null)
})

test('[GRP11] a code that is merely at hand goes with its epoch and never covers an open one', async () => {
  const comparison = new Comparison(() => {}, compute)
  comparison.epoch(view(1, []), [])
  await comparison.offer()
  expect(comparison.code).toMatchObject({ digits: '1', opened: false })
  comparison.epoch(view(2, []), [])
  expect(comparison.code).toBe(null)
  await comparison.open(2, 'm1', 5)
  await comparison.offer()
  expect(comparison.code).toMatchObject({ opened: true })
})

test('a snapshot keeps the parts that did not change', () => {
  class Track {}
  const track = new Track()
  const before = {
    people: [
      { name: 'a', track },
      { name: 'b', track },
    ],
    phase: { at: 'in' },
  }
  const after = reuse(before, {
    people: [
      { name: 'a', track },
      { name: 'c', track },
    ],
    phase: { at: 'in' },
  })
  expect(after).not.toBe(before)
  expect(after.phase).toBe(before.phase)
  expect(after.people[0]).toBe(before.people[0])
  expect(after.people[1]).toEqual({ name: 'c', track })
  expect(reuse(before, structuredClone({ phase: { at: 'in' }, people: [] }))).not.toBe(before)
  expect(reuse(before, { people: [...before.people], phase: { at: 'in' } })).toBe(before)
})

test('listeners hear of changes once a turn, and of none where nothing differs', async () => {
  let n = 1
  const store = new ViewStore(() => ({ n }))
  const heard = vi.fn()
  const stop = store.subscribe(heard)
  expect(store.view).toEqual({ n: 1 })
  store.changed()
  await Promise.resolve()
  expect(heard).not.toHaveBeenCalled()
  n = 2
  store.changed()
  store.changed()
  expect(store.view).toEqual({ n: 2 })
  await Promise.resolve()
  expect(heard).toHaveBeenCalledTimes(1)
  stop()
  n = 3
  store.changed()
  await Promise.resolve()
  expect(heard).toHaveBeenCalledTimes(1)
})
