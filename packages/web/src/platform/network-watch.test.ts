import { afterEach, beforeEach, expect, test, vi } from 'vitest'
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
beforeEach(() => void vi.useFakeTimers())
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

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

test('a device that slept is told as a network that is back; one that was merely busy is not', () => {
  const { heard, stop } = browser()
  vi.advanceTimersByTime(60_000)
  vi.setSystemTime(Date.now() + 3_000)
  vi.advanceTimersByTime(1_000)
  expect(heard).toEqual([])
  vi.setSystemTime(Date.now() + 20_000)
  vi.advanceTimersByTime(1_000)
  expect(heard).toEqual(['back'])
  vi.setSystemTime(Date.now() - 3_600_000)
  vi.advanceTimersByTime(10_000)
  expect(heard).toEqual(['back'])
  stop()
  vi.setSystemTime(Date.now() + 20_000)
  vi.advanceTimersByTime(10_000)
  expect(heard).toEqual(['back'])
})
