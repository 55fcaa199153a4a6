/** This page's words, apart from those of meetings, so that nobody who joins a meeting loads them. */
import type { Catalogues } from '../../ui/i18n/i18n.ts'

export const RECORDINGS_TEXTS: Catalogues = {
  en: () => import('./en.json'),
  fr: () => import('./fr.json'),
}
