/** The frame of every page outside the call: skip link, header with the mark, language and appearance, one main part. */
import type { ReactNode } from 'react'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { Wordmark } from './Mark.tsx'
import { Preferences } from './Preferences.tsx'
import './page-frame.css'

export interface PageFrameProps {
  /** Of the document, and what a screen reader hears on arriving. */
  title: string
  children: ReactNode
  onHome?: () => void
}

export function PageFrame({ title, children, onHome }: PageFrameProps) {
  const { t } = useTranslation()
  useDocumentTitle(title)
  return (
    <div className="page">
      <a className="skip" href="#main">
        {t('app.skip')}
      </a>
      <header className="page-head">
        {onHome === undefined ? (
          <Wordmark />
        ) : (
          <button
            type="button"
            className="home-link"
            onClick={onHome}
            aria-label={`Huis clos, ${t('app.home')}`}
          >
            <Wordmark />
          </button>
        )}
        <Preferences />
      </header>
      <main id="main" tabIndex={-1}>
        {children}
      </main>
    </div>
  )
}

/** Puts the page's name in the tab. */
export function useDocumentTitle(page: string): void {
  const { t } = useTranslation()
  const title = t('app.title', { page })
  useEffect(() => {
    document.title = title
  }, [title])
}
