/** Which full page stands for a meeting's phase while one is not in the room: waiting, refused, removed, lost, left. */
import type { EndReason, Phase } from '@huisclos/participant'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../parts/Button.tsx'
import { StatusScreen } from './StatusScreen.tsx'

/** After this long without an answer the waiting page says so. */
const UNANSWERED_MS = 15_000

const REJOINABLE: readonly EndReason[] = [
  'lost',
  'removed',
  'unseated',
  'not-echoed',
  'left',
  'room-full',
  'server-lied',
]
const WRONG: readonly EndReason[] = [
  'access-refused',
  'descriptor-damaged',
  'descriptor-rolled-back',
  'host-mismatch',
  'server-lied',
  'not-echoed',
]

export interface PhaseScreenProps {
  phase: Phase
  onRejoin: () => void
  onLeave: () => void
  onHome: () => void
}

export function PhaseScreen({ phase, onRejoin, onLeave, onHome }: PhaseScreenProps) {
  if (phase.at === 'ended')
    return <EndedScreen why={phase.why} by={phase.by ?? ''} onRejoin={onRejoin} onHome={onHome} />
  if (phase.at === 'reconnecting') return <EndedScreen why="lost" by="" onRejoin={onRejoin} onHome={onHome} />
  return <WaitingScreen phase={phase} onLeave={onLeave} />
}

export interface EndedScreenProps {
  why: EndReason
  by: string
  onRejoin: () => void
  onHome: () => void
}

export function EndedScreen({ why, by, onRejoin, onHome }: EndedScreenProps) {
  const { t } = useTranslation()
  const isTheirs = (why === 'removed' || why === 'ended-by-host') && by !== ''
  const title = isTheirs ? t(`status.${why}.by`, { name: by }) : t(`status.${why}.title`)
  const tone = WRONG.includes(why) ? 'wrong' : 'ended'
  return (
    <StatusScreen title={title} body={[t(`status.${why}.body`)]} tone={tone} onHome={onHome}>
      {REJOINABLE.includes(why) ? (
        <Button look="primary" onPress={onRejoin}>
          {t('status.rejoin')}
        </Button>
      ) : null}
      {why === 'version' ? (
        <Button look="primary" onPress={() => location.reload()}>
          {t('status.reload')}
        </Button>
      ) : null}
      <Button onPress={onHome}>{t('status.toHome')}</Button>
    </StatusScreen>
  )
}

function WaitingScreen({ phase, onLeave }: { phase: Phase; onLeave: () => void }) {
  const { t } = useTranslation()
  const long = useElapsed(UNANSWERED_MS, phase.at)
  const [title, body] = ((): [string, string[]] => {
    switch (phase.at) {
      case 'waiting-room-unknown':
        return [t('status.roomUnknown.title'), [t('status.roomUnknown.body'), t('status.roomUnknown.host')]]
      case 'waiting-members':
        if (phase.door !== undefined)
          return [t(`status.door.${phase.door}.title`), [t(`status.door.${phase.door}.body`)]]
        if (phase.lobby) return [t('status.lobby.title'), [t('status.lobby.body')]]
        return [t('status.members.title'), [long ? t('status.members.long') : t('status.members.body')]]
      default:
        return [t('status.connecting.title'), [t('status.connecting.body')]]
    }
  })()
  return (
    <StatusScreen title={title} body={body} tone="waiting">
      <Button onPress={onLeave}>{t('bar.leave')}</Button>
    </StatusScreen>
  )
}

/** True once `delayMs` have passed in the same state. */
function useElapsed(delayMs: number, state: string): boolean {
  const [passed, setPassed] = useState('')
  useEffect(() => {
    const timer = setTimeout(() => setPassed(state), delayMs)
    return () => clearTimeout(timer)
  }, [delayMs, state])
  return passed === state
}
