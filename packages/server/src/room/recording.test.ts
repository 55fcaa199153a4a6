/** REC3, REC4, REC9–12 in the room: who may record, who is stored, and what everybody is told. */
import { beforeEach, describe, expect, test } from 'vitest'
import { bytes, peerId, RoomRig, recordingId } from '../../test/room-rig.ts'
import { emptyRoom } from './room-state.ts'
import { step } from './step.ts'

const recording = recordingId('recording')
const other = recordingId('other')
let rig: RoomRig
beforeEach(() => {
  rig = new RoomRig()
  rig.seat('host', 'bob', 'cy')
})

const owner = () => rig.owner.toString('base64url')
const start = (name = 'host') => rig.code(name, { t: 'recording.start', recording, owner: owner() })
const pause = (paused: boolean) =>
  rig.code('host', { t: 'recording.pause', recording, owner: owner(), paused })
const stop = () => rig.code('host', { t: 'recording.stop', recording, owner: owner() })
const consent = (name: string, yes = true, id = recording) =>
  rig.code(name, { t: 'recording.consent', recording: id, yes })
/** Who is stored, as the recorder was last told. */
const stored = () =>
  rig
    .did('store-streams')
    .at(-1)
    ?.of.map((id) => nameOf(id)) ?? []
const nameOf = (id: string) => Buffer.from(id, 'base64url').toString().replaceAll('.', '')
/** What everybody was last told. */
const told = () => rig.did('tell-recording').at(-1)

describe('who may', () => {
  test('[REC9] a member with the owner token starts, pauses, resumes and stops it, and everybody is told', () => {
    rig.enter('dee')
    expect(start()).toBe('ok')
    expect(told()).toMatchObject({ recording, state: 'running', why: 'asked' })
    expect(told()?.to).toEqual(['host', 'bob', 'cy', 'dee'].map(peerId))
    expect(pause(true)).toBe('ok')
    expect(told()).toMatchObject({ recording, state: 'paused', why: 'asked' })
    expect(pause(false)).toBe('ok')
    expect(told()).toMatchObject({ recording, state: 'running', why: 'asked' })
    expect(stop()).toBe('ok')
    expect(told()).toMatchObject({ recording: null, state: 'off', why: 'asked' })
    expect(rig.did('start-recording')).toHaveLength(1)
    expect(rig.did('end-recording')).toEqual([{ do: 'end-recording', recording, why: 'asked' }])
  })

  test('[REC9] another token is owner-refused for every order, and nothing comes of it', () => {
    start()
    rig.forget()
    const wrong = { recording, owner: Buffer.alloc(32, 7).toString('base64url') }
    expect(rig.code('bob', { t: 'recording.start', ...wrong })).toBe('owner-refused')
    expect(rig.code('bob', { t: 'recording.pause', ...wrong, paused: true })).toBe('owner-refused')
    expect(rig.code('bob', { t: 'recording.stop', ...wrong })).toBe('owner-refused')
    const signature = Buffer.alloc(64).toString('base64url')
    expect(rig.code('bob', { t: 'recording.manifest', ...wrong, signature })).toBe('owner-refused')
    expect(rig.actions.filter((a) => a.do !== 'answer' && a.do !== 'tell')).toEqual([])
  })

  test('[REC9] the right token from somebody who sits not here starts nothing', () => {
    rig.enter('dee')
    expect(start('dee')).toBe('not-seated')
    rig.commit('host', { epoch: 2, leaves: [2] })
    expect(start('cy')).toBe('removed')
    expect(rig.did('start-recording')).toEqual([])
  })

  test('[REC9] one recording a room; asked for again it is the same one', () => {
    start()
    expect(start()).toBe('ok')
    const second = { t: 'recording.start', recording: other, owner: owner() } as const
    expect(rig.code('host', second)).toBe('recording-exists')
    expect(rig.did('start-recording')).toHaveLength(1)
  })

  test('[REC8] where recordings are off, each request is answered like an unknown one', () => {
    const state = emptyRoom(0, { allowed: false, ownerHash: new Uint8Array(32) })
    step(state, 0, { t: 'enter', peer: peerId('host'), as: 'person' })
    const request = { t: 'recording.consent', id: 1, recording, yes: true } as const
    expect(step(state, 0, { t: 'request', peer: peerId('host'), request })[0]).toMatchObject({
      answer: { ok: false, code: 'bad-message' },
    })
  })

  test('[REC9] more orders than a person gives are too-many; saying no is never refused', () => {
    const said = Array.from({ length: 12 }, () => consent('bob'))
    expect(said).toContain('too-many')
    expect(consent('bob', false)).toBe('ok')
  })
})

describe('who is stored', () => {
  test('[REC3][REC10] nobody before they said yes, from then on, and no more once they said no', () => {
    start()
    expect(rig.did('store-streams')).toEqual([])
    consent('bob')
    expect(stored()).toEqual(['bob'])
    consent('host')
    expect(stored()).toEqual(['host', 'bob'])
    consent('bob', false)
    expect(stored()).toEqual(['host'])
  })

  test('[REC3] a yes before the start counts, a yes to another recording does not', () => {
    consent('bob')
    consent('cy', true, other)
    start()
    expect(stored()).toEqual(['bob'])
  })

  test('[REC10] nobody while it is paused by a host or by a full disk', () => {
    start()
    consent('bob')
    pause(true)
    expect(stored()).toEqual([])
    rig.feed({ t: 'recorder', recording, news: { of: 'stalled', why: 'disk-full' } })
    pause(false)
    expect(told()).toMatchObject({ state: 'paused', why: 'asked' })
    expect(stored()).toEqual([])
    rig.feed({ t: 'recorder', recording, news: { of: 'writable' } })
    expect(told()).toMatchObject({ state: 'running', why: 'writable' })
    expect(stored()).toEqual(['bob'])
  })

  test('[REC10] not who leaves or is removed, in the same turn', () => {
    start()
    for (const name of ['host', 'bob', 'cy']) consent(name)
    rig.leave('bob')
    expect(stored()).toEqual(['host', 'cy'])
    rig.commit('host', { epoch: 2, leaves: [2] })
    expect(stored()).toEqual(['host'])
  })

  test('[REC3] whoever is seated anew has said nothing yet; who lost its socket only has said yes', () => {
    start()
    consent('bob')
    rig.lose('bob')
    rig.back('bob')
    expect(stored()).toEqual(['bob'])
    rig.knock('bob')
    expect(rig.commit('host', { epoch: 2, joins: { bob: 1 }, leaves: [1] })).toBe('ok')
    expect(stored()).toEqual([])
    consent('bob')
    expect(stored()).toEqual(['bob'])
  })

  test('[REC3] a session remembers its last four yeses', () => {
    for (let i = 0; i < 5; i += 1) consent('bob', true, i === 0 ? recording : recordingId(`r${i}`))
    start()
    expect(stored()).toEqual([])
  })
})

describe('envelopes', () => {
  const seal = (name: string, a: { epoch?: number; part?: number } = {}) =>
    rig.code(name, {
      t: 'recording.envelope',
      recording,
      group: rig.group,
      epoch: a.epoch ?? 2,
      part: a.part ?? 0,
      body: bytes('sealed'),
    })
  const alarms = () => rig.did('tell-recording').filter((a) => a.why === 'no-envelope')

  test('[REC2] an epoch that is stored without an envelope for 5 s alarms the room, once, and until one comes', () => {
    start()
    const since = rig.now
    consent('bob')
    rig.pass(4_999)
    expect(alarms()).toEqual([])
    rig.pass(1)
    expect(alarms()).toMatchObject([{ recording, state: 'running', since }])
    rig.pass(60_000)
    expect(alarms()).toHaveLength(1)
    expect(seal('bob')).toBe('ok')
    expect(told()).toMatchObject({ state: 'running', why: 'sealed' })
    expect(rig.did('note-recording').map((a) => a.why)).toEqual(['no-envelope', 'sealed'])
  })

  test('[REC2] with an envelope in each epoch there is no alarm; epochs that hurry past without any do not hide it', () => {
    start()
    consent('bob')
    seal('bob')
    rig.pass(60_000)
    expect(alarms()).toEqual([])
    for (let epoch = 2; epoch < 9; epoch += 1) rig.commit('host', { epoch })
    expect(alarms()).toHaveLength(1)
  })

  test('[REC2] where nothing is stored nothing can be missing', () => {
    start()
    rig.pass(60_000)
    consent('bob')
    pause(true)
    rig.pass(60_000)
    expect(alarms()).toEqual([])
    pause(false)
    rig.pass(5_000)
    expect(alarms()).toHaveLength(1)
  })

  test('[REC11] taken for this epoch and the one before, from those who said yes and from who showed the token', () => {
    start()
    expect(seal('bob')).toBe('not-seated')
    expect(seal('host')).toBe('ok')
    consent('bob')
    expect(seal('bob')).toBe('ok')
    expect(seal('bob', { part: 0 })).toBe('bad-message')
    expect(seal('bob', { part: 1 })).toBe('ok')
    rig.commit('host', { epoch: 2 })
    expect(seal('bob', { epoch: 3 })).toBe('ok')
    expect(seal('bob', { epoch: 2, part: 2 })).toBe('ok')
    rig.commit('host', { epoch: 3 })
    expect(seal('bob', { epoch: 2, part: 3 })).toBe('epoch-stale')
    expect(seal('bob', { epoch: 5 })).toBe('epoch-stale')
    expect(rig.did('keep-envelope').map(({ epoch, peer, part }) => [epoch, nameOf(peer), part])).toEqual([
      [2, 'host', 0],
      [2, 'bob', 0],
      [2, 'bob', 1],
      [3, 'bob', 0],
      [2, 'bob', 2],
    ])
  })

  test('[REC11] four members who crowd in leave room for who showed the token, and a fifth is turned away', () => {
    const crowd = ['dee', 'eve', 'fay']
    for (const [i, name] of crowd.entries()) {
      rig.enter(name)
      rig.knock(name)
      rig.commit('host', { epoch: 2 + i, joins: { [name]: 3 + i } })
    }
    start()
    for (const name of ['bob', 'cy', ...crowd]) consent(name)
    const said = ['bob', 'cy', ...crowd].map((name) => seal(name, { epoch: 5 }))
    expect(said).toEqual(['ok', 'ok', 'ok', 'ok', 'too-many'])
    expect(seal('host', { epoch: 5 })).toBe('ok')
  })

  test('[REC11] sixteen at once, then one a second', () => {
    start()
    consent('bob')
    const said = Array.from({ length: 17 }, (_, part) => seal('bob', { part }))
    expect(said.filter((code) => code === 'ok')).toHaveLength(16)
    expect(said.at(-1)).toBe('too-many')
    rig.now += 1_000
    expect(seal('bob', { part: 20 })).toBe('ok')
  })

  test('[REC2][ORD3] what was sealed for an epoch that was struck does not count for the one that took its number', () => {
    start()
    consent('bob')
    rig.commit('cy', { epoch: 2, text: 'noise' })
    seal('bob', { epoch: 3 })
    rig.commit('host', { epoch: 3, text: 'after' })
    const { log = [] } = rig.state.group ?? {}
    const hash = log.find((r) => r.epoch === 2)?.hash ?? ''
    for (const name of ['host', 'bob'])
      rig.code(name, { t: 'group.refuse', group: rig.group, epoch: 2, hash })
    expect(rig.state.group?.epoch).toBe(2)
    rig.commit('host', { epoch: 2, text: 'another' })
    rig.pass(5_000)
    expect(alarms()).toHaveLength(1)
    expect(seal('bob', { epoch: 3 })).toBe('ok')
  })
})

describe('the end', () => {
  test('[REC12] it ends with the group', () => {
    start()
    consent('bob')
    for (const name of ['bob', 'cy', 'host']) rig.leave(name)
    rig.enter('dee')
    expect(rig.state.group).toBeNull()
    expect(rig.did('end-recording')).toEqual([{ do: 'end-recording', recording, why: 'meeting-over' }])
  })

  test('[REC9] what the recorder sealed is shown to who has the token, whose first signature is taken', () => {
    start()
    stop()
    rig.feed({ t: 'recorder', recording, news: { of: 'sealed', statement: 'AAAA' } })
    expect(rig.told('host', 'recording.sealed')).toEqual([
      { t: 'recording.sealed', recording, statement: 'AAAA' },
    ])
    expect(rig.told('bob', 'recording.sealed')).toEqual([])
    const sign = {
      t: 'recording.manifest',
      recording,
      owner: owner(),
      signature: bytes('s'.repeat(64)),
    } as const
    expect(rig.code('host', sign)).toBe('ok')
    expect(rig.code('host', sign)).toBe('recording-unknown')
    expect(rig.did('sign-recording')).toHaveLength(1)
  })

  test('[REC12] a defect of the recorder ends it as failed; a recording that is over has nothing more to say', () => {
    start()
    rig.feed({ t: 'recorder', recording: other, news: { of: 'failed' } })
    expect(told()).toMatchObject({ state: 'running' })
    rig.feed({ t: 'recorder', recording, news: { of: 'failed' } })
    expect(told()).toMatchObject({ recording, state: 'failed', why: 'fault' })
    expect(start()).toBe('ok')
  })

  test('[REC1] whoever comes while one is on is told before anything else', () => {
    start()
    rig.forget()
    rig.enter('dee')
    expect(rig.actions[0]).toMatchObject({ do: 'tell-recording', to: [peerId('dee')], state: 'running' })
  })
})
