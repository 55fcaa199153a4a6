/** The page's entry: language and appearance first, then the ports of call/, then the screens. */

import { I18nProvider } from 'react-aria-components/I18nProvider'
import { createRoot } from 'react-dom/client'
import { useTranslation } from 'react-i18next'
import { createApp } from '../call/app.ts'
import { App } from './App.tsx'
import { startI18n } from './i18n/i18n.ts'
import offlineWorkerUrl from './offline/offline.worker.ts?worker&url'
import type { AppPort } from './ports.ts'
import { FaultBoundary } from './status/FaultBoundary.tsx'
import { applyTheme, currentTheme } from './theme.ts'
import './styles/tokens.css'
import './styles/base.css'

/**
 * react-aria puts a rule for touch into a style element, which our policy forbids (WEB1). It looks for an element
 * with this id first; the rule itself stands in base.css.
 */
function standInForPressableStyle(): void {
  const standIn = document.createElement('meta')
  standIn.id = 'react-aria-pressable-style'
  document.head.append(standIn)
}

function Localised({ app }: { app: AppPort }) {
  const { i18n } = useTranslation()
  return (
    <I18nProvider locale={i18n.language}>
      <FaultBoundary>
        <App app={app} />
      </FaultBoundary>
    </I18nProvider>
  )
}

/** Recordings are opened in a document of their own, whose code nobody loads who meets (OPEN1). */
const isForRecordings = (): boolean => /^\/recordings\/?$/.test(location.pathname)

async function start(): Promise<void> {
  applyTheme(currentTheme())
  standInForPressableStyle()
  const place = document.getElementById('root')
  if (place === null) throw new Error('no #root in index.html')
  if (isForRecordings()) {
    const { showRecordings } = await import('../vault/page.tsx')
    return showRecordings(place)
  }
  const [app] = await Promise.all([createApp({ offlineWorkerUrl }), startI18n()])
  createRoot(place).render(<Localised app={app} />)
}

void start()
