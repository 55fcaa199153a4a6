import { beforeEach, describe, expect, test } from 'vitest'
import { bytes, hashOf, peerId, RoomRig } from '../../test/room-rig.ts'

let rig: RoomRig
beforeEach(() => {
  rig = new RoomRig()
})

const refuse = (name: string, epoch: number, text: string) =>
  rig.code(name, { t: 'group.refuse', group: rig.group, epoch, hash: hashOf(bytes(text)) })

describe('striking a commit', () => {
  test('[ORD3] when half the members refuse, the epoch opens again and all learn who posted it', () => {
    rig.seat('ann', 'bob', 'cy', 'dee')
    rig.commit('dee', { epoch: 3, text: 'bad' })
    expect(refuse('ann', 3, 'bad')).toBe('ok')
    expect(rig.told('ann', 'group.struck')).toEqual([])
    expect(refuse('bob', 3, 'bad')).toBe('ok')
    for (const name of ['ann', 'bob', 'cy', 'dee']) {
      expect(rig.told(name, 'group.struck')).toEqual([
        { t: 'group.struck', group: rig.group, epoch: 3, from: peerId('dee'), hash: hashOf(bytes('bad')) },
      ])
    }
    expect(rig.state.group?.epoch).toBe(3)
    expect(rig.commit('ann', { epoch: 3 })).toBe('ok')
  })

  test('[ORD3] fewer than half do not strike, however often they say so', () => {
    rig.seat('ann', 'bob', 'cy')
    rig.commit('cy', { epoch: 2, text: 'good' })
    for (let i = 0; i < 5; i += 1) refuse('ann', 2, 'good')
    expect(rig.state.group?.epoch).toBe(3)
    expect(rig.told('ann', 'group.struck')).toEqual([])
  })

  test('[ORD3] when others leave, the refusals that stand may become half', () => {
    rig.seat('ann', 'bob', 'cy')
    rig.commit('cy', { epoch: 2, text: 'bad' })
    refuse('ann', 2, 'bad')
    expect(rig.told('ann', 'group.struck')).toEqual([])
    rig.leave('bob')
    expect(rig.told('ann', 'group.struck')).toHaveLength(1)
    expect(rig.did('warrant').at(-1)).toMatchObject({ epoch: 2, leaf: 1 })
  })

  test('[ORD3] a refusal must name the very commit', () => {
    rig.seat('ann', 'bob')
    rig.commit('bob', { epoch: 1, text: 'one' })
    expect(refuse('ann', 1, 'two')).toBe('epoch-stale')
    expect(refuse('ann', 0, 'one')).toBe('epoch-stale')
    expect(refuse('ann', 9, 'one')).toBe('epoch-stale')
    expect(rig.state.group?.epoch).toBe(2)
  })

  test('[ORD3] who was added by a commit does not judge it', () => {
    rig.seat('ann', 'bob')
    rig.enter('cy')
    rig.knock('cy')
    rig.commit('ann', { epoch: 1, joins: { cy: 2 }, text: 'add' })
    expect(refuse('cy', 1, 'add')).toBe('not-seated')
  })

  test('[ORD3] what a struck commit did to seats is undone: joiners knock again, the removed sit again', () => {
    rig.seat('ann', 'bob', 'cy', 'dee')
    rig.enter('eve')
    rig.knock('eve')
    rig.commit('dee', { epoch: 3, joins: { eve: 4 }, leaves: [2], text: 'bad' })
    expect([rig.seatOf('cy'), rig.seatOf('eve')]).toEqual(['removed', 4])
    rig.forget()
    refuse('ann', 3, 'bad')
    refuse('bob', 3, 'bad')
    expect([rig.seatOf('cy'), rig.seatOf('eve')]).toEqual([2, 'outside'])
    expect(rig.types('cy')).toEqual(expect.arrayContaining(['media.lost', 'group.struck']))
    expect(rig.types('eve')).toContain('group.struck')
    expect(rig.did('end-media').map((a) => a.peer)).toContain(peerId('eve'))
    expect(rig.knock('eve')).toBe('ok')
  })

  test('[ORD3] a bad commit cannot be saved by building on it: what follows is struck first, newest first', () => {
    rig.seat('ann', 'bob', 'cy')
    rig.commit('cy', { epoch: 2, text: 'bad' })
    rig.commit('cy', { epoch: 3, text: 'worse' })
    refuse('ann', 2, 'bad')
    refuse('bob', 2, 'bad')
    expect(rig.told('ann', 'group.struck').map((e) => e.epoch)).toEqual([3, 2])
    expect(rig.state.group?.epoch).toBe(2)
    expect(rig.code('ann', { t: 'group.refetch', group: rig.group, epoch: 2 })).toBe('log-missing')
  })

  test('[ORD3][SIG11] a member that left while the commit was struck is a leaf to warrant', () => {
    rig.seat('ann', 'bob', 'cy', 'dee')
    rig.commit('dee', { epoch: 3, leaves: [2], text: 'bad' })
    rig.leave('cy')
    expect(rig.did('warrant')).toEqual([])
    refuse('ann', 3, 'bad')
    refuse('bob', 3, 'bad')
    expect(rig.did('warrant')).toMatchObject([{ epoch: 3, leaf: 2 }])
    expect([...(rig.state.group?.gone ?? [])]).toEqual([2])
  })

  test('[ORD3] after 20 s a commit stands: nobody undoes a meeting that has gone on', () => {
    rig.seat('ann', 'bob')
    rig.commit('ann', { epoch: 1, text: 'old' })
    rig.now += 20_001
    expect(refuse('bob', 1, 'old')).toBe('epoch-stale')
    rig.commit('ann', { epoch: 2, text: 'fresh' })
    rig.now += 19_000
    expect(refuse('bob', 2, 'fresh')).toBe('ok')
    expect(rig.state.group?.epoch).toBe(2)
  })

  test('[ORD3] a commit beyond the log cannot be struck', () => {
    rig.seat('ann', 'bob')
    for (let epoch = 1; epoch < 300; epoch += 1) rig.commit('ann', { epoch, text: `c${epoch}` })
    expect(refuse('bob', 1, 'c1')).toBe('epoch-stale')
  })
})
