// The room's keys: the design's table, off while typing, letters switched off on demand (WCAG 2.1.4).
import { describe, expect, test } from 'vitest'
import type { KeyContext, KeyPress } from './shortcuts.ts'
import { shortcutOf } from './shortcuts.ts'

const press = (key: string, part: Partial<KeyPress> = {}): KeyPress => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  repeat: false,
  ...part,
})
const idle: KeyContext = { letters: true, typing: false, onControl: false }

describe('shortcutOf', () => {
  test.each([
    ['m', 'microphone'],
    ['M', 'microphone'],
    ['v', 'camera'],
    ['h', 'hand'],
    ['c', 'chat'],
    ['p', 'people'],
    ['s', 'share'],
    ['l', 'layout'],
    ['f', 'full-screen'],
    ['PageDown', 'next-page'],
    ['PageUp', 'previous-page'],
    ['?', 'help'],
    [' ', 'talk'],
    ['F6', 'next-region'],
  ] as const)('%s is %s', (key, action) => {
    expect(shortcutOf(press(key), idle)).toBe(action)
  })

  test('[PIC1] pages turn with letters off, but not in what the key scrolls and not while typing', () => {
    expect(shortcutOf(press('PageDown'), { ...idle, letters: false })).toBe('next-page')
    expect(shortcutOf(press('PageDown'), { ...idle, scrolling: true })).toBeNull()
    expect(shortcutOf(press('PageUp'), { ...idle, typing: true })).toBeNull()
  })

  test('Ctrl or ⌘ with D and E work everywhere, even while typing', () => {
    const typing = { ...idle, typing: true, letters: false }
    expect(shortcutOf(press('d', { ctrlKey: true }), typing)).toBe('microphone')
    expect(shortcutOf(press('d', { metaKey: true }), typing)).toBe('microphone')
    expect(shortcutOf(press('e', { ctrlKey: true }), typing)).toBe('camera')
  })

  test('no letter, and not Space, acts while somebody types', () => {
    for (const key of ['m', 'v', 'h', 'c', 'p', 's', '?', ' ']) {
      expect(shortcutOf(press(key), { ...idle, typing: true })).toBeNull()
    }
  })

  test('letters can be switched off; Space and F6 stay', () => {
    const off = { ...idle, letters: false }
    expect(shortcutOf(press('m'), off)).toBeNull()
    expect(shortcutOf(press(' '), off)).toBe('talk')
    expect(shortcutOf(press('F6', { shiftKey: true }), off)).toBe('previous-region')
  })

  test('Space on a button presses the button', () => {
    expect(shortcutOf(press(' '), { ...idle, onControl: true })).toBeNull()
  })

  test('the browser keeps its own: copy, save, a held key, Alt', () => {
    expect(shortcutOf(press('c', { ctrlKey: true }), idle)).toBeNull()
    expect(shortcutOf(press('s', { metaKey: true }), idle)).toBeNull()
    expect(shortcutOf(press('d', { ctrlKey: true, shiftKey: true }), idle)).toBeNull()
    expect(shortcutOf(press('m', { repeat: true }), idle)).toBeNull()
    expect(shortcutOf(press('m', { altKey: true }), idle)).toBeNull()
  })
})
