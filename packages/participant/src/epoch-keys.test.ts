import type { EpochView } from '@huisclos/crypto/mls'
import { FakeClock } from '@huisclos/testkit'
import { expect, test } from 'vitest'
import { EpochKeys } from './epoch-keys.ts'

const view = (epoch: number, removed: number[] = []): EpochView => ({
  groupId: new Uint8Array(16),
  epoch,
  self: 3,
  baseKey: new Uint8Array(32).fill(epoch),
  authenticator: new Uint8Array(64),
  members: [],
  context: {} as EpochView['context'],
  change: {
    by: 0,
    added: [],
    removed: removed.map((leaf) => ({ leaf, pseudonym: `p${leaf}`, why: 'removed' as const })),
    contextChanged: false,
  },
})

function setUp() {
  const clock = new FakeClock()
  const log: string[] = []
  const keys = new EpochKeys(
    {
      installEpoch: ({ epoch, removed, retireAfterMs }) =>
        log.push(`install ${epoch} without [${removed}] old ${retireAfterMs}`),
      strikeEpoch: (epoch) => log.push(`strike ${epoch}`),
      sendWith: ({ epoch, leaf }) => log.push(`send ${epoch} as ${leaf}`),
      stopSending: () => log.push('stop'),
    },
    clock,
  )
  keys.opened()
  return { clock, log, keys, take: () => log.splice(0) }
}

test('[GRP5] keys are installed at once, and nothing is sent before it is allowed', () => {
  const { keys, take } = setUp()
  keys.install(view(1), { switchNow: true })
  expect(take()).toEqual(['install 1 without [] old 10000'])
  keys.allow(true)
  expect(take()).toEqual(['send 1 as 3'])
})

test('[KEY4] senders switch when all are ready', () => {
  const { keys, take } = setUp()
  keys.allow(true)
  keys.install(view(1), { switchNow: true })
  keys.install(view(2), { switchNow: false })
  take()
  keys.allReady(2)
  expect(take()).toEqual(['send 2 as 3'])
  keys.allReady(1)
  expect(take()).toEqual([])
})

test('[KEY4] or after 1.5 s, however many epochs follow', async () => {
  const { clock, keys, take } = setUp()
  keys.allow(true)
  keys.install(view(1), { switchNow: true })
  keys.install(view(2), { switchNow: false })
  await clock.advance(1_000)
  keys.install(view(3), { switchNow: false })
  take()
  await clock.advance(499)
  expect(take()).toEqual([])
  await clock.advance(1)
  expect(take()).toEqual(['send 2 as 3'])
  await clock.advance(1_000)
  expect(take()).toEqual(['send 3 as 3'])
})

test('[KEY4] after a Remove they switch at once, and old keys live 2 s', () => {
  const { keys, take } = setUp()
  keys.allow(true)
  keys.install(view(1), { switchNow: true })
  take()
  keys.install(view(2, [5]), { switchNow: false })
  expect(take()).toEqual(['install 2 without [5] old 2000', 'send 2 as 3'])
})

test('[ROS2] what is forbidden stops, and starts with the newest keys', () => {
  const { keys, take } = setUp()
  keys.allow(true)
  keys.install(view(1), { switchNow: true })
  take()
  keys.allow(false)
  keys.install(view(2, [5]), { switchNow: false })
  expect(take()).toEqual(['stop', 'install 2 without [5] old 2000'])
  keys.allow(true)
  expect(take()).toEqual(['send 2 as 3'])
})

test('[ORD3] a struck epoch goes, and the one before is used again', () => {
  const { keys, take } = setUp()
  keys.allow(true)
  keys.install(view(1), { switchNow: true })
  keys.install(view(2, [5]), { switchNow: false })
  take()
  keys.strike(2, view(1))
  expect(take()).toEqual(['strike 2', 'install 1 without [] old 10000', 'send 1 as 3'])
})

test('an adapter that was opened anew gets the newest keys', () => {
  const { keys, take } = setUp()
  keys.allow(true)
  keys.install(view(1), { switchNow: true })
  keys.closed()
  keys.install(view(2), { switchNow: false })
  take()
  keys.opened()
  expect(take()).toEqual(['install 2 without [] old 10000', 'send 2 as 3'])
})
