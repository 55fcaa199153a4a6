/** A host asks us to turn the microphone on: the person decides (HOST4). */
import type { MeetingView } from '@huisclos/participant'
import { Mic } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Button } from '../parts/Button.tsx'
import type { CallPort } from '../ports.ts'

export function UnmuteRequest({ call, view }: { call: CallPort; view: MeetingView<MediaStreamTrack> }) {
  const { t } = useTranslation()
  const { request } = view
  const answer = (on: boolean) => {
    call.meeting.answerRequest()
    if (on) call.devices.setOn('microphone', true)
  }
  return (
    <div role="alert">
      {request === null ? null : (
        <div className="banner">
          <Mic size={20} aria-hidden />
          <p>{t('hosts.asked', { name: request.by === '' ? t('room.someone') : request.by })}</p>
          <Button small look="primary" onPress={() => answer(true)}>
            {t('hint.unmute')}
          </Button>
          <Button small onPress={() => answer(false)}>
            {t('hosts.notNow')}
          </Button>
        </div>
      )}
    </div>
  )
}
