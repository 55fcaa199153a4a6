/** Panels, menus and dialogs, each opened by the presses that a person would make, on a desktop or on a phone. */
import type { ReactNode } from 'react'
import { useEffect } from 'react'
import { HomeScreen } from '../src/ui/home/HomeScreen.tsx'
import type { HomePort } from '../src/ui/ports.ts'
import { Room } from '../src/ui/room/Room.tsx'
import type { DemoCallWish } from './demo-call.ts'
import { demoCall } from './demo-call.ts'
import { demoDevices } from './demo-devices.ts'
import { DEMO_KEY, demoKept } from './demo-recorder.ts'

const nothing = () => undefined
const BEGIN_MS = 60
const BETWEEN_MS = 110

/** What is not there (a phone has no arrow beside the microphone) is passed over. */
function Opened({ presses, children }: { presses: readonly string[]; children: ReactNode }): ReactNode {
  useEffect(() => {
    const timers = presses.map((selector, index) =>
      setTimeout(() => document.querySelector<HTMLElement>(selector)?.click(), BEGIN_MS + index * BETWEEN_MS),
    )
    return () => timers.forEach(clearTimeout)
  }, [presses])
  return children
}

function inRoom(wish: DemoCallWish, ...presses: string[]): () => ReactNode {
  return () => (
    <Opened presses={presses}>
      <Room call={demoCall(wish, demoDevices({}))} onLeave={nothing} onRejoin={nothing} />
    </Opened>
  )
}

/** From the menu, or from the sheet. */
const seldom = (key: string, icon: string) => [
  '.bar-more',
  `[data-key="${key}"], .sheet-item:has(.lucide-${icon})`,
]
const fromBar = (icon: string) => [
  `.bar-button:has(.lucide-${icon})`,
  'body:not(:has(.panel)) .bar-more',
  `.sheet-item:has(.lucide-${icon})`,
]
const HOST = { people: 5, selfHost: true } as const
const personMenu = (nth: number) => `.person:nth-child(${nth}) .icon-button:has(.lucide-ellipsis)`

const BOTH = { local: true, server: true }
const ON_SERVER = ['.bar-more', '[data-key="record"], .sheet-item:has(.lucide-circle)'] as const
const BRIDGE = {
  runBy: 'Cabinet Lune',
  number: '+33 1 84 88 00 00',
  fingerprint: '1f0c 99aa 4e21 70b3 d5e8 02c6 8a4f 3b17',
} as const
const PHONES = {
  ...HOST,
  people: 3,
  telephone: true,
  phones: { bridge: BRIDGE, mayInvite: true, invitation: { pin: '246813579', since: 0 } },
} as const
const MAY_ORDER = { ...HOST, recording: { mayOrder: true, mayStop: true } } as const

/** The panels, menus and dialogs of the room that demo-screens.tsx does not show for their own sake. */
export const ROOM_PANELS: Readonly<Record<string, () => ReactNode>> = {
  'room-chat': inRoom({ people: 4 }, ...fromBar('message-square')),
  'room-people': inRoom({ people: 9 }, ...fromBar('users')),
  'room-phones': inRoom(PHONES, ...fromBar('users')),
  'room-phones-shield': inRoom(PHONES, '.shield'),
  'room-shield': inRoom({ people: 4 }, '.shield'),
  'room-settings': inRoom({ people: 4 }, ...seldom('settings', 'settings-2')),
  'room-help': inRoom({ people: 4 }, ...seldom('help', 'circle-question-mark')),
  'room-more': inRoom(HOST, '.bar-more'),
  'room-devices': inRoom({ people: 4 }, '.bar-arrow'),
  'room-report': inRoom(
    { people: 4 },
    ...seldom('settings', 'settings-2'),
    '.panel-body > .button:last-of-type',
  ),
  'room-volume': inRoom({ people: 4 }, ...fromBar('users'), '.person .icon-button:has(.lucide-volume-2)'),
  'record-no-key': inRoom(
    { ...MAY_ORDER, onServer: { allowed: { local: false, server: true }, keyProblem: 'not-a-key' } },
    ...ON_SERVER,
  ),
  'record-key': inRoom(
    { ...MAY_ORDER, onServer: { allowed: BOTH, key: DEMO_KEY, retentionDays: 90 } },
    ...ON_SERVER,
    '.view-option:last-of-type input',
  ),
  'record-finished': inRoom({ ...HOST, onServer: { finished: true } }),
  'host-remove': inRoom(HOST, ...fromBar('users'), personMenu(3), '[data-key="remove"]'),
}

export function homePanels(home: () => HomePort): Readonly<Record<string, () => ReactNode>> {
  const atHome = (...presses: string[]) => (
    <Opened presses={presses}>
      <HomeScreen home={home()} recordings={demoKept()} onProtection={nothing} onCheck={nothing} />
    </Opened>
  )
  const menu = '.mine-row .icon-button:has(.lucide-ellipsis)'
  return {
    'home-made': () => atHome('.leaf-new .button-primary'),
    'home-qr': () => atHome('.leaf-new .button-primary', '.share-link .button:has(.lucide-qr-code)'),
    'home-menu': () => atHome(menu),
    'home-host-key': () => atHome(menu, '[data-key="export"]', '.dialog .button-primary'),
    'home-forget': () => atHome(menu, '[data-key="forget"]'),
    'home-import': () => atHome('.import summary'),
  }
}
