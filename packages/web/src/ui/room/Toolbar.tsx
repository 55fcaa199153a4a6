/** The bar: status left where there is room, the controls in the middle, Leave apart. Loses buttons from its tail into More. */
import {
  Ellipsis,
  Hand,
  MessageSquare,
  Mic,
  MicOff,
  MonitorUp,
  MonitorX,
  PhoneOff,
  Users,
  Video,
  VideoOff,
} from 'lucide-react'
import type { ReactNode } from 'react'
import { Button as AriaButton } from 'react-aria-components/Button'
import { useTranslation } from 'react-i18next'
import { IconButton } from '../parts/Button.tsx'
import type { DevicesPort } from '../ports.ts'
import { useStore } from '../use-store.ts'
import { DeviceMenu } from './DeviceMenu.tsx'
import { MoreMenu } from './MoreMenu.tsx'
import type { PanelName } from './panel-name.ts'
import type { BarShape, OptionalButton } from './toolbar-fit.ts'
import './toolbar.css'

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
  act: RoomActions
}

/** What the bar, the menu and the keys do. */
export interface RoomActions {
  microphone: () => void
  camera: () => void
  share: () => void
  hand: () => void
  panel: (name: PanelName) => void
  layout: () => void
  help: () => void
  leave: () => void
}

export function Toolbar(props: ToolbarProps) {
  const { devices, shape, status, letters, act } = props
  const { t } = useTranslation()
  const { microphone, camera } = useStore(devices)
  const key = (letter: string) => (letters ? { keys: letter } : {})
  const hiddenNews = shape.hidden.includes('chat') && props.unread > 0
  return (
    <footer className="bar" data-region tabIndex={-1} aria-label={t('room.toolbar')}>
      {shape.wide ? <div className="bar-side">{status}</div> : null}
      <div className="bar-middle" role="group" aria-label={t('room.toolbar')}>
        <div className="bar-pair">
          <IconButton
            className={microphone.on ? 'bar-button' : 'bar-button bar-off'}
            label={microphone.on ? t('bar.mute') : t('bar.unmute')}
            onPress={act.microphone}
            {...key('M')}
          >
            {microphone.on ? <Mic aria-hidden /> : <MicOff aria-hidden />}
          </IconButton>
          {shape.narrow ? null : (
            <DeviceMenu devices={devices} label={t('bar.microphoneMenu')} kinds={['microphone', 'speaker']} />
          )}
        </div>
        <div className="bar-pair">
          <IconButton
            className={camera.on ? 'bar-button' : 'bar-button bar-off'}
            label={camera.on ? t('bar.cameraOff') : t('bar.cameraOn')}
            onPress={act.camera}
            {...key('V')}
          >
            {camera.on ? <Video aria-hidden /> : <VideoOff aria-hidden />}
          </IconButton>
          {shape.narrow ? null : (
            <DeviceMenu devices={devices} label={t('bar.cameraMenu')} kinds={['camera']} />
          )}
        </div>
        {shape.shown.map((name) => (
          <BarButton key={name} name={name} {...props} />
        ))}
        <MoreMenu {...props}>
          <AriaButton
            className="icon-button bar-button"
            aria-label={
              hiddenNews ? `${t('bar.more')}, ${t('bar.chatUnread', { count: props.unread })}` : t('bar.more')
            }
          >
            <Ellipsis aria-hidden />
            {hiddenNews ? <span className="bar-dot" /> : null}
          </AriaButton>
        </MoreMenu>
        {shape.wide ? null : <LeaveButton bare={shape.narrow} onPress={act.leave} />}
      </div>
      {shape.wide ? (
        <div className="bar-side bar-end">
          <LeaveButton bare={false} onPress={act.leave} />
        </div>
      ) : null}
    </footer>
  )
}

function LeaveButton({ bare, onPress }: { bare: boolean; onPress: () => void }) {
  const { t } = useTranslation()
  if (bare) {
    return (
      <IconButton className="bar-button bar-leave" label={t('bar.leave')} onPress={onPress}>
        <PhoneOff aria-hidden />
      </IconButton>
    )
  }
  return (
    <AriaButton className="button bar-leave" onPress={onPress}>
      <PhoneOff size={20} aria-hidden />
      {t('bar.leave')}
    </AriaButton>
  )
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
  const { act, sharing, hand, unread, people, knocking, panel } = props
  const counted = t('bar.peopleCount', { count: people })
  const items: Record<OptionalButton, BarItem> = {
    share: {
      label: sharing ? t('bar.stopShare') : t('bar.share'),
      icon: sharing ? <MonitorX aria-hidden /> : <MonitorUp aria-hidden />,
      keys: 'S',
      on: sharing,
      run: act.share,
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
      label: `${t('bar.people')}, ${counted}${knocking > 0 ? `, ${t('bar.knocking', { count: knocking })}` : ''}`,
      icon: <Users aria-hidden />,
      keys: 'P',
      on: panel === 'people',
      run: () => act.panel('people'),
      count: people,
    },
  }
  return items[name]
}

function BarButton({ name, ...props }: ToolbarProps & { name: OptionalButton }) {
  const item = useBarItem(name, props)
  const state = name === 'chat' || name === 'people' ? { expanded: item.on } : { pressed: item.on }
  const news = (name === 'chat' && item.count > 0) || (name === 'people' && props.knocking > 0)
  return (
    <IconButton
      className={item.on ? 'bar-button bar-on' : 'bar-button'}
      label={item.label}
      onPress={item.run}
      {...state}
      {...(props.letters ? { keys: item.keys } : {})}
    >
      {item.icon}
      {item.count > 0 ? (
        <span className={news ? 'bar-count bar-news' : 'bar-count'}>{item.count}</span>
      ) : null}
    </IconButton>
  )
}
