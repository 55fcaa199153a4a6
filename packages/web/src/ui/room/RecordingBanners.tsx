/**
 * Who records, on whose computer, and what that means for oneself (LREC1, LREC2, LREC5): stays as long as it lasts and cannot
 * be hidden. Asks for one's answer without standing in the way of the meeting; no answer means: not recorded.
 */
import type { LocalRecording, MeetingView } from '@huisclos/participant'
import { Circle, CirclePause } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { formatDuration } from '../format-time.ts'
import { Button } from '../parts/Button.tsx'
import type { CallPort } from '../ports.ts'
import { useStore } from '../use-store.ts'
import { OrderedRecordingBanner } from './OrderedRecordingBanner.tsx'

interface RecordingBannersProps {
  call: CallPort
  view: MeetingView<MediaStreamTrack>
}

export function RecordingBanners({ call, view }: RecordingBannersProps) {
  const others = view.recording.local.filter((one) => !one.self)
  return (
    <>
      <OrderedRecordingBanner recording={view.recording} meeting={call.meeting} />
      <OwnRecording call={call} view={view} />
      {others.map((recording) => (
        <OthersRecording
          key={recording.id}
          recording={recording}
          onAnswer={(yes) => call.meeting.answerRecording(recording.id, yes)}
        />
      ))}
    </>
  )
}

function OwnRecording({ call, view }: RecordingBannersProps) {
  const { t, i18n } = useTranslation()
  const state = useStore(call.recorder)
  if (state.at === 'off') {
    return state.problem === null ? null : (
      <div className="banner banner-warn" role="alert">
        <Circle size={20} aria-hidden />
        <p>{t(`record.problem.${state.problem}`)}</p>
      </div>
    )
  }
  const own = view.recording.local.find((one) => one.self)
  const without = view.people.filter((person) => !own?.consenting.includes(person.leaf)).length
  const isOn = state.at === 'on'
  const paused = isOn && state.paused
  return (
    <div className="banner banner-recording">
      {paused ? (
        <CirclePause size={20} aria-hidden />
      ) : (
        <Circle size={20} aria-hidden className="recording-dot" />
      )}
      <p>
        <strong>{paused ? t('record.paused') : t('record.own')}</strong>{' '}
        {isOn
          ? t('record.written', {
              time: formatDuration(state.elapsedMs),
              size: new Intl.NumberFormat(i18n.language, { maximumFractionDigits: 1 }).format(
                state.sizeBytes / 1e6,
              ),
            })
          : null}{' '}
        {without === 0 ? null : t('record.without', { count: without })}
      </p>
      <Button small onPress={() => call.recorder.pause(!paused)} disabled={!isOn}>
        {paused ? t('record.resume') : t('record.pause')}
      </Button>
      <Button small look="danger" onPress={() => call.recorder.stop()}>
        {t('record.stop')}
      </Button>
    </div>
  )
}

interface OthersRecordingProps {
  recording: LocalRecording
  onAnswer: (yes: boolean) => void
}

function OthersRecording({ recording, onAnswer }: OthersRecordingProps) {
  const { t } = useTranslation()
  const { consent } = recording
  const name = recording.name === '' ? t('room.someone') : recording.name
  return (
    <div className="banner banner-recording" role={consent === 'unanswered' ? 'alert' : undefined}>
      <Circle size={20} aria-hidden className="recording-dot" />
      <p>
        <strong>{t('record.other', { name })}</strong> {t(`record.consent.${consent}`, { name })}
      </p>
      {consent === 'yes' ? null : (
        <Button small look="primary" onPress={() => onAnswer(true)}>
          {t('record.agree')}
        </Button>
      )}
      {consent === 'no' ? null : (
        <Button small onPress={() => onAnswer(false)}>
          {t('record.decline')}
        </Button>
      )}
    </div>
  )
}
