/**
 * The first page: two leaves of a door, *New meeting* and *Join*, the promises beside them and this browser's meetings
 * below.
 */
import { DoorClosed, KeyRound, UsersRound } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { KeptRecordings } from '../parts/KeptRecordings.tsx'
import { PageFrame } from '../parts/PageFrame.tsx'
import type { HomePort } from '../ports.ts'
import type { KeptRecordingsPort } from '../recording-ports.ts'
import { useStore } from '../use-store.ts'
import { JoinByLink } from './JoinByLink.tsx'
import { MyMeetings } from './MyMeetings.tsx'
import { NewMeeting } from './NewMeeting.tsx'
import './home.css'

export interface HomeScreenProps {
  home: HomePort
  recordings: KeptRecordingsPort
  onProtection: () => void
  onCheck: () => void
}

export function HomeScreen({ home, recordings, onProtection, onCheck }: HomeScreenProps) {
  const { t } = useTranslation()
  const view = useStore(home)
  return (
    <PageFrame title={t('home.page')}>
      <div className="home">
        <section className="home-words">
          <h1>{t('home.tagline')}</h1>
          <p className="home-lead">{t('home.lead')}</p>
          <Promises />
          <p className="home-links">
            <button type="button" className="link" onClick={onProtection}>
              {t('home.protection')}
            </button>
            <button type="button" className="link" onClick={onCheck}>
              {t('home.check')}
            </button>
            {/* Another document, and no screen of this one (OPEN1). */}
            <a href="/recordings">{t('home.recordings')}</a>
          </p>
        </section>
        <div className="doors">
          <NewMeeting home={home} create={view.create} />
          <div className="bolt" aria-hidden>
            <span>{t('home.or')}</span>
          </div>
          <JoinByLink home={home} />
        </div>
        <KeptRecordings recordings={recordings} />
        <MyMeetings home={home} meetings={view.meetings} />
      </div>
    </PageFrame>
  )
}

function Promises() {
  const { t } = useTranslation()
  return (
    <ul className="promises" aria-label={t('home.promises')}>
      <li>
        <KeyRound size={20} aria-hidden />
        {t('home.promise1')}
      </li>
      <li>
        <UsersRound size={20} aria-hidden />
        {t('home.promise2')}
      </li>
      <li>
        <DoorClosed size={20} aria-hidden />
        {t('home.promise3')}
      </li>
    </ul>
  )
}
