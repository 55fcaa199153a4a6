/**
 * The room's keys. Pure: a key press in, an action out. Single letters can be switched off (WCAG 2.1.4), and nothing
 * but F6 and Escape acts while somebody types; Space never takes over a control that has the focus.
 */
export type ShortcutAction =
  | 'microphone'
  | 'camera'
  | 'hand'
  | 'chat'
  | 'people'
  | 'share'
  | 'layout'
  | 'captions'
  | 'full-screen'
  | 'next-page'
  | 'previous-page'
  | 'help'
  | 'next-region'
  | 'previous-region'
  | 'talk'

export interface KeyPress {
  readonly key: string
  readonly ctrlKey: boolean
  readonly metaKey: boolean
  readonly altKey: boolean
  readonly shiftKey: boolean
  readonly repeat: boolean
}

export interface KeyContext {
  /** Single letters are on. */
  readonly letters: boolean
  /** The focus is where text is written. */
  readonly typing: boolean
  /** The focus is on something that Space presses. */
  readonly onControl: boolean
  /** The focus is in something that PageUp and PageDown scroll. */
  readonly scrolling?: boolean
}

/** Not letters: they act whether letters are on or off. */
const PAGES: Readonly<Record<string, ShortcutAction>> = {
  PageDown: 'next-page',
  PageUp: 'previous-page',
}
const LETTERS: Readonly<Record<string, ShortcutAction>> = {
  m: 'microphone',
  v: 'camera',
  h: 'hand',
  c: 'chat',
  p: 'people',
  s: 'share',
  l: 'layout',
  f: 'full-screen',
  t: 'captions',
  '?': 'help',
}

/** What this key press asks for, or null. */
export function shortcutOf(press: KeyPress, context: KeyContext): ShortcutAction | null {
  const { key, ctrlKey, metaKey, altKey, shiftKey, repeat } = press
  if (key === 'F6' && !ctrlKey && !altKey && !metaKey) return shiftKey ? 'previous-region' : 'next-region'
  if (repeat || altKey) return null
  const low = key.toLowerCase()
  if (ctrlKey !== metaKey && !shiftKey) {
    if (low === 'd') return 'microphone'
    return low === 'e' ? 'camera' : null
  }
  if (ctrlKey || metaKey || context.typing) return null
  if (key === ' ') return context.onControl ? null : 'talk'
  const page = PAGES[key]
  if (page !== undefined) return context.scrolling === true || shiftKey ? null : page
  return context.letters ? (LETTERS[low] ?? null) : null
}

const TYPED =
  'input:not([type=checkbox]):not([type=radio]):not([type=range]), textarea, select, [contenteditable=true]'
const PRESSED =
  'button, a[href], summary, input, [role=button], [role=menuitem], [role=switch], [role=option]'
const SCROLLED = '.panel, .strip'

/** What the focus is on, as `shortcutOf` wants it. */
export function focusContext(target: EventTarget | null): Omit<KeyContext, 'letters'> {
  if (!(target instanceof Element)) return { typing: false, onControl: false, scrolling: false }
  return {
    typing: target.closest(TYPED) !== null,
    onControl: target.closest(PRESSED) !== null,
    scrolling: target.closest(SCROLLED) !== null,
  }
}
