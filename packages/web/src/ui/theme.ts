/**
 * Appearance outside the call: as the system, light or dark, by `data-theme` on the root element, which tokens.css
 * reads. The room itself is always dark. High contrast follows the system by `forced-colors` and `prefers-contrast`.
 */
import { readSetting, writeSetting } from './settings.ts'

export const THEMES = ['system', 'light', 'dark'] as const
export type Theme = (typeof THEMES)[number]

/** The appearance chosen on this device. */
export function currentTheme(): Theme {
  const stored = readSetting('theme')
  return THEMES.find((theme) => theme === stored) ?? 'system'
}

/** Applies an appearance and remembers it. */
export function chooseTheme(theme: Theme): void {
  writeSetting('theme', theme)
  applyTheme(theme)
}

export function applyTheme(theme: Theme): void {
  if (theme === 'system') delete document.documentElement.dataset['theme']
  else document.documentElement.dataset['theme'] = theme
}
