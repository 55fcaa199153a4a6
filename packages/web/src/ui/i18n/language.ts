/** Which languages there are and which of them a browser is spoken to in; without the machinery of i18n.ts. */

export const LANGUAGES = ['en', 'fr'] as const
export type Language = (typeof LANGUAGES)[number]
/** Each language in its own words. */
export const LANGUAGE_NAMES: Readonly<Record<Language, string>> = { en: 'English', fr: 'Français' }

export const isLanguage = (text: string | null): text is Language => LANGUAGES.some((known) => known === text)

/** The first of the browser's languages that we speak, English otherwise. */
export function pickLanguage(stored: string | null, wanted: readonly string[]): Language {
  if (isLanguage(stored)) return stored
  const known = wanted.map((tag) => tag.slice(0, 2).toLowerCase()).find(isLanguage)
  return known ?? 'en'
}
