/** What the bar is given, and the words, icon and deed of each optional button: the same in the bar and in the menu. */

import type { MeetingView } from '@huisclos/participant'
import { Hand, LayoutGrid, MessageSquare, MonitorUp, MonitorX, Users } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { DevicesPort } from '../ports.ts'
import type { PanelName } from './panel-name.ts'
import type { RecordOffer } from './RecordDialog.tsx'
import type { BarShape, OptionalButton } from './toolbar-fit.ts'

export interface ToolbarProps {
  devices: DevicesPort
  shape: BarShape
  status: ReactNode
  sharing: boolean
  hand: boolean
  unread: number
  people: number
  knocking: number
  panel: PanelName | null
  layout: 'gallery' | 'speaker'
  letters: boolean
  /** Captions stand over the pictures. */
  captions: boolean
  barred: Barred
  act: RoomActions
}

/** What the hosts' rules keep us from turning on (HOST3). */
export interface Barred {
  microphone: boolean
  share: boolean
}

export function barredOf(view: MeetingView<MediaStreamTrack>): Barred {
  const self = view.people.find((person) => person.self)
  return { microphone: self?.mayUnmute === false, share: !view.selfHost && !view.rules.share }
}

/** What the bar, the menu and the keys do. */
export interface RoomActions {
  microphone: () => void
  camera: () => void
  share: () => void
  hand: () => void
  panel: (name: PanelName) => void
  layout: () => void
  captions: () => void
  fullScreen: () => void
  turnPage: (step: 1 | -1) => void
  help: () => void
  /** Asks before it begins to record; null where nothing can be begun. */
  record: RecordOffer | null
  leave: () => void
  /** Null for those who are no hosts. */
  end: (() => void) | null
}

export interface BarItem {
  readonly label: string
  readonly icon: ReactNode
  readonly keys: string
  readonly on: boolean
  readonly run: () => void
  readonly count: number
}

/** The words, icon and deed of an optional button, the same in the bar and in the menu. */
export function useBarItem(name: OptionalButton, props: ToolbarProps): BarItem {
  const { t } = useTranslation()
  const { act, sharing, hand, unread, people, knocking, panel, barred } = props
  const items: Record<OptionalButton, BarItem> = {
    share: {
      label: sharing ? t('bar.stopShare') : barred.share ? t('hosts.barShare') : t('bar.share'),
      icon: sharing ? <MonitorX aria-hidden /> : <MonitorUp aria-hidden />,
      keys: 'S',
      on: sharing,
      run: barred.share && !sharing ? () => undefined : act.share,
      count: 0,
    },
    hand: {
      label: hand ? t('bar.lower') : t('bar.raise'),
      icon: <Hand aria-hidden />,
      keys: 'H',
      on: hand,
      run: act.hand,
      count: 0,
    },
    chat: {
      label: unread > 0 ? t('bar.chatUnread', { count: unread }) : t('bar.chat'),
      icon: <MessageSquare aria-hidden />,
      keys: 'C',
      on: panel === 'chat',
      run: () => act.panel('chat'),
      count: unread,
    },
    people: {
      label: `${t('bar.peopleHere', { number: people })}${knocking > 0 ? `, ${t('bar.knocking', { count: knocking })}` : ''}`,
      icon: <Users aria-hidden />,
      keys: 'P',
      on: panel === 'people',
      run: () => act.panel('people'),
      count: people,
    },
    view: {
      label: t('bar.view'),
      icon: <LayoutGrid aria-hidden />,
      keys: '',
      on: panel === 'view',
      run: () => act.panel('view'),
      count: 0,
    },
  }
  return items[name]
}
