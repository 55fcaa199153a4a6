import { afterEach, expect, test, vi } from 'vitest'
import { watchNetwork } from './network-watch.ts'

/** A browser's window and navigator, as far as they tell of the network. */
function browser(onLine = true) {
  const page = new EventTarget()
  const connection = new EventTarget()
  vi.stubGlobal('addEventListener', page.addEventListener.bind(page))
  vi.stubGlobal('removeEventListener', page.removeEventListener.bind(page))
  vi.stubGlobal('navigator', { onLine, connection })
  const heard: string[] = []
  const stop = watchNetwork((how) => heard.push(how))
  const tell = (where: EventTarget, what: string) => where.dispatchEvent(new Event(what))
  return { page, connection, heard, stop, tell }
}
afterEach(() => vi.unstubAllGlobals())

test('a network that is there again, and a path that is another one, are told apart', () => {
  const { page, connection, heard, tell } = browser()
  tell(page, 'online')
  tell(connection, 'change')
  expect(heard).toEqual(['back', 'changed'])
})

test('no path is said to have changed while there is none', () => {
  const { connection, heard, tell } = browser(false)
  tell(connection, 'change')
  expect(heard).toEqual([])
})

test('nothing is told any more to whoever stopped listening', () => {
  const { page, connection, heard, stop, tell } = browser()
  stop()
  tell(page, 'online')
  tell(connection, 'change')
  expect(heard).toEqual([])
})
