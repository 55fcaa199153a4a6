import { expect, test } from 'vitest'
import { DoorBell } from './door-bell.ts'

function bell(isHidden: boolean) {
  const heard: string[] = []
  const made = new DoorBell({
    permission: () => 'default',
    ask: async () => 'granted',
    notify: (text) => heard.push(text),
    sound: async () => void heard.push('sound'),
    isHidden: () => isHidden,
  })
  return { made, heard }
}

test('[HOST8] a knock sounds, and in a hidden tab it is a notification too', () => {
  const seen = bell(false)
  seen.made.ring('Someone is at the door')
  expect(seen.heard).toEqual(['sound'])
  const hidden = bell(true)
  hidden.made.ring('Someone is at the door')
  expect(hidden.heard).toEqual(['sound', 'Someone is at the door'])
})

test('[HOST8] the browser is asked only when the person asks', async () => {
  const { made } = bell(true)
  expect(made.view.notices).toBe('default')
  made.ask()
  await Promise.resolve()
  expect(made.view.notices).toBe('granted')
})
