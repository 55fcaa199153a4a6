// Every way a meeting can end has a page of its own, in both languages, with somewhere to go.
import type { EndReason } from '@huisclos/participant'
import i18next from 'i18next'
import { renderToStaticMarkup } from 'react-dom/server'
import { I18nextProvider, initReactI18next } from 'react-i18next'
import { beforeAll, describe, expect, test } from 'vitest'
import en from '../i18n/en.json' with { type: 'json' }
import fr from '../i18n/fr.json' with { type: 'json' }
import { EndedScreen } from './PhaseScreen.tsx'

const REASONS: readonly EndReason[] = [
  'left',
  'removed',
  'ended-by-host',
  'unseated',
  'access-refused',
  'room-full',
  'descriptor-damaged',
  'descriptor-rolled-back',
  'host-mismatch',
  'server-lied',
  'not-echoed',
  'lost',
  'version',
  'expired',
  'duplicate',
]
const nothing = () => undefined
const draw = (why: EndReason, by = '') =>
  renderToStaticMarkup(
    <I18nextProvider i18n={i18next}>
      <EndedScreen why={why} by={by} onRejoin={nothing} onHome={nothing} />
    </I18nextProvider>,
  )
const headingOf = (page: string) => /<h1[^>]*>(.*?)<\/h1>/u.exec(page)?.[1] ?? ''

beforeAll(async () => {
  await i18next.use(initReactI18next).init({
    lng: 'en',
    resources: { en: { translation: en }, fr: { translation: fr } },
    interpolation: { escapeValue: false },
  })
})

describe('EndedScreen', () => {
  test.each(['en', 'fr'])('in %s every reason says something else', async (language) => {
    await i18next.changeLanguage(language)
    const headings = REASONS.map((why) => headingOf(draw(why)))
    expect(new Set(headings).size).toBe(REASONS.length)
    for (const heading of headings) expect(heading).not.toMatch(/^$|status\./u)
  })

  test('[LINK4] a wrong secret gets a clear page without Rejoin', async () => {
    await i18next.changeLanguage('en')
    const page = draw('access-refused')
    expect(headingOf(page)).toBe('This link does not open this room')
    expect(page).not.toContain('Rejoin')
  })

  test('a lost connection offers Rejoin', () => {
    expect(draw('lost')).toContain('Rejoin')
  })

  test('[WEB1] a name is shown as text', () => {
    expect(draw('removed', '<img src=x onerror=alert(1)>')).not.toContain('<img')
  })
})
