/** What does not fit in the bar, and what is seldom needed: a menu, or on a phone a sheet from the bottom edge. */
import { CircleQuestionMark, LayoutGrid, Settings2, UserRoundSearch } from 'lucide-react'
import type { ReactNode } from 'react'
import { Menu, MenuItem, MenuTrigger } from 'react-aria-components/Menu'
import { Popover } from 'react-aria-components/Popover'
import { useTranslation } from 'react-i18next'
import type { BarItem, ToolbarProps } from './Toolbar.tsx'
import { useBarItem } from './Toolbar.tsx'

type MenuEntry = Omit<BarItem, 'on' | 'count'> & { id: string }

/** Every entry, those that left the bar first. */
function useEntries(props: ToolbarProps): MenuEntry[] {
  const { t } = useTranslation()
  const { shape, act, layout } = props
  const optional = {
    share: useBarItem('share', props),
    hand: useBarItem('hand', props),
    chat: useBarItem('chat', props),
    people: useBarItem('people', props),
  }
  return [
    ...shape.hidden.map((name) => ({ id: name, ...optional[name] })),
    {
      id: 'layout',
      label: layout === 'gallery' ? t('bar.speaker') : t('bar.gallery'),
      icon: layout === 'gallery' ? <UserRoundSearch aria-hidden /> : <LayoutGrid aria-hidden />,
      keys: '',
      run: act.layout,
    },
    {
      id: 'settings',
      label: t('bar.settings'),
      icon: <Settings2 aria-hidden />,
      keys: '',
      run: () => act.panel('settings'),
    },
    { id: 'help', label: t('bar.help'), icon: <CircleQuestionMark aria-hidden />, keys: '?', run: act.help },
  ]
}

export function MoreMenu({ children, ...props }: ToolbarProps & { children: ReactNode }) {
  const { t } = useTranslation()
  const entries = useEntries(props)
  const run = (key: string | number) => entries.find((entry) => entry.id === key)?.run()
  return (
    <MenuTrigger>
      {children}
      <Popover
        className={props.shape.narrow ? 'popover popover-sheet' : 'popover'}
        placement="top end"
        offset={10}
      >
        <Menu className="menu" aria-label={t('bar.more')} onAction={run}>
          {entries.map((entry) => (
            <MenuItem key={entry.id} id={entry.id} className="menu-item" textValue={entry.label}>
              {entry.icon}
              {entry.label}
              {props.letters && entry.keys !== '' && !props.shape.narrow ? (
                <kbd aria-hidden>{entry.keys}</kbd>
              ) : null}
            </MenuItem>
          ))}
        </Menu>
      </Popover>
    </MenuTrigger>
  )
}
