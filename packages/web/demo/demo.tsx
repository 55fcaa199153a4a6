/** `?screen=room-5&lang=fr&theme=dark` shows one screen with fixtures; without a screen, the list of them. */
import i18next from 'i18next'
import { createRoot } from 'react-dom/client'
import en from '../src/ui/i18n/en.json'
import { chooseLanguage, startI18n } from '../src/ui/i18n/i18n.ts'
import { applyTheme } from '../src/ui/theme.ts'
import recordings from '../src/vault/texts/en.json'
import { RECORDINGS_TEXTS } from '../src/vault/texts/texts.ts'
import '../src/ui/styles/tokens.css'
import '../src/ui/styles/base.css'
import { SCREENS } from './demo-screens.tsx'
import { lengthenCatalogue } from './pseudo-locale.ts'

const wish = new URLSearchParams(location.search)
const theme = wish.get('theme')
applyTheme(theme === 'dark' || theme === 'light' ? theme : 'system')

const standIn = document.createElement('meta')
standIn.id = 'react-aria-pressable-style'
document.head.append(standIn)

async function show(): Promise<void> {
  await startI18n({ recordings: RECORDINGS_TEXTS })
  await chooseLanguage(wish.get('lang') === 'fr' ? 'fr' : 'en')
  if (wish.get('lang') === 'pseudo') {
    i18next.addResourceBundle('en', 'translation', lengthenCatalogue(en), true, true)
    i18next.addResourceBundle('en', 'recordings', lengthenCatalogue(recordings), true, true)
  }
  const root = document.getElementById('root')
  if (root === null) throw new Error('no #root')
  const make = SCREENS[wish.get('screen') ?? '']
  createRoot(root).render(make === undefined ? <List /> : make())
}

function List() {
  return (
    <ul>
      {Object.keys(SCREENS).map((name) => (
        <li key={name}>
          <a href={`?screen=${name}`}>{name}</a>
        </li>
      ))}
    </ul>
  )
}

void show()
