/** Goes about a page with the keyboard alone, as somebody without a mouse does: Tab until there, then a key. */
import type { TestPage } from './browsers.ts'

const MOST_TABS = 120

/** In the page: what the focus is on, by its accessible name. */
function focusedName(): string {
  const element = document.activeElement
  if (element === null) return ''
  const labels =
    element instanceof HTMLInputElement || element instanceof HTMLSelectElement ? element.labels : null
  const label = labels?.[0]?.textContent ?? ''
  return (element.getAttribute('aria-label') ?? (label || element.textContent) ?? '')
    .replace(/\s+/g, ' ')
    .trim()
}

/** Presses Tab until the focus is on a control whose name begins so; fails with all the names that it came by. */
export async function tabTo(page: TestPage, name: RegExp): Promise<void> {
  const passed: string[] = []
  for (let tabs = 0; tabs < MOST_TABS; tabs += 1) {
    const here = await page.evaluate(focusedName)
    if (name.test(here)) return
    passed.push(here)
    await page.press('Tab')
  }
  throw new Error(`no Tab leads to ${name}; passed: ${[...new Set(passed)].join(' | ')}`)
}

/** Goes there by Tab and presses a key on it. */
export async function pressOn(page: TestPage, name: RegExp, key: 'Enter' | ' '): Promise<void> {
  await tabTo(page, name)
  await page.press(key)
}
