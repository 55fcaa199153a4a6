/**
 * The recording on the server that a host has ordered (REC1–REC3): whose key opens it, whether it runs, and one's own
 * answer. Stays as long as anything said can still be opened, and cannot be hidden.
 */
import type { MeetingControls, OrderedRecording, RecordingView } from '@huisclos/participant'
import { Circle, CirclePause } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Button } from '../parts/Button.tsx'

type Meeting = Pick<MeetingControls<MediaStreamTrack>, 'answerRecording' | 'pauseRecording' | 'stopRecording'>

const STALLS = ['disk-full', 'store-unreachable'] as const

interface OrderedRecordingBannerProps {
  recording: RecordingView
  meeting: Meeting
}

export function OrderedRecordingBanner({ recording, meeting }: OrderedRecordingBannerProps) {
  const { t } = useTranslation()
  const { ordered, mayStop } = recording
  if (ordered === null) return null
  const { owner, fingerprint, paused, stopping, consent } = ordered
  const state = stopping ? 'stopping' : paused ? 'paused' : 'running'
  return (
    <div className="banner banner-recording" role={consent === 'unanswered' ? 'alert' : undefined}>
      {paused ? (
        <CirclePause size={20} aria-hidden />
      ) : (
        <Circle size={20} aria-hidden className="recording-dot" />
      )}
      <p>
        <strong>{t(`ordered.${state}`)}</strong>{' '}
        {owner === '' ? t('ordered.key', { fingerprint }) : t('ordered.owner', { owner, fingerprint })}{' '}
        {stopping ? null : t(`record.consent.${consent}`)} <Stalled ordered={ordered} />
      </p>
      {stopping ? null : <Answers ordered={ordered} meeting={meeting} />}
      {mayStop && !stopping ? <HostButtons paused={paused} meeting={meeting} /> : null}
    </div>
  )
}

/** REC4: the server's own word that it writes nothing down just now. */
function Stalled({ ordered: { server, serverWhy } }: { ordered: OrderedRecording }) {
  const { t } = useTranslation()
  const why = server === 'paused' ? STALLS.find((stall) => stall === serverWhy) : undefined
  return <span role="alert">{why === undefined ? null : <strong>{t(`ordered.stalled.${why}`)}</strong>}</span>
}

function Answers({ ordered, meeting }: { ordered: OrderedRecording; meeting: Meeting }) {
  const { t } = useTranslation()
  const { id, consent } = ordered
  return (
    <>
      {consent === 'yes' ? null : (
        <Button small look="primary" onPress={() => meeting.answerRecording(id, true)}>
          {t('record.agree')}
        </Button>
      )}
      {consent === 'no' ? null : (
        <Button small onPress={() => meeting.answerRecording(id, false)}>
          {t('record.decline')}
        </Button>
      )}
    </>
  )
}

function HostButtons({ paused, meeting }: { paused: boolean; meeting: Meeting }) {
  const { t } = useTranslation()
  // What goes wrong in the group shows as an alarm; the banner stays as it is.
  const order = (deed: Promise<void>) => void deed.catch(() => undefined)
  return (
    <>
      <Button small onPress={() => order(meeting.pauseRecording(!paused))}>
        {paused ? t('record.resume') : t('record.pause')}
      </Button>
      <Button small look="danger" onPress={() => order(meeting.stopRecording())}>
        {t('record.stop')}
      </Button>
    </>
  )
}
