/** What a host can do to one person: ask, stop, put forward, remove. */
import type { MeetingControls, PersonView } from '@huisclos/participant'
import { Ellipsis } from 'lucide-react'
import { Menu, MenuItem, MenuTrigger } from 'react-aria-components/Menu'
import { Popover } from 'react-aria-components/Popover'
import { useTranslation } from 'react-i18next'
import { IconButton } from '../parts/Button.tsx'
import { streamOf } from './stage-plan.ts'

export interface PersonMenuProps {
  person: PersonView<MediaStreamTrack>
  name: string
  meeting: MeetingControls<MediaStreamTrack>
  spotlit: boolean
  onOrder: (deed: Promise<void>) => void
  onRemove: () => void
}

interface Entry {
  readonly id: string
  readonly label: string
  readonly run: () => void
}

/** What makes sense for this person now. */
function useEntries({ person, meeting, spotlit, onOrder, onRemove }: PersonMenuProps): Entry[] {
  const { t } = useTranslation()
  const { leaf, self } = person
  const on = (source: 'microphone' | 'camera' | 'screen') => streamOf(person, source)?.muted === false
  const order = (wish: Parameters<typeof meeting.order>[0]) => () => onOrder(meeting.order(wish))
  const spotlight: Entry = {
    id: 'spotlight',
    label: spotlit ? t('hosts.unspotlight') : t('hosts.spotlight'),
    run: order({ do: 'spotlight', leaf: spotlit ? null : leaf }),
  }
  if (self) return [spotlight]
  const when = (there: boolean, id: string, label: string, run: () => void): Entry[] =>
    there ? [{ id, label, run }] : []
  if (person.bridge !== undefined) return [{ id: 'remove', label: t('phones.removeBridge'), run: onRemove }]
  const microphone = on('microphone')
  return [
    ...when(microphone, 'mute', t('people.askMute'), () => meeting.requestMute(leaf)),
    ...when(!microphone, 'unmute', t('hosts.askUnmute'), order({ do: 'ask-unmute', leaf })),
    ...when(on('camera'), 'video', t('hosts.stopVideo'), order({ do: 'stop', leaf, what: 'camera' })),
    ...when(on('screen'), 'share', t('hosts.stopShare'), order({ do: 'stop', leaf, what: 'screen' })),
    ...when(person.hand, 'hand', t('hosts.lowerHand'), order({ do: 'lower-hands', leaf })),
    spotlight,
    ...when(!person.host, 'host', t('people.makeHost'), () => onOrder(meeting.makeHost(leaf))),
    { id: 'remove', label: t('people.remove'), run: onRemove },
  ]
}

export function PersonMenu(props: PersonMenuProps) {
  const { t } = useTranslation()
  const entries = useEntries(props)
  return (
    <MenuTrigger>
      <IconButton label={t('people.actions', { name: props.name })}>
        <Ellipsis size={20} aria-hidden />
      </IconButton>
      <Popover className="popover" placement="bottom end">
        <Menu className="menu" onAction={(key) => entries.find(({ id }) => id === key)?.run()}>
          {entries.map(({ id, label }) => (
            <MenuItem key={id} id={id} className={id === 'remove' ? 'menu-item menu-danger' : 'menu-item'}>
              {label}
            </MenuItem>
          ))}
        </Menu>
      </Popover>
    </MenuTrigger>
  )
}
