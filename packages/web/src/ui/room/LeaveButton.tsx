/**
 * Leave, and for hosts an arrow beside it: end for everybody (HOST6). The last host is asked before the meeting is left
 * without one.
 */
import type { MeetingControls, MeetingView } from '@huisclos/participant'
import { ChevronUp, PhoneOff } from 'lucide-react'
import { useState } from 'react'
import { Button as AriaButton } from 'react-aria-components/Button'
import { Menu, MenuItem, MenuTrigger } from 'react-aria-components/Menu'
import { Popover } from 'react-aria-components/Popover'
import { useTranslation } from 'react-i18next'
import { Button, IconButton } from '../parts/Button.tsx'
import { AskDialog, InfoDialog } from '../parts/Dialog.tsx'

export interface LeaveButtonProps {
  bare: boolean
  onPress: () => void
  /** Hosts only: opens the question whether to end for everybody. */
  onEnd: (() => void) | null
}

export function LeaveButton({ bare, onPress, onEnd }: LeaveButtonProps) {
  const { t } = useTranslation()
  if (bare) {
    return (
      <IconButton className="bar-button bar-leave" label={t('bar.leave')} onPress={onPress}>
        <PhoneOff aria-hidden />
      </IconButton>
    )
  }
  const leave = (
    <AriaButton className="button bar-leave" onPress={onPress}>
      <PhoneOff size={20} aria-hidden />
      {t('bar.leave')}
    </AriaButton>
  )
  if (onEnd === null) return leave
  return (
    <div className="bar-pair bar-leave-pair">
      {leave}
      <MenuTrigger>
        <AriaButton className="icon-button bar-arrow bar-leave" aria-label={t('hosts.leaveMenu')}>
          <ChevronUp size={16} aria-hidden />
        </AriaButton>
        <Popover className="popover" placement="top end" offset={10}>
          <Menu className="menu" onAction={onEnd}>
            <MenuItem id="end" className="menu-item menu-danger">
              {t('hosts.endAll')}
            </MenuItem>
          </Menu>
        </Popover>
      </MenuTrigger>
    </div>
  )
}

type Question = 'none' | 'end' | 'last-host'

export interface Departure {
  leave: () => void
  /** Null for guests. */
  end: (() => void) | null
  question: Question
  close: () => void
}

/** What the two buttons do, and which question is open. */
export function useDeparture(view: MeetingView<MediaStreamTrack>, onLeave: () => void): Departure {
  const [question, setQuestion] = useState<Question>('none')
  const stranded =
    view.selfHost && view.people.length > 1 && !view.people.some((person) => person.host && !person.self)
  return {
    leave: stranded ? () => setQuestion('last-host') : onLeave,
    end: view.selfHost ? () => setQuestion('end') : null,
    question,
    close: () => setQuestion('none'),
  }
}

export interface DepartureDialogsProps {
  departure: Departure
  view: MeetingView<MediaStreamTrack>
  meeting: MeetingControls<MediaStreamTrack>
  onLeave: () => void
}

export function DepartureDialogs({ departure, view, meeting, onLeave }: DepartureDialogsProps) {
  const { t } = useTranslation()
  const { question, close } = departure
  const heirs = view.people.filter((person) => !person.self && person.state === 'here')
  const leaveTo = (leaf: number) => {
    close()
    // Whoever could not be made host finds out by the people panel; leaving is not held up.
    meeting.makeHost(leaf).then(onLeave, onLeave)
  }
  return (
    <>
      <AskDialog
        open={question === 'end'}
        onClose={close}
        title={t('hosts.endTitle')}
        body={t('hosts.endBody')}
        confirm={t('hosts.endConfirm')}
        onConfirm={() => void meeting.order({ do: 'end' }).catch(() => undefined)}
      />
      <InfoDialog open={question === 'last-host'} onClose={close} title={t('hosts.lastTitle')}>
        <p>{t('hosts.lastBody')}</p>
        <div className="heirs">
          {heirs.map(({ leaf, name }) => (
            <Button key={leaf} wide onPress={() => leaveTo(leaf)}>
              {t('hosts.lastMake', { name: name === '' ? t('room.someone') : name })}
            </Button>
          ))}
          <Button
            wide
            look="danger"
            onPress={() => {
              close()
              onLeave()
            }}
          >
            {t('hosts.lastLeave')}
          </Button>
        </div>
      </InfoDialog>
    </>
  )
}
