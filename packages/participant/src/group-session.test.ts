import { createHash } from 'node:crypto'
import { encodeBase64url } from '@huisclos/crypto/bytes'
import type { EpochView, GroupEngine, Processed } from '@huisclos/crypto/mls'
import type { GroupId } from '@huisclos/protocol'
import { FakeClock } from '@huisclos/testkit'
import { expect, test, vi } from 'vitest'
import { GroupSession } from './group-session.ts'
import type { AskServer } from './media-adapter.ts'
import { SignallingError } from './signalling-error.ts'

const GROUP = 'g'.repeat(22) as GroupId
const bytes = (text: string) => new TextEncoder().encode(text)
const view = (epoch: number) => ({ epoch, self: 0, members: [], change: null }) as unknown as EpochView
const EMPTY = { input: { adds: [], removes: [] }, peers: [] }

/** An engine that takes commits `c<epoch>`, refuses `bad`, and cannot read anything else. */
function fakeEngine() {
  let epoch = 0
  let pending = false
  const engine = {
    commit: async () => {
      pending = true
      return {
        commit: bytes(`own${epoch}`),
        welcome: null,
        epoch,
        joins: [],
        leaves: [],
        hash: new Uint8Array(32),
      }
    },
    confirm: async () => {
      pending = false
      return view(++epoch)
    },
    discard: async () => {
      pending = false
    },
    process: async (message: Uint8Array): Promise<Processed> => {
      if (pending) throw new Error('a commit is pending')
      const text = new TextDecoder().decode(message)
      if (text === `c${epoch}`) return { kind: 'commit', view: view(++epoch) }
      if (text === 'bad')
        return { kind: 'refused', code: 'warrant-missing', hash: new Uint8Array(32).fill(7) }
      return { kind: 'unauthentic' }
    },
    rollback: async () => view(--epoch),
  }
  return engine as unknown as GroupEngine
}

function setUp(answer: (t: string) => unknown = () => ({})) {
  const clock = new FakeClock()
  const log: string[] = []
  const asked: { t: string; [key: string]: unknown }[] = []
  const ask = (async (body: { t: string }) => {
    asked.push(body)
    const result = answer(body.t)
    if (result instanceof Error) throw result
    return result
  }) as unknown as AskServer
  const session = new GroupSession({
    engine: fakeEngine(),
    ask,
    clock,
    group: GROUP,
    on: {
      epoch: ({ epoch }, { own, struck }) =>
        log.push(`epoch ${epoch}${own ? ' own' : ''}${struck ? ' struck' : ''}`),
      said: () => log.push('said'),
      removed: (by) => log.push(`removed by ${by}`),
      refused: () => log.push('refused'),
      struck: () => log.push('struck'),
      unauthentic: () => log.push('unauthentic'),
      stuck: (why) => log.push(`stuck ${why}`),
      fault: (error) => log.push(`fault ${String(error)}`),
    },
  })
  session.begin(view(0))
  session.start({ own: true })
  const committed = (epoch: number, commit: string) =>
    session.handle({
      t: 'group.committed',
      seq: 1,
      group: GROUP,
      epoch,
      from: 'x' as never,
      commit: encodeBase64url(bytes(commit)),
    })
  const struck = (epoch: number, commit: string) => {
    const hash = createHash('sha256').update(commit).digest('base64url')
    session.handle({ t: 'group.struck', seq: 1, group: GROUP, epoch, from: 'x' as never, hash })
  }
  return { clock, log, asked, session, committed, struck }
}

test('[ORD2] an own commit counts only when the server has echoed it', async () => {
  const { clock, log, asked, session, committed } = setUp()
  const outcome = session.commit(EMPTY)
  await clock.settle()
  expect(asked).toMatchObject([{ t: 'group.commit', epoch: 0 }])
  expect(log).toEqual(['epoch 0 own'])
  committed(0, 'own0')
  expect(await outcome).toBe('won')
  expect(log).toEqual(['epoch 0 own', 'epoch 1 own'])
})

test('[ORD2] the loser discards, and applies the winner, in whatever order it learns of it', async () => {
  const { clock, log, session, committed } = setUp((t) =>
    t === 'group.commit' ? new SignallingError('epoch-taken') : {},
  )
  const outcome = session.commit(EMPTY)
  committed(0, 'c0')
  expect(await outcome).toBe('lost')
  await clock.settle()
  expect(log).toEqual(['epoch 0 own', 'epoch 1'])
})

test('[ORD3] a commit that breaks the rules is refused with its hash, and what follows waits for the strike', async () => {
  const { clock, log, asked, committed, struck } = setUp()
  committed(0, 'bad')
  committed(1, 'c1')
  await clock.settle()
  expect(asked).toEqual([
    { t: 'group.refuse', group: GROUP, epoch: 0, hash: encodeBase64url(new Uint8Array(32).fill(7)) },
  ])
  struck(1, 'c1')
  struck(0, 'bad')
  committed(0, 'c0')
  await vi.waitFor(() => expect(log).toEqual(['epoch 0 own', 'refused', 'struck', 'struck', 'epoch 1']))
})

test('[ORD3] a refusal that nobody shares ends this state', async () => {
  const { clock, log, committed } = setUp()
  committed(0, 'bad')
  await clock.advance(10_100)
  expect(log.at(-1)).toBe('stuck outvoted')
})

test('[ORD3] an applied commit that is struck is rolled back', async () => {
  const { clock, log, committed, struck } = setUp()
  committed(0, 'c0')
  await clock.settle()
  struck(0, 'c0')
  committed(0, 'c0')
  await vi.waitFor(() =>
    expect(log).toEqual(['epoch 0 own', 'epoch 1', 'struck', 'epoch 0 struck', 'epoch 1']),
  )
})

test('[ORD3] a strike of another commit than the applied one, or out of order, takes nothing back', async () => {
  const { clock, log, committed, struck } = setUp()
  committed(0, 'c0')
  await clock.settle()
  struck(0, 'another')
  committed(1, 'c1')
  await vi.waitFor(() => expect(log).toEqual(['epoch 0 own', 'epoch 1', 'epoch 2']))
  struck(0, 'c0')
  await vi.waitFor(() => expect(log.slice(3)).toEqual(['struck', 'stuck log-missing']))
})

test('[ORD3] bytes that nobody wrote are dropped and asked for again, and never a reset', async () => {
  let garbled = 2
  const { clock, log, asked, committed } = setUp((t) =>
    t === 'group.refetch' ? { commit: encodeBase64url(bytes(--garbled > 0 ? 'noise' : 'c0')) } : {},
  )
  committed(0, 'noise')
  committed(1, 'c1')
  await clock.advance(20_000)
  expect(asked.map(({ t }) => t)).toEqual(['group.refetch', 'group.refetch'])
  expect(log).toEqual(['epoch 0 own', 'unauthentic', 'unauthentic', 'epoch 1', 'epoch 2'])
})

test('[ORD3] noise that the log itself holds is voted against', async () => {
  const { clock, asked, committed } = setUp((t) =>
    t === 'group.refetch' ? { commit: encodeBase64url(bytes('noise')) } : {},
  )
  committed(0, 'noise')
  await clock.untilReally(() => asked.some(({ t }) => t === 'group.refuse'), 'a vote')
  expect(asked.findIndex(({ t }) => t === 'group.refuse')).toBe(2)
})

test('[ORD3] only a log that is gone makes it start over', async () => {
  const { clock, log, committed } = setUp((t) =>
    t === 'group.refetch' ? new SignallingError('log-missing') : {},
  )
  committed(3, 'c3')
  await clock.advance(2_000)
  expect(log).toEqual(['epoch 0 own', 'stuck log-missing'])
})

test('[ORD1] what is already applied, or of another group, is passed over', async () => {
  const { clock, log, session, committed } = setUp()
  committed(0, 'c0')
  committed(0, 'c0')
  session.handle({
    t: 'group.committed',
    seq: 1,
    group: 'h'.repeat(22) as GroupId,
    epoch: 1,
    from: 'x' as never,
    commit: 'AAAA',
  })
  await clock.settle()
  expect(log).toEqual(['epoch 0 own', 'epoch 1'])
})

test('a closed session is silent', async () => {
  const { clock, log, session, committed } = setUp()
  committed(0, 'c0')
  session.close()
  await clock.settle()
  expect(log).toEqual(['epoch 0 own'])
  expect(await session.commit(EMPTY)).toBe('lost')
})
