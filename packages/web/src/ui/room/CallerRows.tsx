/** The callers of the telephone bridge (TEL3) under it on the list: masked number, hand, and what a host can do. */
import type { BridgeView, CallerView, MeetingControls } from '@huisclos/participant'
import { Ellipsis, Hand, MicOff, Phone } from 'lucide-react'
import { Menu, MenuItem, MenuTrigger } from 'react-aria-components/Menu'
import { Popover } from 'react-aria-components/Popover'
import { useTranslation } from 'react-i18next'
import { Button, IconButton } from '../parts/Button.tsx'

export interface CallerRowsProps {
  leaf: number
  bridge: BridgeView
  /** Null for those who are no hosts. */
  meeting: MeetingControls<MediaStreamTrack> | null
}

export function CallerRows({ leaf, bridge, meeting }: CallerRowsProps) {
  return bridge.callers.map((caller) => (
    <CallerRow
      key={caller.id}
      caller={caller}
      onOrder={meeting === null ? null : (what) => meeting.orderCaller(leaf, caller.id, what)}
    />
  ))
}

interface CallerRowProps {
  caller: CallerView
  onOrder: ((what: 'mute' | 'remove' | 'admit') => void) | null
}

function CallerRow({ caller, onOrder }: CallerRowProps) {
  const { t } = useTranslation()
  const { label, waiting, hand, muted } = caller
  return (
    <li className="person person-caller">
      <Phone size={16} role="img" aria-label={t('phones.caller')} />
      <span className="person-name">{label}</span>
      {waiting ? <span className="soft small">{t('phones.waiting')}</span> : null}
      <span className="person-marks">
        {hand ? <Hand size={18} role="img" aria-label={t('room.handUp')} /> : null}
        {muted && !waiting ? <MicOff size={18} role="img" aria-label={t('room.muted')} /> : null}
        {waiting && onOrder !== null ? (
          <Button small look="primary" onPress={() => onOrder('admit')}>
            {t('people.admit')}
          </Button>
        ) : null}
        {onOrder === null ? null : <CallerMenu caller={caller} onOrder={onOrder} />}
      </span>
    </li>
  )
}

function CallerMenu({ caller, onOrder }: { caller: CallerView; onOrder: (what: 'mute' | 'remove') => void }) {
  const { t } = useTranslation()
  return (
    <MenuTrigger>
      <IconButton label={t('people.actions', { name: caller.label })}>
        <Ellipsis size={20} aria-hidden />
      </IconButton>
      <Popover className="popover" placement="bottom end">
        <Menu className="menu" onAction={(key) => onOrder(key === 'mute' ? 'mute' : 'remove')}>
          {caller.muted || caller.waiting ? null : (
            <MenuItem id="mute" className="menu-item">
              {t('phones.mute')}
            </MenuItem>
          )}
          <MenuItem id="remove" className="menu-item menu-danger">
            {t('phones.hangUp')}
          </MenuItem>
        </Menu>
      </Popover>
    </MenuTrigger>
  )
}
