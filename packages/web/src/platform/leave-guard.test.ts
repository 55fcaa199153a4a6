import { expect, test } from 'vitest'
import { guardLeaving } from './leave-guard.ts'

test('[DEV11] leaving is asked about during the call, and not after it', () => {
  const page = new EventTarget() as unknown as Window
  const leave = () => {
    const event = new Event('beforeunload', { cancelable: true })
    page.dispatchEvent(event)
    return event.defaultPrevented
  }
  expect(leave()).toBe(false)
  const end = guardLeaving(page)
  expect(leave()).toBe(true)
  end()
  expect(leave()).toBe(false)
})
