/** What does not fit in the bar, and what is seldom needed: a menu, or on a phone a sheet from the bottom edge. */
import {
  Captions,
  CaptionsOff,
  ChartLine,
  Circle,
  CircleQuestionMark,
  Grid2x2,
  MessageSquareText,
  PhoneOff,
  Settings2,
  UserRoundSearch,
} from 'lucide-react'
import type { ReactNode } from 'react'
import { Button as AriaButton } from 'react-aria-components/Button'
import { Dialog, DialogTrigger } from 'react-aria-components/Dialog'
import { Menu, MenuItem, MenuTrigger } from 'react-aria-components/Menu'
import { Modal, ModalOverlay } from 'react-aria-components/Modal'
import { Popover } from 'react-aria-components/Popover'
import { useTranslation } from 'react-i18next'
import type { BarItem, ToolbarProps } from './use-bar-item.tsx'
import { useBarItem } from './use-bar-item.tsx'

type MenuEntry = Omit<BarItem, 'on' | 'count'> & { id: string }

const RECORD_LABELS = { local: 'record.menu', server: 'order.menu', both: 'order.menuBoth' } as const

/** Every entry, those that left the bar first. */
function useEntries(props: ToolbarProps): MenuEntry[] {
  const { t } = useTranslation()
  const { shape, act, layout } = props
  const optional = {
    share: useBarItem('share', props),
    hand: useBarItem('hand', props),
    chat: useBarItem('chat', props),
    people: useBarItem('people', props),
    view: useBarItem('view', props),
  }
  const gallery = layout === 'gallery'
  return [
    ...shape.hidden.map((name) => ({ id: name, ...optional[name] })),
    {
      id: 'layout',
      label: gallery ? t('bar.speaker') : t('bar.gallery'),
      icon: gallery ? <UserRoundSearch aria-hidden /> : <Grid2x2 aria-hidden />,
      keys: 'L',
      run: act.layout,
    },
    {
      id: 'captions',
      label: props.captions ? t('captions.hide') : t('captions.show'),
      icon: props.captions ? <CaptionsOff aria-hidden /> : <Captions aria-hidden />,
      keys: 'T',
      run: act.captions,
    },
    {
      id: 'caption-panel',
      label: t('captions.open'),
      icon: <MessageSquareText aria-hidden />,
      keys: '',
      run: () => act.panel('captions'),
    },
    {
      id: 'settings',
      label: t('bar.settings'),
      icon: <Settings2 aria-hidden />,
      keys: '',
      run: () => act.panel('settings'),
    },
    {
      id: 'quality',
      label: t('quality.title'),
      icon: <ChartLine aria-hidden />,
      keys: '',
      run: () => act.panel('quality'),
    },
    ...(act.record === null
      ? []
      : [
          {
            id: 'record',
            label: t(RECORD_LABELS[act.record.where]),
            icon: <Circle aria-hidden />,
            keys: '',
            run: act.record.run,
          },
        ]),
    { id: 'help', label: t('bar.help'), icon: <CircleQuestionMark aria-hidden />, keys: '?', run: act.help },
    ...(shape.narrow && act.end !== null
      ? [{ id: 'end', label: t('hosts.endAll'), icon: <PhoneOff aria-hidden />, keys: '', run: act.end }]
      : []),
  ]
}

/** `children`: the button that opens it. */
export function MoreMenu({ children, ...props }: ToolbarProps & { children: ReactNode }) {
  const { t } = useTranslation()
  const entries = useEntries(props)
  if (props.shape.narrow) return <Sheet entries={entries}>{children}</Sheet>
  const run = (key: string | number) => entries.find((entry) => entry.id === key)?.run()
  return (
    <MenuTrigger>
      {children}
      <Popover className="popover" placement="top end" offset={10}>
        <Menu className="menu" aria-label={t('bar.more')} onAction={run}>
          {entries.map((entry) => (
            <MenuItem key={entry.id} id={entry.id} className="menu-item" textValue={entry.label}>
              {entry.icon}
              {entry.label}
              {props.letters && entry.keys !== '' ? <kbd aria-hidden>{entry.keys}</kbd> : null}
            </MenuItem>
          ))}
        </Menu>
      </Popover>
    </MenuTrigger>
  )
}

function Sheet({ entries, children }: { entries: readonly MenuEntry[]; children: ReactNode }) {
  const { t } = useTranslation()
  return (
    <DialogTrigger>
      {children}
      <ModalOverlay isDismissable className="shade shade-sheet">
        <Modal className="modal sheet">
          <Dialog className="sheet-list" aria-label={t('bar.more')}>
            {({ close }) => (
              <>
                {entries.map((entry) => (
                  <AriaButton
                    key={entry.id}
                    className="sheet-item"
                    onPress={() => {
                      close()
                      entry.run()
                    }}
                  >
                    {entry.icon}
                    {entry.label}
                  </AriaButton>
                ))}
                <AriaButton className="sheet-item sheet-close" onPress={close}>
                  {t('app.close')}
                </AriaButton>
              </>
            )}
          </Dialog>
        </Modal>
      </ModalOverlay>
    </DialogTrigger>
  )
}
