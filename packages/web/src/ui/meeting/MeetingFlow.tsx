/**
 * One visit of a meeting from the pre-join screen to its end: which screen is shown for which state. The room itself
 * is fetched while the person looks at themselves.
 */
import type { EndReason } from '@huisclos/participant'
import { lazy, Suspense, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../parts/Button.tsx'
import type { CallPort, JoinChoice, LobbyCheckView, MeetingPort } from '../ports.ts'
import { PrejoinScreen } from '../prejoin/PrejoinScreen.tsx'
import { FaultBoundary } from '../status/FaultBoundary.tsx'
import { EndedScreen, PhaseScreen } from '../status/PhaseScreen.tsx'
import { RecordedGate } from '../status/RecordedGate.tsx'
import { StatusScreen } from '../status/StatusScreen.tsx'
import { useStore } from '../use-store.ts'

const loadRoom = () => import('../room/Room.tsx').then(({ Room: View }) => ({ default: View }))
const Room = lazy(loadRoom)

/** A reconnection that takes longer becomes a page of its own. */
const GIVE_UP_MS = 45_000

export interface MeetingFlowProps {
  meeting: MeetingPort
  onHome: () => void
  onCheck: () => void
}

export function MeetingFlow({ meeting, onHome, onCheck }: MeetingFlowProps) {
  const [call, setCall] = useState<CallPort | null>(null)
  useEffect(() => {
    // Only to have it at hand; where this fails, showing the room asks again and reports.
    loadRoom().catch(() => undefined)
  }, [])
  const join = (choice: JoinChoice) => setCall(meeting.join(choice))
  if (call === null) return <BeforeCall meeting={meeting} onJoin={join} onHome={onHome} onCheck={onCheck} />
  return <InCall call={call} onHome={onHome} />
}

const REFUSALS: Partial<Record<LobbyCheckView['room'], EndReason>> = {
  'access-refused': 'access-refused',
  damaged: 'descriptor-damaged',
  expired: 'expired',
  version: 'version',
}

function BeforeCall({
  meeting,
  onJoin,
  onHome,
  onCheck,
}: MeetingFlowProps & { onJoin: (choice: JoinChoice) => void }) {
  const { t } = useTranslation()
  const check = useStore(meeting.check)
  const refused = REFUSALS[check.room]
  if (refused !== undefined) {
    return <EndedScreen why={refused} by="" onRejoin={() => meeting.checkAgain()} onHome={onHome} />
  }
  if (check.room === 'unknown') {
    return (
      <StatusScreen
        title={t('status.roomUnknown.title')}
        body={[t('status.roomUnknown.body'), t('status.roomUnknown.host')]}
        tone="waiting"
        onHome={onHome}
      >
        <Button onPress={() => meeting.checkAgain()}>{t('app.retry')}</Button>
      </StatusScreen>
    )
  }
  return <PrejoinScreen meeting={meeting} onJoin={onJoin} onHome={onHome} onCheck={onCheck} />
}

function InCall({ call, onHome }: { call: CallPort; onHome: () => void }) {
  const { t } = useTranslation()
  const { phase, recording } = useStore(call.meeting)
  const since = phase.at === 'reconnecting' ? phase.since : null
  const given = useGivenUp(since)
  // What goes wrong in leaving or rejoining shows as the phase.
  const rejoin = () => void call.meeting.rejoin().catch(() => undefined)
  const leave = () => void call.meeting.leave().catch(() => undefined)
  if (phase.at === 'in' || (phase.at === 'reconnecting' && !given)) {
    return (
      <FaultBoundary onFault={leave}>
        <Suspense fallback={<StatusScreen title={t('status.connecting.title')} body={[]} tone="waiting" />}>
          <Room call={call} onLeave={leave} onRejoin={rejoin} />
        </Suspense>
      </FaultBoundary>
    )
  }
  if (phase.at === 'waiting-consent' && recording.ordered !== null) {
    const { id } = recording.ordered
    const answer = (yes: boolean) => call.meeting.answerRecording(id, yes)
    return <RecordedGate recording={recording.ordered} onAnswer={answer} onLeave={leave} />
  }
  return <PhaseScreen phase={phase} onRejoin={rejoin} onLeave={leave} onHome={onHome} />
}

/** True when reconnecting has lasted too long. `since`: Unix ms, null while connected. */
function useGivenUp(since: number | null): boolean {
  const [givenUpOn, setGivenUpOn] = useState<number | null>(null)
  useEffect(() => {
    if (since === null) return undefined
    const timer = setTimeout(() => setGivenUpOn(since), Math.max(0, since + GIVE_UP_MS - Date.now()))
    return () => clearTimeout(timer)
  }, [since])
  return since !== null && givenUpOn === since
}
