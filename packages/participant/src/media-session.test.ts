/** Media and the socket to the server: what one loses, the other most often has lost too. */
import { FakeClock } from '@huisclos/testkit'
import { expect, test } from 'vitest'
import type { AskServer, MediaAdapter } from './media-adapter.ts'
import { MediaSession } from './media-session.ts'

function connected(restarts: (() => Promise<void>)[] = []) {
  const clock = new FakeClock()
  const log: string[] = []
  const media = {
    open: async () => void log.push('open'),
    close: () => log.push('close'),
    restartIce: async () => {
      log.push('restart ice')
      await restarts.shift()?.()
    },
  } as unknown as MediaAdapter<string>
  const session = new MediaSession<string>({
    media,
    ask: (async () => ({})) as unknown as AskServer,
    clock,
    tcpOnly: false,
    opened: () => {},
    closed: () => {},
    changed: () => {},
  })
  const start = async () => {
    session.start({})
    await clock.advance(0)
    session.transport('connected')
    log.splice(0)
  }
  return { clock, session, start, take: () => log.splice(0) }
}

test('a new socket restarts ICE at once, though media has noticed nothing yet', async () => {
  const { clock, session, start, take } = connected()
  await start()
  session.lost()
  session.resumed()
  await clock.advance(60_000)
  expect(take()).toEqual(['restart ice'])
})

test('before media has opened a new socket restarts nothing', async () => {
  const { session, take } = connected()
  session.lost()
  session.resumed()
  expect(take()).toEqual([])
})

test('a restart that waits for the socket is not asked for twice', async () => {
  const waiting = Promise.withResolvers<void>()
  const { clock, session, start, take } = connected([() => waiting.promise])
  await start()
  session.lost()
  session.transport('disconnected')
  await clock.advance(0)
  session.resumed()
  expect(take()).toEqual(['restart ice'])
  waiting.resolve()
  await clock.advance(0)
  session.transport('connected')
  session.transport('disconnected')
  expect(take()).toEqual(['restart ice'])
})

test('without a socket nothing is given up; a path that failed meanwhile is made anew with the socket', async () => {
  const { clock, session, start, take } = connected([() => new Promise(() => {})])
  await start()
  session.lost()
  session.transport('disconnected')
  session.transport('failed')
  await clock.advance(60_000)
  expect(take()).toEqual(['restart ice'])
  session.resumed()
  await clock.advance(0)
  expect(take()).toEqual(['close', 'open'])
  expect(session.tcpOnly).toBe(false)
})

test('a path that was merely lost meanwhile is restarted with the socket, and given fifteen seconds', async () => {
  const waiting = Promise.withResolvers<void>()
  const { clock, session, start, take } = connected([() => waiting.promise])
  await start()
  session.lost()
  session.transport('disconnected')
  await clock.advance(60_000)
  session.resumed()
  expect(take()).toEqual(['restart ice'])
  waiting.resolve()
  await clock.advance(14_000)
  expect(take()).toEqual([])
  await clock.advance(2_000)
  expect(take()).toEqual(['close', 'open'])
})

test('transports that the server has closed meanwhile are made anew at once', async () => {
  const { clock, session, start, take } = connected([() => Promise.reject(new Error('unknown-target'))])
  await start()
  session.lost()
  session.transport('disconnected')
  session.resumed()
  await clock.advance(1_000)
  expect(take()).toEqual(['restart ice', 'close', 'open'])
})
