/** ORD3 against a hostile member: a commit that nobody else can apply says who leaves, and the server cannot look. */
import { beforeEach, describe, expect, test } from 'vitest'
import { bytes, hashOf, peerId, RoomRig } from '../../test/room-rig.ts'

let rig: RoomRig
beforeEach(() => {
  rig = new RoomRig()
})

const refuse = (name: string, epoch: number, text: string) =>
  rig.code(name, { t: 'group.refuse', group: rig.group, epoch, hash: hashOf(bytes(text)) })
const refetch = (name: string, epoch: number) =>
  rig.ask(name, { t: 'group.refetch', group: rig.group, epoch })
const seats = (...names: string[]) => names.map((name) => rig.seatOf(name))

describe('putting others out', () => {
  test('[ORD3] a guest who unseats everybody with noise is struck, and everybody is back', () => {
    rig.seat('host', 'bob', 'cy', 'mallory')
    expect(rig.commit('mallory', { epoch: 3, leaves: [0, 1, 2], text: 'noise' })).toBe('ok')
    expect(seats('host', 'bob', 'cy')).toEqual(['removed', 'removed', 'removed'])
    rig.forget()
    expect(refuse('host', 3, 'noise')).toBe('ok')
    expect(refuse('bob', 3, 'noise')).toBe('ok')
    expect(rig.told('host', 'group.struck')).toEqual([])
    expect(refuse('cy', 3, 'noise')).toBe('ok')
    expect(seats('host', 'bob', 'cy', 'mallory')).toEqual([0, 1, 2, 3])
    for (const name of ['host', 'bob', 'cy']) {
      expect(rig.types(name)).toEqual(expect.arrayContaining(['media.lost', 'group.struck']))
      expect(rig.told(name, 'group.struck')).toMatchObject([{ epoch: 3, from: peerId('mallory') }])
    }
    expect(rig.commit('host', { epoch: 3, leaves: [3], text: 'removal' })).toBe('ok')
    expect(seats('host', 'bob', 'cy', 'mallory')).toEqual([0, 1, 2, 'removed'])
    rig.pass(30_000)
    expect(seats('host', 'bob', 'cy', 'mallory')).toEqual([0, 1, 2, null])
  })

  test('[ORD3] noise that unseats nobody, followed by noise that unseats all, is refused as one', () => {
    rig.seat('host', 'bob', 'cy', 'mallory')
    rig.commit('mallory', { epoch: 3, text: 'one' })
    rig.commit('mallory', { epoch: 4, leaves: [0, 1, 2], text: 'two' })
    for (const name of ['host', 'bob', 'cy']) refuse(name, 3, 'one')
    expect(rig.state.group?.epoch).toBe(3)
    expect(seats('host', 'bob', 'cy')).toEqual([0, 1, 2])
  })

  test('[ORD3][SIG9] leaving after it does not end the group while those put out may be back, even with one at the door', () => {
    rig.seat('host', 'bob', 'mallory')
    rig.enter('accomplice')
    rig.commit('mallory', { epoch: 2, leaves: [0, 1], text: 'noise' })
    rig.leave('mallory')
    expect(rig.create('accomplice')).toBe('group-exists')
    rig.knock('accomplice')
    rig.forget()
    refuse('host', 2, 'noise')
    refuse('bob', 2, 'noise')
    expect(seats('host', 'bob')).toEqual([0, 1])
    expect(rig.did('warrant').at(-1)).toMatchObject({ epoch: 2, leaf: 2 })
    expect(rig.told('host', 'group.knocked').at(-1)).toMatchObject({ peer: peerId('accomplice') })
    rig.pass(120_000)
    expect(seats('host', 'bob')).toEqual([0, 1])
  })

  test('[SIG9] where nobody refused, the group ends when the removed have gone', () => {
    rig.seat('host', 'bob')
    rig.enter('cy')
    rig.commit('host', { epoch: 1, leaves: [1] })
    rig.leave('host')
    expect(rig.state.group).not.toBeNull()
    rig.pass(10_001)
    expect(rig.state.group).toBeNull()
    expect(rig.told('cy', 'group.changed').at(-1)).toMatchObject({ group: null })
  })
})

describe('a removal that is meant', () => {
  test('[ORD3] in a meeting of two, the removed member cannot veto it', () => {
    rig.seat('host', 'bob')
    rig.commit('host', { epoch: 1, text: 'before' })
    rig.commit('host', { epoch: 2, leaves: [1], text: 'removal' })
    expect(refuse('bob', 2, 'removal')).toBe('ok')
    expect(refuse('bob', 1, 'before')).toBe('ok')
    expect(rig.state.group?.epoch).toBe(3)
    expect(rig.seatOf('bob')).toBe('removed')
  })

  test('[ORD3] half of all, all of them removed, cannot veto it; more than half can', () => {
    rig.seat('host', 'bob', 'cy', 'dee')
    rig.commit('host', { epoch: 3, leaves: [2, 3], text: 'removal' })
    refuse('cy', 3, 'removal')
    refuse('dee', 3, 'removal')
    expect(seats('bob', 'cy', 'dee')).toEqual([1, 'removed', 'removed'])
    refuse('bob', 3, 'removal')
    expect(seats('bob', 'cy', 'dee')).toEqual([1, 2, 3])
  })

  test('[SIG10] the removed member votes on what it could see, and is shown nothing that followed', () => {
    rig.seat('ann', 'bob', 'cy', 'dee')
    rig.commit('ann', { epoch: 3, leaves: [1], text: 'removal' })
    rig.commit('ann', { epoch: 4, text: 'after' })
    expect(refetch('bob', 3)).toEqual({ ok: true, result: { commit: bytes('removal') } })
    expect(refetch('bob', 4)).toEqual({ ok: false, code: 'removed' })
    expect(refetch('bob', 9)).toEqual({ ok: false, code: 'removed' })
    expect(refuse('bob', 4, 'after')).toBe('removed')
    rig.pass(10_001)
    expect(rig.seatOf('bob')).toBeNull()
    expect(rig.state.group?.epoch).toBe(5)
  })
})

describe('who was struck', () => {
  const noise = (epoch: number, text: string) => {
    expect(rig.commit('mallory', { epoch, leaves: [0, 1], text, hurry: true })).toBe('ok')
    refuse('host', epoch, text)
    refuse('bob', epoch, text)
    expect(rig.state.group?.epoch).toBe(epoch)
  }

  test('[ORD3][GRP8] waits before its next commit, so that others come first', () => {
    rig.seat('host', 'bob', 'mallory')
    rig.now += 10_000
    noise(2, 'one')
    expect(rig.commit('mallory', { epoch: 2, hurry: true })).toBe('too-many')
    rig.now += 1_000
    expect(rig.commit('mallory', { epoch: 2, hurry: true })).toBe('ok')
  })

  test('[ORD3] commits no more after the second time, until it is seated anew', () => {
    rig.seat('host', 'bob', 'mallory')
    for (const text of ['one', 'two']) {
      rig.now += 10_000
      noise(2, text)
    }
    rig.now += 60_000
    expect(rig.commit('mallory', { epoch: 2 })).toBe('too-many')
    rig.knock('mallory')
    expect(rig.commit('host', { epoch: 2, joins: { mallory: 2 }, leaves: [2] })).toBe('ok')
    expect(rig.commit('mallory', { epoch: 3 })).toBe('ok')
  })

  test('[ORD3] one guest alone with the host cannot take the right to commit from it', () => {
    rig.seat('host', 'mallory')
    for (const text of ['one', 'two', 'three']) {
      expect(rig.commit('host', { epoch: 1, text })).toBe('ok')
      refuse('mallory', 1, text)
      expect(rig.state.group?.epoch).toBe(1)
    }
    expect(rig.commit('host', { epoch: 1, leaves: [1], text: 'removal' })).toBe('ok')
    expect(refuse('mallory', 1, 'removal')).toBe('ok')
    expect(rig.seatOf('mallory')).toBe('removed')
  })
})
