/** Sizes, moments and spans as the language on screen writes them. */
import { useTranslation } from 'react-i18next'

/** Megabytes, with one decimal below ten. */
export function useSize(): (bytes: number) => string {
  const { i18n } = useTranslation()
  return (bytes) =>
    new Intl.NumberFormat(i18n.language, { maximumFractionDigits: bytes < 1e7 ? 1 : 0 }).format(bytes / 1e6)
}

/** Unix milliseconds to date and time. */
export function useMoment(): (at: number) => string {
  const { i18n } = useTranslation()
  const format = new Intl.DateTimeFormat(i18n.language, { dateStyle: 'medium', timeStyle: 'short' })
  return (at) => format.format(at)
}
