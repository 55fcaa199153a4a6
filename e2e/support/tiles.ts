/** How many tiles are on one page, chosen by keyboard as a person does. */
import type { TestPage } from './browsers.ts'
import { pressOn, tabTo } from './keyboard.ts'

/** In the page: chooses an option of the focused list, as a key does. */
function chooseOption(value: string): void {
  const list = document.activeElement
  if (!(list instanceof HTMLSelectElement)) throw new Error('no list has the focus')
  list.value = value
  list.dispatchEvent(new Event('change', { bubbles: true }))
}

export async function showAtMost(page: TestPage, tiles: number): Promise<void> {
  await page.press('F6')
  await pressOn(page, /^View$/, 'Enter')
  await tabTo(page, /^On one page/)
  await page.evaluate(chooseOption, String(tiles))
  await page.press('Escape')
}
