/**
 * Goes about a page with the keyboard alone, as somebody without a mouse does: Tab until there, then a key. Each stop
 * must be seen: a ring around it, and nothing of ours over all of it (WCAG 2.4.7, 2.4.11).
 */
import type { TestPage } from './browsers.ts'

const MOST_TABS = 120

export interface FocusStop {
  /** The accessible name of what has the focus. */
  readonly name: string
  /** The element, for whoever reads that a test has failed. */
  readonly element: string
  /** Why somebody would not see that the focus is there; empty: it is seen. */
  readonly hidden: string
}

/** In the page: where the focus is, and whether it is to be seen. */
function readFocus(): FocusStop {
  const element = document.activeElement
  if (element === null || element === document.body) return { name: '', element: 'body', hidden: '' }
  const labels = 'labels' in element ? (element.labels as NodeListOf<HTMLElement> | null) : null
  const label = labels?.[0] ?? null
  const labelled = document.getElementById(element.getAttribute('aria-labelledby') ?? '')
  const name = element.getAttribute('aria-label') ?? (labelled ?? label ?? element).textContent ?? ''
  // A control that is drawn by its label (a switch) has its ring and its place there.
  const drawn = [element, label].filter((part) => part !== null)
  const ringed = drawn.some((part) =>
    [part, ...part.querySelectorAll('*')].some((one) => {
      const { outlineStyle, outlineWidth } = getComputedStyle(one)
      return outlineStyle !== 'none' && Number.parseFloat(outlineWidth) > 0
    }),
  )
  const box = (label !== null && element.clientWidth < 2 ? label : element).getBoundingClientRect()
  const spots = [0.5, 0.1, 0.9].flatMap((across) =>
    [0.5, 0.1, 0.9].map((down) => ({ x: box.left + box.width * across, y: box.top + box.height * down })),
  )
  const shown = spots.some(({ x, y }) => {
    const top = document.elementFromPoint(x, y)
    return top !== null && drawn.some((part) => part.contains(top) || top.contains(part))
  })
  const whole = name.replace(/\s+/g, ' ').trim()
  const html = element.outerHTML.slice(0, 160)
  return {
    name: whole,
    element: html,
    hidden: !ringed ? 'no ring around it' : shown ? '' : 'something lies over it',
  }
}

/** Where the focus is; fails where somebody could not see it. */
export async function focusOf(page: TestPage): Promise<string> {
  const { name, element, hidden } = await page.evaluate(readFocus)
  if (hidden !== '') throw new Error(`the focus on “${name}” is not to be seen: ${hidden}; ${element}`)
  return name
}

/** Presses Tab until the focus is on a control whose name begins so; fails with all the names that it came by. */
export async function tabTo(page: TestPage, name: RegExp, key: 'Tab' | 'ArrowDown' = 'Tab'): Promise<void> {
  const passed: string[] = []
  for (let tabs = 0; tabs < MOST_TABS; tabs += 1) {
    const { name: here } = await page.evaluate(readFocus)
    if (name.test(here)) return void (await focusOf(page))
    passed.push(here)
    await page.press(key)
    await focusOf(page)
  }
  throw new Error(`no ${key} leads to ${name}; passed: ${[...new Set(passed)].join(' | ')}`)
}

/** Goes there by Tab and presses a key on it. */
export async function pressOn(page: TestPage, name: RegExp, key: 'Enter' | ' '): Promise<void> {
  await tabTo(page, name)
  await page.press(key)
}

/** Chooses from the menu that is open. */
export async function chooseEntry(page: TestPage, name: RegExp): Promise<void> {
  await page.until('a menu has the focus', () => document.activeElement?.closest('[role="menu"]') !== null)
  await tabTo(page, name, 'ArrowDown')
  await page.press('Enter')
}

/** Writes into whatever has the focus, key by key. */
export async function type(page: TestPage, text: string): Promise<void> {
  for (const letter of text) await page.press(letter)
}

/** Waits until the focus is on something whose name begins so, as after closing what it had opened. */
export async function focusComesTo(page: TestPage, name: RegExp): Promise<void> {
  let last = ''
  for (let look = 0; look < 40; look += 1) {
    last = (await page.evaluate(readFocus)).name
    if (name.test(last)) return void (await focusOf(page))
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error(`the focus does not come to ${name}; it is on “${last}”`)
}
