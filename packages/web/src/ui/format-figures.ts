/** Bit rates and shares as people read them, in their language. */
import type { TFunction } from 'i18next'

/** Bits a second, as kbit/s below a million. */
export function formatBitRate(t: TFunction, language: string, bps: number): string {
  const mega = bps >= 1_000_000
  const number = new Intl.NumberFormat(language, { maximumFractionDigits: mega ? 1 : 0 }).format(
    bps / (mega ? 1_000_000 : 1_000),
  )
  return mega ? t('quality.megabits', { number }) : t('quality.kilobits', { number })
}

/** `share`: 0..1. */
export function formatPercent(language: string, share: number): string {
  return new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 1 }).format(share)
}
