/** Seeded disorder: whatever happens in whatever order, the room keeps its promises (ORD1–3, SIG10, KEY4). */
import type { EventBody, PeerId } from '@huisclos/protocol'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { bytes, hashOf, peerId, RoomRig, recordingId } from '../../test/room-rig.ts'
import type { RoomAction } from './room-action.ts'
import type { Group } from './room-state.ts'

const NAMES = ['ann', 'bob', 'cy', 'dee', 'eve', 'fay']
const KINDS = [
  'enter',
  'lost',
  'back',
  'leave',
  'create',
  'knock',
  'knock',
  'commit',
  'commit',
  'commit',
  'remove',
  'clear',
  'admit',
  'admit',
  'admit',
  'say',
  'ready',
  'refuse',
  'refetch',
  'wait',
  'record',
  'stop recording',
  'yes',
  'yes',
  'no',
] as const
interface Deed {
  kind: (typeof KINDS)[number]
  who: number
  whom: number
  shift: number
  ms: number
}
const deed: fc.Arbitrary<Deed> = fc.record({
  kind: fc.constantFrom(...KINDS),
  who: fc.nat(NAMES.length - 1),
  whom: fc.nat(NAMES.length - 1),
  shift: fc.constantFrom(0, 0, 0, 0, -1, 1, 5),
  ms: fc.constantFrom(0, 10, 300, 1_500, 31_000, 121_000),
})

/** What each happening brought, and who sat before it. */
interface Turned {
  actions: RoomAction[]
  before: Set<PeerId>
}

class Disorder {
  readonly rig = new RoomRig()
  readonly standing = new Map<number, string>()
  group: Group | null = null

  carryOut({ kind, who, whom, shift, ms }: Deed): Turned {
    const { rig } = this
    const name = NAMES[who] ?? ''
    const before = this.seated()
    rig.actions.length = 0
    const present = rig.state.peers.get(peerId(name))
    const other = NAMES[whom] ?? ''
    const epoch = Math.max(0, (rig.state.group?.epoch ?? 0) + shift)
    if (kind === 'wait') rig.pass(ms)
    else if (kind === 'enter') present ?? rig.enter(name)
    else if (present === undefined) return { actions: [], before }
    else if (kind === 'lost') rig.lose(name)
    else if (kind === 'back') rig.back(name)
    else if (kind === 'leave') rig.leave(name)
    else if (kind === 'create') rig.create(name)
    else if (kind === 'knock') rig.knock(name)
    else if (kind === 'commit') this.commit(name, epoch, {})
    else if (kind === 'remove') this.commit(name, epoch, { leaves: [whom + Math.max(0, shift)] })
    else if (kind === 'clear') this.commit(name, epoch, { leaves: this.leavesBut(name) })
    else if (kind === 'admit')
      this.commit(name, epoch, { joins: { [other]: this.freeLeaf() + Math.min(0, shift) } })
    else if (kind === 'say') rig.code(name, { t: 'group.app', group: rig.group, epoch, body: bytes('hi') })
    else if (kind === 'ready') rig.code(name, { t: 'group.ready', group: rig.group, epoch })
    else if (kind === 'record' || kind === 'stop recording' || kind === 'yes' || kind === 'no')
      this.record(kind, name)
    else if (kind === 'refetch') rig.code(name, { t: 'group.refetch', group: rig.group, epoch })
    else {
      const bad = rig.state.group?.log.at(shift === 5 ? 0 : -1)
      const hash = bad?.hash ?? hashOf(bytes('none'))
      rig.code(name, { t: 'group.refuse', group: rig.group, epoch: bad?.epoch ?? epoch, hash })
    }
    return { actions: [...rig.actions], before }
  }

  private record(kind: 'record' | 'stop recording' | 'yes' | 'no', name: string): void {
    const { rig } = this
    const owner = rig.owner.toString('base64url')
    if (kind === 'record') rig.code(name, { t: 'recording.start', recording: RECORDING, owner })
    else if (kind === 'stop recording') rig.code(name, { t: 'recording.stop', recording: RECORDING, owner })
    else rig.code(name, { t: 'recording.consent', recording: RECORDING, yes: kind === 'yes' })
  }

  /** The leaves of all others: what an attacker would unseat. */
  private leavesBut(name: string): number[] {
    const others = [...this.rig.state.peers.values()].filter((p) => p.id !== peerId(name))
    return others.flatMap((p) => (p.seat.at === 'seated' ? [p.seat.leaf] : []))
  }

  private freeLeaf(): number {
    const { group, peers } = this.rig.state
    const taken = new Set([...peers.values()].flatMap((p) => (p.seat.at === 'seated' ? [p.seat.leaf] : [])))
    let leaf = 0
    while (taken.has(leaf) || group?.gone.has(leaf)) leaf += 1
    return leaf
  }

  private commit(
    name: string,
    epoch: number,
    what: { joins?: Record<string, number>; leaves?: number[] },
  ): void {
    const leaf = Object.values(what.joins ?? {})[0] ?? 0
    if (leaf < 0) return
    const text = `${name} ${epoch} ${this.rig.now}`
    this.rig.commit(name, { epoch, ...what, text, hurry: true })
  }

  seated(): Set<PeerId> {
    return new Set([...this.rig.state.peers.values()].filter((p) => p.seat.at === 'seated').map((p) => p.id))
  }
}

const RECORDING = recordingId('recording')

const FOR_MEMBERS: ReadonlySet<EventBody['t']> = new Set([
  'group.committed',
  'group.said',
  'group.all-ready',
  'group.welcome',
  'group.knocked',
  'group.gone',
])

/** Seats are unique, the log leads to the present epoch, absent leaves have nobody on them. */
function checkState({ rig }: Disorder): void {
  const { group, peers } = rig.state
  const leaves = [...peers.values()].flatMap((p) => (p.seat.at === 'seated' ? [p.seat.leaf] : []))
  expect(new Set(leaves).size).toBe(leaves.length)
  if (group === null) {
    expect(leaves).toEqual([])
    return
  }
  for (const leaf of leaves) expect(group.gone.has(leaf)).toBe(false)
  for (const [i, record] of group.log.entries()) expect(record.epoch).toBe(group.epoch - group.log.length + i)
  expect(group.logChars).toBe(group.log.reduce((sum, r) => sum + r.commit.length, 0))
  for (const id of group.ready) expect(peers.get(id)?.seat.at).toBe('seated')
}

/** Members' events reach members only; whoever lost a seat lost media in the same turn. */
function checkActions(disorder: Disorder, { actions, before }: Turned): void {
  const after = disorder.seated()
  for (const action of actions) {
    if (action.do === 'warrant')
      for (const to of action.to) expect(before.has(to) || after.has(to)).toBe(true)
    if (action.do !== 'tell' || !FOR_MEMBERS.has(action.event.t)) continue
    for (const to of action.to) expect(before.has(to) || after.has(to)).toBe(true)
  }
  const ended = new Set(actions.flatMap((a) => (a.do === 'end-media' ? [a.peer] : [])))
  for (const id of before) if (!after.has(id)) expect(ended.has(id)).toBe(true)
}

/** REC3: whoever is stored sits and has said yes in that seat; an ended recording stores nobody. */
function checkStored({ rig }: Disorder, recorder: Set<PeerId>, { actions }: Turned): void {
  for (const action of actions) {
    if (action.do === 'end-recording') recorder.clear()
    if (action.do !== 'store-streams') continue
    recorder.clear()
    for (const id of action.of) recorder.add(id)
  }
  for (const id of recorder) {
    const peer = rig.state.peers.get(id)
    expect(peer?.seat.at).toBe('seated')
    expect(peer?.consents.has(RECORDING)).toBe(true)
  }
}

/** At any time one commit stands for an epoch: a second winner needs the first to have been struck. */
function checkWinners(disorder: Disorder, { actions }: Turned): void {
  // Another group, perhaps begun when nobody was there to be told, has epochs of its own.
  if (disorder.rig.state.group !== disorder.group) disorder.standing.clear()
  disorder.group = disorder.rig.state.group
  for (const action of actions) {
    if (action.do !== 'tell') continue
    const { event } = action
    if (event.t === 'group.struck') {
      expect(hashOf(disorder.standing.get(event.epoch) ?? '')).toBe(event.hash)
      disorder.standing.delete(event.epoch)
    }
    if (event.t !== 'group.committed') continue
    expect(disorder.standing.has(event.epoch)).toBe(false)
    disorder.standing.set(event.epoch, event.commit)
  }
}

test('[ORD1][ORD3][SIG10][KEY4][REC3] random happenings in random order never break the room', () => {
  let commits = 0
  let strikes = 0
  let stored = 0
  fc.assert(
    fc.property(fc.array(deed, { minLength: 30, maxLength: 120, size: 'max' }), (deeds) => {
      const disorder = new Disorder()
      const recorder = new Set<PeerId>()
      // Most runs should get somewhere: begin with a group and two at its door.
      disorder.rig.seat('ann', 'bob')
      for (const [epoch, text] of disorder.rig.state.group?.log.map((r) => [r.epoch, r.commit] as const) ??
        []) {
        disorder.standing.set(epoch, text)
      }
      disorder.group = disorder.rig.state.group
      for (const each of deeds) {
        const turned = disorder.carryOut(each)
        checkState(disorder)
        checkActions(disorder, turned)
        checkWinners(disorder, turned)
        checkStored(disorder, recorder, turned)
        stored += recorder.size
        const told = turned.actions.flatMap((a) => (a.do === 'tell' ? [a.event.t] : []))
        commits += told.filter((t) => t === 'group.committed').length
        strikes += told.filter((t) => t === 'group.struck').length
      }
    }),
    { numRuns: 400 },
  )
  // The disorder must reach what it is about.
  expect(commits).toBeGreaterThan(500)
  expect(strikes).toBeGreaterThan(50)
  expect(stored).toBeGreaterThan(500)
})
