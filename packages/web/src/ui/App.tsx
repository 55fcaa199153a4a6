/** Which page is shown for which address: home, what is protected, the connection test, a meeting, a broken link. */
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { CheckScreen } from './check/CheckScreen.tsx'
import { HomeScreen } from './home/HomeScreen.tsx'
import { ProtectionScreen } from './home/ProtectionScreen.tsx'
import { MeetingFlow } from './meeting/MeetingFlow.tsx'
import { Button } from './parts/Button.tsx'
import type { AppPort } from './ports.ts'
import { StatusScreen } from './status/StatusScreen.tsx'

export function App({ app }: { app: AppPort }) {
  const { t } = useTranslation()
  const [place, setPlace] = useState(() => ({ visit: app.visit(), number: 0 }))
  const [reading, setReading] = useState(false)
  useEffect(
    () =>
      app.onMove(() => {
        setReading(false)
        setPlace((before) => ({ visit: app.visit(), number: before.number + 1 }))
      }),
    [app],
  )
  const { visit, number } = place
  if (visit === null) {
    if (reading) return <ProtectionScreen onBack={() => setReading(false)} />
    return (
      <HomeScreen
        home={app.home}
        recordings={app.recordings}
        onProtection={() => setReading(true)}
        onCheck={() => app.goCheck()}
      />
    )
  }
  if ('check' in visit) {
    return (
      <CheckScreen
        key={number}
        test={visit.check}
        onBack={() => app.leaveCheck()}
        onHome={() => app.goHome()}
      />
    )
  }
  if ('problem' in visit) {
    return (
      <StatusScreen
        title={t('status.noLink.title')}
        body={[t(`join.problem.${visit.problem}`)]}
        tone="wrong"
        onHome={() => app.goHome()}
      >
        <Button look="primary" onPress={() => app.goHome()}>
          {t('status.toHome')}
        </Button>
      </StatusScreen>
    )
  }
  return (
    <MeetingFlow
      key={number}
      meeting={visit.meeting}
      onHome={() => app.goHome()}
      onCheck={() => app.goCheck()}
    />
  )
}
