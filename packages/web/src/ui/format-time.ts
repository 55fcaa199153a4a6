/** Dates and times in the language on screen, as `Intl` writes them. */

/** "10:02", "3:29 PM". `at`: Unix milliseconds. */
export const formatTime = (language: string, at: number): string =>
  new Intl.DateTimeFormat(language, { timeStyle: 'short' }).format(at)

/** "24 December 2026", or shorter. `at`: Unix milliseconds. */
export const formatDate = (language: string, at: number, style: 'long' | 'medium'): string =>
  new Intl.DateTimeFormat(language, { dateStyle: style }).format(at)
