import { beforeEach, describe, expect, test } from 'vitest'
import { bytes, groupId, peerId, RoomRig } from '../../test/room-rig.ts'
import { nextDeadline, step } from './step.ts'

let rig: RoomRig
beforeEach(() => {
  rig = new RoomRig()
})

describe('the group’s beginning and end', () => {
  test('[GRP1] the first creates it on leaf 0, a second one is told group-exists', () => {
    rig.enter('ann', 'bob')
    expect(rig.create('ann')).toBe('ok')
    expect(rig.seatOf('ann')).toBe(0)
    expect(rig.create('bob')).toBe('group-exists')
    expect(rig.code('ann', { t: 'group.create', group: groupId('second') })).toBe('group-exists')
    expect(rig.told('bob', 'group.changed')).toEqual([
      { t: 'group.changed', group: { id: rig.group, epoch: 0 } },
    ])
    expect(rig.told('ann', 'group.changed')).toEqual([])
  })

  test('[GRP1] knocking where there is no such group is group-unknown', () => {
    rig.enter('ann')
    expect(rig.knock('ann')).toBe('group-unknown')
    rig.create('ann')
    rig.enter('bob')
    expect(rig.code('bob', { t: 'group.knock', group: groupId('other'), keyPackage: bytes('kp') })).toBe(
      'group-unknown',
    )
  })

  test('[SIG9] the group outlives its last member by 60 s and then vanishes', () => {
    rig.seat('ann')
    rig.leave('ann')
    rig.pass(59_000)
    expect(rig.state.group).not.toBeNull()
    rig.pass(2_000)
    expect(rig.did('rest')).toHaveLength(1)
  })

  test('[GRP1][SIG9] someone who waits does not wait for a group that nobody can open', () => {
    rig.seat('ann')
    rig.enter('bob')
    rig.knock('bob')
    rig.leave('ann')
    expect(rig.told('bob', 'group.changed').at(-1)).toEqual({ t: 'group.changed', group: null })
    expect(rig.seatOf('bob')).toBe('outside')
    expect(rig.code('bob', { t: 'group.create', group: groupId('next') })).toBe('ok')
  })

  test('[GRP1][SIG9] who enters after the last has left finds no group', () => {
    rig.seat('ann')
    rig.leave('ann')
    rig.pass(1_000)
    rig.enter('bob')
    expect(rig.state.group).toBeNull()
  })

  test('[SIG9] members who are all without a socket for 30 s do not hold up someone at the door', () => {
    rig.seat('ann')
    rig.lose('ann')
    rig.pass(5_000)
    rig.enter('bob')
    rig.knock('bob')
    rig.pass(24_000)
    expect(rig.state.group).not.toBeNull()
    rig.pass(2_000)
    expect(rig.state.group).toBeNull()
    expect(rig.told('bob', 'group.changed').at(-1)).toEqual({ t: 'group.changed', group: null })
    rig.back('ann')
    expect(rig.seatOf('ann')).toBe('outside')
    expect(rig.told('ann', 'group.changed').at(-1)).toEqual({ t: 'group.changed', group: null })
  })

  test('[SIG9] members who are all away keep their group as long as nobody waits', () => {
    rig.seat('ann', 'bob')
    rig.lose('ann')
    rig.lose('bob')
    rig.pass(100_000)
    expect(rig.state.group).not.toBeNull()
    rig.back('ann')
    expect(rig.seatOf('ann')).toBe(0)
  })
})

describe('lost and back', () => {
  test('[SIG6] media ends 30 s after the socket, the seat stays 120 s', () => {
    rig.seat('ann', 'bob')
    rig.lose('bob')
    rig.pass(29_000)
    expect(rig.did('end-media')).toEqual([])
    rig.pass(2_000)
    expect(rig.did('end-media')).toEqual([{ do: 'end-media', peer: peerId('bob') }])
    rig.pass(88_000)
    expect(rig.seatOf('bob')).toBe(1)
    rig.pass(2_000)
    expect(rig.seatOf('bob')).toBeNull()
    expect(rig.did('end-session')).toEqual([{ do: 'end-session', peer: peerId('bob'), code: null }])
  })

  test('[SIG6] back within 30 s nothing has happened; after that the client learns that its media is gone', () => {
    rig.seat('ann', 'bob')
    rig.lose('bob')
    rig.pass(20_000)
    rig.back('bob')
    expect(rig.told('bob', 'media.lost')).toEqual([])
    rig.lose('bob')
    rig.pass(40_000)
    rig.back('bob')
    expect(rig.told('bob', 'media.lost')).toHaveLength(1)
    rig.pass(200_000)
    expect(rig.seatOf('bob')).toBe(1)
  })

  test('[GRP10][SIG11] no warrant before 120 s; then one, and one in each epoch until the leaf is blanked', () => {
    rig.seat('ann', 'bob', 'cy')
    rig.lose('bob')
    rig.pass(119_900)
    expect(rig.did('warrant')).toEqual([])
    rig.pass(200)
    expect(rig.did('warrant')).toEqual([
      { do: 'warrant', to: [peerId('ann'), peerId('cy')], group: rig.group, epoch: 2, leaf: 1 },
    ])
    rig.commit('ann', { epoch: 2 })
    expect(rig.did('warrant').map((w) => w.epoch)).toEqual([2, 3])
    rig.commit('cy', { epoch: 3, leaves: [1] })
    expect(rig.did('warrant').map((w) => w.epoch)).toEqual([2, 3])
  })

  test('[TEL10] a bridge keeps its seat for 20 s and no longer; control: who was lost with it keeps theirs', () => {
    rig.seat('ann', 'bob', 'bridge')
    rig.lose('bob')
    rig.lose('bridge')
    rig.pass(19_900)
    expect([rig.did('warrant'), rig.did('end-media')]).toEqual([[], []])
    rig.pass(200)
    expect(rig.did('warrant')).toMatchObject([{ to: [peerId('ann'), peerId('bob')], epoch: 2, leaf: 2 }])
    expect(rig.did('end-media')).toEqual([{ do: 'end-media', peer: peerId('bridge') }])
    expect([rig.seatOf('bridge'), rig.seatOf('bob')]).toEqual([null, 1])
    rig.pass(99_000)
    expect(rig.seatOf('bob')).toBe(1)
  })

  test('[TEL10] a bridge that is back within 20 s has lost nothing', () => {
    rig.seat('ann', 'bridge')
    rig.lose('bridge')
    rig.pass(19_900)
    rig.back('bridge')
    rig.pass(200_000)
    expect([rig.seatOf('bridge'), rig.did('warrant')]).toEqual([1, []])
    expect(rig.told('bridge', 'media.lost')).toEqual([])
  })

  test('[SIG11] leave is warranted at once', () => {
    rig.seat('ann', 'bob')
    rig.leave('bob')
    expect(rig.did('warrant')).toMatchObject([{ epoch: 1, leaf: 1 }])
    expect(rig.did('end-media')).toEqual([{ do: 'end-media', peer: peerId('bob') }])
  })

  test('[SIG11] the answer to leave goes out before the session ends', () => {
    rig.seat('ann', 'bob')
    rig.leave('bob')
    const order = rig.actions.map((a) => a.do)
    expect(order.indexOf('answer')).toBeLessThan(order.indexOf('end-session'))
  })

  test('[SIG11] a leaf that waits to be blanked is not given to anyone else', () => {
    rig.seat('ann', 'bob')
    rig.leave('bob')
    rig.enter('cy')
    rig.knock('cy')
    expect(rig.commit('ann', { epoch: 1, joins: { cy: 1 } })).toBe('bad-message')
    expect(rig.commit('ann', { epoch: 1, joins: { cy: 1 }, leaves: [1] })).toBe('ok')
    expect(rig.seatOf('cy')).toBe(1)
  })
})

describe('what everybody is told', () => {
  test('[ROS1] the list of peers has their leaves and who is connected, without those who were removed', () => {
    rig.seat('ann', 'bob', 'cy')
    rig.pass(1_000)
    rig.lose('bob')
    rig.pass(1_000)
    rig.commit('ann', { epoch: 2, leaves: [2] })
    rig.pass(1_000)
    expect(rig.told('ann', 'room.peers').at(-1)?.peers).toEqual([
      { peer: peerId('ann'), leaf: 0, connected: true },
      { peer: peerId('bob'), leaf: 1, connected: false },
    ])
  })

  test('[SIG7] many changes at once make few lists', () => {
    rig.enter('ann')
    rig.pass(1_000)
    rig.forget()
    for (let i = 0; i < 100; i += 1) rig.enter(`guest ${i}`)
    expect(rig.told('ann', 'room.peers').length).toBeLessThanOrEqual(1)
    rig.pass(300)
    expect(rig.told('ann', 'room.peers').at(-1)?.peers).toHaveLength(101)
    expect(rig.told('ann', 'room.peers').length).toBeLessThanOrEqual(2)
  })

  test('[SIG10] outsiders hear nothing of what members say or commit', () => {
    rig.seat('ann', 'bob')
    rig.enter('out', 'knocker')
    rig.knock('knocker')
    rig.forget()
    rig.code('ann', { t: 'group.app', group: rig.group, epoch: 1, body: bytes('secret') })
    rig.commit('bob', { epoch: 1 })
    rig.leave('bob')
    rig.pass(1_000)
    for (const name of ['out', 'knocker']) expect(new Set(rig.types(name))).toEqual(new Set(['room.peers']))
  })

  test('[KEY4] all-ready comes once, when every connected member is; the lost are not waited for', () => {
    rig.seat('ann', 'bob', 'cy')
    const ready = (name: string) => rig.code(name, { t: 'group.ready', group: rig.group, epoch: 2 })
    ready('ann')
    ready('bob')
    expect(rig.told('ann', 'group.all-ready')).toEqual([])
    rig.lose('cy')
    expect(rig.told('ann', 'group.all-ready')).toHaveLength(1)
    rig.back('cy')
    ready('cy')
    expect(rig.told('ann', 'group.all-ready')).toHaveLength(1)
    expect(rig.code('ann', { t: 'group.ready', group: rig.group, epoch: 1 })).toBe('epoch-stale')
  })

  test('[ROS4] a message goes to all other members, in this epoch or the one before', () => {
    rig.seat('ann', 'bob', 'cy')
    const say = (epoch: number) =>
      rig.code('bob', { t: 'group.app', group: rig.group, epoch, body: bytes('hi') })
    expect([say(3), say(2), say(1), say(0)]).toEqual(['epoch-stale', 'ok', 'ok', 'epoch-stale'])
    expect(rig.told('ann', 'group.said')).toHaveLength(2)
    expect(rig.told('bob', 'group.said')).toEqual([])
  })

  test('[SIG7] one member cannot flood the others', () => {
    rig.seat('ann', 'bob')
    const body = 'A'.repeat(80_000)
    const say = () => rig.code('bob', { t: 'group.app', group: rig.group, epoch: 1, body })
    const said = Array.from({ length: 30 }, say)
    expect(said.slice(0, 13).every((code) => code === 'ok')).toBe(true)
    expect(said.at(-1)).toBe('too-many')
    rig.now += 1_000
    expect(say()).toBe('ok')
  })
})

describe('the machine itself', () => {
  test('[SIG9] a room that nobody enters rests after 60 s', () => {
    rig.pass(61_000)
    expect(rig.did('rest')).toHaveLength(1)
  })

  test('a peer that the room does not know is the caller’s bug', () => {
    expect(() => rig.lose('nobody')).toThrow()
    rig.enter('ann')
    expect(() => rig.enter('ann')).toThrow()
  })

  test('the same inputs at the same times give the same actions', () => {
    const run = () => {
      const each = new RoomRig()
      each.seat('ann', 'bob', 'cy')
      each.commit('bob', { epoch: 2, leaves: [2] })
      each.lose('bob')
      each.pass(130_000)
      return each.actions
    }
    expect(run()).toEqual(run())
  })

  test('a tick before its time does nothing', () => {
    rig.seat('ann', 'bob')
    rig.pass(1_000)
    rig.lose('bob')
    rig.pass(1_000)
    expect(nextDeadline(rig.state)).toBeGreaterThan(rig.now)
    expect(step(rig.state, rig.now, { t: 'tick' })).toEqual([])
  })
})

describe('what those at the door are told', () => {
  const answer = (from: string, to: string) =>
    rig.code(from, { t: 'group.turn-away', group: rig.group, peer: peerId(to), why: 'locked' })

  test('[HOST7] a member’s answer reaches who knocks, and nobody else', () => {
    rig.seat('ann')
    rig.enter('bob', 'cy')
    rig.knock('bob')
    expect(answer('ann', 'bob')).toBe('ok')
    expect(rig.told('bob', 'group.turned-away')).toEqual([
      { t: 'group.turned-away', group: rig.group, why: 'locked' },
    ])
    expect(answer('ann', 'cy')).toBe('ok')
    expect(rig.told('cy', 'group.turned-away')).toEqual([])
  })

  test('[HOST7] who is no member answers nobody', () => {
    rig.seat('ann')
    rig.enter('bob', 'cy')
    rig.knock('bob')
    expect(answer('cy', 'bob')).toBe('not-seated')
    expect(answer('bob', 'bob')).toBe('not-seated')
    expect(rig.told('bob', 'group.turned-away')).toEqual([])
  })
})
