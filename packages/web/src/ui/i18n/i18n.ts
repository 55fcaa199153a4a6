/**
 * The two catalogues, English and French, and the language in use: the browser's at first, then the one chosen, kept
 * on this device. Switching needs no reload. Text is never markup here (WEB1): React escapes what it shows, so i18next
 * need not.
 */
import type { BackendModule, ReadCallback } from 'i18next'
import i18next from 'i18next'
import { initReactI18next } from 'react-i18next'
import { readSetting, writeSetting } from '../settings.ts'
import type { Language } from './language.ts'
import { isLanguage, pickLanguage } from './language.ts'

export type Catalogues = Readonly<Record<Language, () => Promise<{ default: object }>>>

const OWN: Catalogues = {
  en: () => import('./en.json'),
  fr: () => import('./fr.json'),
}

/** Fetches a catalogue when its language is first used. */
const backendOf = (more: Readonly<Record<string, Catalogues>>): BackendModule => ({
  type: 'backend',
  init: () => undefined,
  read(language: string, namespace: string, done: ReadCallback) {
    const catalogues = more[namespace] ?? OWN
    const load = isLanguage(language) ? catalogues[language] : catalogues.en
    load().then(
      (catalogue) => done(null, { ...catalogue.default }),
      (cause: unknown) => done(cause instanceof Error ? cause : new Error('catalogue-missing'), null),
    )
  },
})

/** The manifest too: an installed page is called and described in this language. */
const describe = (language: string): void => {
  document.documentElement.lang = language
  document
    .querySelector('link[rel="manifest"]')
    ?.setAttribute('href', language === 'fr' ? '/manifest.fr.webmanifest' : '/manifest.webmanifest')
}

/** Loads the language of this browser; resolves when texts can be shown. `more`: further catalogues by namespace. */
export async function startI18n(more: Readonly<Record<string, Catalogues>> = {}): Promise<void> {
  const language = pickLanguage(readSetting('language'), navigator.languages)
  i18next.on('languageChanged', describe)
  await i18next
    .use(backendOf(more))
    .use(initReactI18next)
    .init({
      lng: language,
      ns: ['translation', ...Object.keys(more)],
      defaultNS: 'translation',
      fallbackLng: false,
      interpolation: { escapeValue: false },
      react: { useSuspense: false },
    })
}

/** Switches every text on screen, and remembers it. */
export async function chooseLanguage(language: Language): Promise<void> {
  writeSetting('language', language)
  await i18next.changeLanguage(language)
}
