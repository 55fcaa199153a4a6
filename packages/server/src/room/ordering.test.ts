import { beforeEach, describe, expect, test } from 'vitest'
import { bytes, groupId, peerId, RoomRig } from '../../test/room-rig.ts'
import { COMMIT_LOG } from './room-limits.ts'

let rig: RoomRig
beforeEach(() => {
  rig = new RoomRig()
})

describe('compare and swap', () => {
  test('[ORD1] of two commits for one epoch the first wins and the other is told epoch-taken', () => {
    rig.seat('ann', 'bob', 'cy')
    expect(rig.commit('bob', { epoch: 2 })).toBe('ok')
    expect(rig.commit('cy', { epoch: 2 })).toBe('epoch-taken')
    expect(rig.state.group?.epoch).toBe(3)
    expect(rig.told('ann', 'group.committed')).toHaveLength(1)
  })

  test('[ORD1] an epoch that has not come yet cannot be taken', () => {
    rig.seat('ann', 'bob')
    expect(rig.commit('bob', { epoch: 2 })).toBe('epoch-taken')
    expect(rig.state.group?.epoch).toBe(1)
  })

  test('[ORD2] the winner reaches every member, its sender included, with the epoch it was made in', () => {
    rig.seat('ann', 'bob', 'cy')
    rig.commit('bob', { epoch: 2, text: 'x' })
    for (const name of ['ann', 'bob', 'cy']) {
      expect(rig.told(name, 'group.committed')).toEqual([
        { t: 'group.committed', group: rig.group, epoch: 2, from: peerId('bob'), commit: bytes('x') },
      ])
    }
  })

  test('[ORD2] the Welcome of a loser never leaves', () => {
    rig.seat('ann', 'bob')
    rig.enter('cy', 'dee')
    rig.knock('cy')
    rig.knock('dee')
    rig.commit('ann', { epoch: 1, joins: { cy: 2 } })
    expect(rig.commit('bob', { epoch: 1, joins: { dee: 2 } })).toBe('epoch-taken')
    expect(rig.told('cy', 'group.welcome')).toMatchObject([{ epoch: 2 }])
    expect(rig.told('dee', 'group.welcome')).toEqual([])
    expect(rig.seatOf('dee')).toBe('knocking')
  })

  test('[ORD2] who joins gets the Welcome and not the commit that added it', () => {
    rig.seat('ann')
    rig.enter('bob')
    rig.knock('bob')
    rig.commit('ann', { epoch: 0, joins: { bob: 1 } })
    expect(rig.types('bob')).toEqual(expect.arrayContaining(['group.welcome']))
    expect(rig.told('bob', 'group.committed')).toEqual([])
    expect(rig.told('ann', 'group.committed')).toHaveLength(1)
  })

  test('[ORD1] only members commit, and only in their group', () => {
    rig.seat('ann')
    rig.enter('bob')
    expect(rig.commit('bob', { epoch: 0 })).toBe('not-seated')
    rig.knock('bob')
    expect(rig.commit('bob', { epoch: 0 })).toBe('not-seated')
    expect(
      rig.code('ann', {
        t: 'group.commit',
        group: groupId('other'),
        epoch: 0,
        commit: bytes('c'),
        joins: [],
        leaves: [],
      }),
    ).toBe('group-unknown')
  })
})

describe('what a commit says of seats', () => {
  beforeEach(() => {
    rig.seat('ann', 'bob')
    rig.enter('cy')
  })

  test.each([
    ['someone who did not knock', { joins: { cy: 2 } }, 'unknown-target'],
    ['someone who is not here', { joins: { nobody: 2 } }, 'unknown-target'],
    ['someone who sits already', { joins: { bob: 2 } }, 'unknown-target'],
    ['a leaf that nobody has', { leaves: [7] }, 'unknown-target'],
    ['the own leaf', { leaves: [0] }, 'bad-message'],
    ['one leaf twice', { leaves: [1, 1] }, 'bad-message'],
  ])('[SIG10] naming %s is refused and changes nothing', (_what, said, code) => {
    expect(rig.commit('ann', { epoch: 1, ...said })).toBe(code)
    expect(rig.state.group?.epoch).toBe(1)
    expect([rig.seatOf('ann'), rig.seatOf('bob'), rig.seatOf('cy')]).toEqual([0, 1, 'outside'])
  })

  test('[SIG10] a leaf that is taken cannot be given away, unless the same commit empties it', () => {
    rig.knock('cy')
    expect(rig.commit('ann', { epoch: 1, joins: { cy: 1 } })).toBe('bad-message')
    expect(rig.commit('ann', { epoch: 1, joins: { cy: 1 }, leaves: [1] })).toBe('ok')
    expect([rig.seatOf('bob'), rig.seatOf('cy')]).toEqual(['removed', 1])
  })

  test('[ORD2] joiners without a Welcome are refused', () => {
    rig.knock('cy')
    const joins = [{ peer: peerId('cy'), leaf: 2 }]
    expect(
      rig.code('ann', {
        t: 'group.commit',
        group: rig.group,
        epoch: 1,
        commit: bytes('c'),
        joins,
        leaves: [],
      }),
    ).toBe('bad-message')
  })

  test('[ORD1] a refused commit leaves the epoch to the next one', () => {
    rig.commit('ann', { epoch: 1, leaves: [9] })
    expect(rig.commit('bob', { epoch: 1 })).toBe('ok')
  })

  test('[GRP10] a member that lost its state knocks and comes back in one commit, keeping its media', () => {
    rig.knock('bob')
    expect(rig.told('ann', 'group.knocked')).toMatchObject([{ peer: peerId('bob') }])
    expect(rig.told('bob', 'group.knocked')).toEqual([])
    rig.forget()
    expect(rig.commit('ann', { epoch: 1, joins: { bob: 1 }, leaves: [1] })).toBe('ok')
    expect(rig.seatOf('bob')).toBe(1)
    expect(rig.types('bob')).toEqual(['group.welcome', 'room.peers'])
    expect(rig.did('end-media')).toEqual([])
  })

  test('[GRP6] a new member learns who else is at the door', () => {
    rig.enter('dee')
    rig.knock('cy')
    rig.knock('dee')
    rig.commit('ann', { epoch: 1, joins: { cy: 2 } })
    expect(rig.told('cy', 'group.knocked').map((e) => e.peer)).toEqual([peerId('dee')])
  })
})

describe('removal', () => {
  test('[SIG10][KEY4] the removed member gets the commit and the word, loses media in that turn, and nothing after', () => {
    rig.seat('ann', 'bob', 'cy')
    rig.commit('ann', { epoch: 2, leaves: [1] })
    expect(rig.types('bob')).toEqual(['group.committed', 'group.removed'])
    expect(rig.did('end-media')).toEqual([{ do: 'end-media', peer: peerId('bob') }])
    rig.forget()
    rig.commit('cy', { epoch: 3 })
    rig.code('ann', { t: 'group.app', group: rig.group, epoch: 4, body: bytes('hello') })
    rig.code('ann', { t: 'group.ready', group: rig.group, epoch: 4 })
    rig.code('cy', { t: 'group.ready', group: rig.group, epoch: 4 })
    rig.leave('cy')
    rig.pass(1_000)
    expect(rig.types('bob')).toEqual([])
  })

  test('[SIG10] whatever else than the commit that removed it the member asks is answered removed', () => {
    rig.seat('ann', 'bob')
    rig.commit('ann', { epoch: 1, leaves: [1] })
    const { group } = rig
    expect(rig.knock('bob')).toBe('removed')
    expect(rig.commit('bob', { epoch: 2 })).toBe('removed')
    expect(rig.code('bob', { t: 'group.app', group, epoch: 2, body: bytes('hi') })).toBe('removed')
    expect(rig.code('bob', { t: 'group.ready', group, epoch: 2 })).toBe('removed')
    expect(rig.code('bob', { t: 'group.refetch', group, epoch: 2 })).toBe('removed')
    expect(rig.create('bob')).toBe('removed')
  })

  test('[SIG10] its session ends after 10 s', () => {
    rig.seat('ann', 'bob')
    rig.commit('ann', { epoch: 1, leaves: [1] })
    rig.pass(9_000)
    expect(rig.did('end-session')).toEqual([])
    rig.pass(1_001)
    expect(rig.did('end-session')).toEqual([{ do: 'end-session', peer: peerId('bob'), code: 'removed' }])
    expect(rig.seatOf('bob')).toBeNull()
  })
})

describe('the log', () => {
  test('[ORD1][ORD3] members may ask for a commit again, as long as it is kept', () => {
    rig.seat('ann', 'bob')
    rig.commit('bob', { epoch: 1, text: 'one' })
    expect(rig.ask('ann', { t: 'group.refetch', group: rig.group, epoch: 1 })).toEqual({
      ok: true,
      result: { commit: bytes('one') },
    })
    expect(rig.code('ann', { t: 'group.refetch', group: rig.group, epoch: 2 })).toBe('log-missing')
  })

  test('[ORD1] it is bounded by number', () => {
    rig.seat('ann', 'bob')
    for (let epoch = 1; epoch <= COMMIT_LOG.commits + 5; epoch += 1) rig.commit('ann', { epoch })
    expect(rig.state.group?.log).toHaveLength(COMMIT_LOG.commits)
    expect(rig.code('ann', { t: 'group.refetch', group: rig.group, epoch: 2 })).toBe('log-missing')
  })

  test('[ORD1] it is bounded by size', () => {
    rig.seat('ann', 'bob')
    const text = 'x'.repeat(400_000)
    for (let epoch = 1; epoch <= 30; epoch += 1) rig.commit('ann', { epoch, text })
    const { logChars = 0, log = [] } = rig.state.group ?? {}
    expect(logChars).toBeLessThanOrEqual(COMMIT_LOG.chars)
    expect(logChars).toBe(log.reduce((sum, r) => sum + r.commit.length, 0))
    expect(log.length).toBeGreaterThan(10)
  })
})

describe('pace', () => {
  test('[GRP8] one peer commits three times at once, then once a second', () => {
    rig.seat('ann', 'bob')
    rig.now += 10_000
    const said = [1, 2, 3, 4].map((epoch) => rig.commit('bob', { epoch, hurry: true }))
    expect(said).toEqual(['ok', 'ok', 'ok', 'too-many'])
    rig.now += 1_000
    expect(rig.commit('bob', { epoch: 4, hurry: true })).toBe('ok')
  })

  test('[GRP8] a group takes four a second, whoever they come from', () => {
    rig.seat('ann', 'bob', 'cy')
    rig.now += 10_000
    const said = ['ann', 'bob', 'cy', 'ann', 'bob'].map((name, i) =>
      rig.commit(name, { epoch: 2 + i, hurry: true }),
    )
    expect(said).toEqual(['ok', 'ok', 'ok', 'ok', 'too-many'])
    rig.now += 250
    expect(rig.commit('bob', { epoch: 6, hurry: true })).toBe('ok')
  })

  test('[GRP8] losing a race costs nothing of the pace', () => {
    rig.seat('ann', 'bob')
    rig.now += 10_000
    for (let i = 0; i < 20; i += 1) expect(rig.commit('bob', { epoch: 0, hurry: true })).toBe('epoch-taken')
    expect(rig.commit('bob', { epoch: 1, hurry: true })).toBe('ok')
  })
})
