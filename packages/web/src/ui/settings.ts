/**
 * What this device remembers of the person's taste: language, appearance, single-letter shortcuts. Never a name, a
 * link or a key. Where storage is refused, settings last as long as the page.
 */
export type Setting =
  | 'language'
  | 'theme'
  | 'letters'
  | 'layout'
  | 'tiles'
  | 'self-view'
  | 'mirror'
  | 'share'
  | 'captions'
  | 'caption-size'
  | 'captions-aloud'

const memory = new Map<Setting, string>()
const keyOf = (setting: Setting): string => `huisclos.${setting}`

/** The stored value, or null. Never throws. */
export function readSetting(setting: Setting): string | null {
  const kept = memory.get(setting)
  if (kept !== undefined) return kept
  try {
    return localStorage.getItem(keyOf(setting))
  } catch {
    return null
  }
}

/** Never throws. */
export function writeSetting(setting: Setting, value: string): void {
  memory.set(setting, value)
  try {
    localStorage.setItem(keyOf(setting), value)
  } catch {
    // Storage is refused: the value lives in this page's memory.
  }
}
