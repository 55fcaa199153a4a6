import type { PeerId } from '@huisclos/protocol'
import { expect, test } from 'vitest'
import type { CommitterSituation, Departure, Knock } from './committer.ts'
import { decideCommit } from './committer.ts'

const NOW = 1_000_000
const knock = (peer: string, more: Partial<Knock> = {}): Knock => ({
  peer: peer as PeerId,
  keyPackage: new TextEncoder().encode(peer),
  at: NOW,
  resumes: null,
  admitted: false,
  ...more,
})
const gone = (leaf: number, at = NOW): Departure => ({
  leaf,
  warrant: { by: 'server', signature: new Uint8Array(64) },
  at,
})

function situation(change: Partial<CommitterSituation> = {}): CommitterSituation {
  return {
    now: NOW,
    self: { leaf: 0, host: false },
    leaves: [0, 1, 2],
    connected: new Set([0, 1, 2]),
    lobby: false,
    lock: false,
    knocks: [],
    departures: [],
    orders: { removes: [], context: null, path: false },
    pathOwedSince: null,
    ownPathAt: null,
    rotationAt: NOW + 300_000,
    epoch: 4,
    lastCommitAt: NOW - 10_000,
    ownCommitsAt: [],
    jitter: 0.5,
    ...change,
  }
}

const second = { self: { leaf: 1, host: false } }

test('[GRP6] the lowest connected leaf adds at once', () => {
  const decision = decideCommit(situation({ knocks: [knock('p')] }))
  expect(decision).toMatchObject({ do: 'commit', plan: { peers: ['p'] } })
})

test('[GRP6] the next one takes over after 1.5 s plus jitter', () => {
  const s = situation({ ...second, knocks: [knock('p')] })
  expect(decideCommit(s)).toEqual({ do: 'wait', until: NOW + 2_000 })
  expect(decideCommit({ ...s, now: NOW + 2_000 })).toMatchObject({ do: 'commit' })
})

test('[GRP6] a leaf that the server calls lost is not waited for', () => {
  const s = situation({ ...second, knocks: [knock('p')], connected: new Set([1, 2]) })
  expect(decideCommit(s)).toMatchObject({ do: 'commit' })
})

test('[GRP6] with the lobby on only a host adds, and only whom it let in', () => {
  const lobby = { lobby: true, knocks: [knock('p')] }
  expect(decideCommit(situation(lobby)).do).toBe('wait')
  const host = { ...lobby, self: { leaf: 2, host: true } }
  expect(decideCommit(situation(host))).toEqual({ do: 'wait', until: expect.any(Number) })
  const admitted = { ...host, knocks: [knock('p', { admitted: true }), knock('q')] }
  expect(decideCommit(situation(admitted))).toMatchObject({ do: 'commit', plan: { peers: ['p'] } })
})

test('nobody new comes in while the meeting is locked', () => {
  const decision = decideCommit(situation({ lock: true, knocks: [knock('p')] }))
  expect(decision.do).toBe('wait')
})

test('[GRP10] who comes back is added and its old leaf removed in one commit, lobby or lock notwithstanding', () => {
  const s = situation({ lobby: true, lock: true, knocks: [knock('p', { resumes: 2 })] })
  expect(decideCommit(s)).toMatchObject({
    do: 'commit',
    plan: { input: { removes: [{ leaf: 2, warrant: { by: 'resume', newKeyPackage: 0 } }] } },
  })
})

test('[GRP10] two key packages never claim one leaf in one commit', () => {
  const s = situation({ knocks: [knock('p', { resumes: 2 }), knock('q', { resumes: 2 })] })
  expect(decideCommit(s)).toMatchObject({ do: 'commit', plan: { peers: ['p'] } })
})

test('[GRP8] what comes while a commit was under way waits half a second, and goes together', () => {
  const s = situation({
    knocks: [knock('p'), knock('q')],
    ownCommitsAt: [NOW - 100],
    lastCommitAt: NOW - 100,
  })
  expect(decideCommit(s)).toEqual({ do: 'wait', until: NOW + 400 })
  expect(decideCommit({ ...s, now: NOW + 400 })).toMatchObject({ do: 'commit', plan: { peers: ['p', 'q'] } })
})

test('[GRP8] leaving commits at once, even just after a commit of our own', () => {
  const s = situation({ departures: [gone(2)], ownCommitsAt: [NOW - 300], lastCommitAt: NOW - 300 })
  expect(decideCommit(s)).toMatchObject({ do: 'commit', plan: { input: { removes: [{ leaf: 2 }] } } })
})

test('[GRP8] a leaf makes at most three commits in three seconds, the group at most four a second', () => {
  const own = situation({
    departures: [gone(2)],
    ownCommitsAt: [NOW - 900, NOW - 600, NOW - 300],
    lastCommitAt: NOW - 300,
  })
  expect(decideCommit(own)).toEqual({ do: 'wait', until: NOW + 2_100 })
  const group = situation({ departures: [gone(2)], lastCommitAt: NOW - 100 })
  expect(decideCommit(group)).toEqual({ do: 'wait', until: NOW + 150 })
})

test('[GRP6] nobody commits its own removal, and a leaver is not waited for', () => {
  expect(decideCommit(situation({ departures: [gone(0)] })).do).toBe('wait')
  const s = situation({ ...second, departures: [gone(0)] })
  expect(decideCommit(s)).toMatchObject({ do: 'commit', plan: { input: { removes: [{ leaf: 0 }] } } })
})

test('[GRP9] with a host’s removal come only those whom the host let in', () => {
  const s = situation({
    self: { leaf: 0, host: true },
    knocks: [knock('p'), knock('q', { admitted: true })],
    orders: { removes: [2], context: null, path: false },
  })
  expect(decideCommit(s)).toMatchObject({
    plan: { peers: ['q'], input: { removes: [{ leaf: 2, warrant: { by: 'host' } }] } },
  })
})

test('[GRP2] orders of somebody who is no host are not carried out, except to claim the place by the room’s key', () => {
  const ordered = (context: object) => situation({ orders: { removes: [2], context, path: false } })
  expect(decideCommit(situation({ orders: { removes: [2], context: null, path: false } })).do).toBe('wait')
  expect(decideCommit(ordered({ policy: { lock: true } })).do).toBe('wait')
  expect(decideCommit(ordered({ claimHost: new Uint8Array(32) })).do).toBe('commit')
})

test('[ROS3] a comparison gets an empty path commit of its own', () => {
  const s = situation({ knocks: [knock('p')], orders: { removes: [], context: null, path: true } })
  expect(decideCommit(s)).toEqual({ do: 'commit', plan: { input: { adds: [], removes: [] }, peers: [] } })
})

test('[GRP2] after a policy change a path follows at once, by the lowest leaf', () => {
  const empty = { input: { adds: [], removes: [] }, peers: [] }
  expect(decideCommit(situation({ pathOwedSince: NOW }))).toEqual({ do: 'commit', plan: empty })
  expect(decideCommit(situation({ ...second, pathOwedSince: NOW }))).toEqual({
    do: 'wait',
    until: NOW + 2_000,
  })
})

test('[GRP8] every five minutes a rotating member makes a path commit', () => {
  const due = { rotationAt: NOW }
  // Epoch 4 of three leaves: the turn is leaf 1's.
  expect(decideCommit(situation({ ...due, ...second })).do).toBe('commit')
  expect(decideCommit(situation(due)).do).toBe('wait')
  expect(decideCommit(situation({ ...due, epoch: 3 })).do).toBe('commit')
})
