import { expect, test } from 'vitest'
import { keepAwake } from './wake-lock.ts'

/** A page that can be hidden and seen, and every lock it was given. */
function start(refuse = false) {
  let visible = true
  let changed = () => {}
  const locks: { released: number }[] = []
  const page = {
    get visible() {
      return visible
    },
    request: async () => {
      if (refuse) throw new DOMException('battery', 'NotAllowedError')
      const lock = { released: 0 }
      locks.push(lock)
      return { release: async () => void lock.released++ }
    },
    onVisibility: (heard: () => void) => {
      changed = heard
      return () => {
        changed = () => {}
      }
    },
  }
  const show = async (next: boolean) => {
    visible = next
    changed()
    await Promise.resolve()
    await Promise.resolve()
  }
  return { page, locks, show }
}
const settle = () => new Promise((done) => setTimeout(done, 0))

test('[DEV11] the screen stays on during a call, again after the page was hidden, and is let go at the end', async () => {
  const { page, locks, show } = start()
  const end = keepAwake(page)
  await settle()
  expect(locks).toHaveLength(1)
  await show(false)
  expect(locks).toHaveLength(1)
  await show(true)
  await settle()
  expect(locks).toHaveLength(2)
  expect(locks[0]?.released).toBe(1)
  end()
  expect(locks[1]?.released).toBe(1)
  await show(true)
  expect(locks).toHaveLength(2)
})

test('[DEV11] a lock that comes after the end is let go at once', async () => {
  const { page, locks } = start()
  keepAwake(page)()
  await settle()
  expect(locks.map(({ released }) => released)).toEqual([1])
})

test('[DEV11] a refusal or a browser without wake locks is no failure', async () => {
  const { page } = start(true)
  const end = keepAwake(page)
  await settle()
  end()
  keepAwake({ ...page, request: null })()
})
