/** Dates and times in the language on screen, as `Intl` writes them. */

/** "10:02", "3:29 PM". `at`: Unix milliseconds. */
export const formatTime = (language: string, at: number): string =>
  new Intl.DateTimeFormat(language, { timeStyle: 'short' }).format(at)

/** "24 December 2026", or shorter. `at`: Unix milliseconds. */
export const formatDate = (language: string, at: number, style: 'long' | 'medium'): string =>
  new Intl.DateTimeFormat(language, { dateStyle: style }).format(at)

/** Like "4:07" or "1:02:33". */
export function formatDuration(durationMs: number): string {
  const seconds = Math.max(0, Math.floor(durationMs / 1000))
  const two = (number: number): string => String(number).padStart(2, '0')
  const hours = Math.floor(seconds / 3600)
  const minutes = Math.floor(seconds / 60) % 60
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`
}
