/** The bar: status left where there is room, the controls in the middle, Leave apart. Loses buttons from its tail into More. */
import { Ellipsis, Mic, MicOff, Video, VideoOff } from 'lucide-react'
import { Button as AriaButton } from 'react-aria-components/Button'
import { useTranslation } from 'react-i18next'
import { IconButton } from '../parts/Button.tsx'
import { useStore } from '../use-store.ts'
import { DeviceMenu } from './DeviceMenu.tsx'
import { LeaveButton } from './LeaveButton.tsx'
import { MoreMenu } from './MoreMenu.tsx'
import type { OptionalButton } from './toolbar-fit.ts'
import type { ToolbarProps } from './use-bar-item.tsx'
import { useBarItem } from './use-bar-item.tsx'
import './toolbar.css'

export function Toolbar(props: ToolbarProps) {
  const { devices, shape, status, letters, barred, act } = props
  const { t } = useTranslation()
  const { microphone, camera } = useStore(devices)
  const key = (letter: string) => (letters ? { keys: letter } : {})
  const hiddenNews = shape.hidden.includes('chat') && props.unread > 0
  return (
    <section className="bar" data-region tabIndex={-1} aria-label={t('room.toolbar')}>
      {shape.wide ? <div className="bar-side">{status}</div> : null}
      <div className="bar-middle">
        <div className="bar-pair">
          <IconButton
            className={microphone.on ? 'bar-button' : 'bar-button bar-off'}
            label={
              microphone.on ? t('bar.mute') : barred.microphone ? t('hosts.barMicrophone') : t('bar.unmute')
            }
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
            className="icon-button bar-button bar-more"
            aria-label={
              hiddenNews ? `${t('bar.more')}, ${t('bar.chatUnread', { count: props.unread })}` : t('bar.more')
            }
          >
            <Ellipsis aria-hidden />
            {hiddenNews ? <span className="bar-dot" /> : null}
          </AriaButton>
        </MoreMenu>
        {shape.wide ? null : <LeaveButton bare={shape.narrow} onPress={act.leave} onEnd={act.end} />}
      </div>
      {shape.wide ? (
        <div className="bar-side bar-end">
          <LeaveButton bare={false} onPress={act.leave} onEnd={act.end} />
        </div>
      ) : null}
    </section>
  )
}

function BarButton({ name, ...props }: ToolbarProps & { name: OptionalButton }) {
  const item = useBarItem(name, props)
  const state =
    name === 'chat' || name === 'people' || name === 'view' ? { expanded: item.on } : { pressed: item.on }
  const news = (name === 'chat' && item.count > 0) || (name === 'people' && props.knocking > 0)
  return (
    <IconButton
      className={item.on ? 'bar-button bar-on' : 'bar-button'}
      label={item.label}
      onPress={item.run}
      {...state}
      {...(props.letters && item.keys !== '' ? { keys: item.keys } : {})}
    >
      {item.icon}
      {item.count > 0 ? (
        <span className={news ? 'bar-count bar-news' : 'bar-count'} data-count={item.count} />
      ) : null}
    </IconButton>
  )
}
