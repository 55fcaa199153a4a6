/** Every screen by name, with the fixtures that bring it about. */
import type { EndReason, LocalRecording, OrderedRecording } from '@huisclos/participant'
import type { ReactNode } from 'react'
import { useEffect } from 'react'
import { App } from '../src/ui/App.tsx'
import { CheckScreen } from '../src/ui/check/CheckScreen.tsx'
import { HomeScreen } from '../src/ui/home/HomeScreen.tsx'
import { ProtectionScreen } from '../src/ui/home/ProtectionScreen.tsx'
import { MeetingFlow } from '../src/ui/meeting/MeetingFlow.tsx'
import type {
  AppPort,
  HomePort,
  HomeView,
  KnownMeeting,
  LobbyCheckView,
  MeetingPort,
} from '../src/ui/ports.ts'
import type { ConnectionTestView } from '../src/ui/quality-ports.ts'
import { Room } from '../src/ui/room/Room.tsx'
import { writeSetting } from '../src/ui/settings.ts'
import { FaultBoundary } from '../src/ui/status/FaultBoundary.tsx'
import { EndedScreen, PhaseScreen } from '../src/ui/status/PhaseScreen.tsx'
import { RecordedGate } from '../src/ui/status/RecordedGate.tsx'
import type { DemoCallWish } from './demo-call.ts'
import { DEMO_HREF, demoCall } from './demo-call.ts'
import { DEMO_CAPTIONS } from './demo-captions.ts'
import type { DemoDevicesWish } from './demo-devices.ts'
import { demoDevices } from './demo-devices.ts'
import { homePanels, ROOM_PANELS } from './demo-panels.tsx'
import { DEMO_KEPT, demoKept } from './demo-recorder.ts'
import { RECORDINGS_PAGE } from './demo-recordings-page.tsx'
import { demoStore } from './demo-store.ts'

const nothing = () => undefined
const DAY_MS = 86_400_000

const meetings = (): KnownMeeting[] => [
  {
    room: 'a',
    title: 'Conseil du 4 mars',
    href: DEMO_HREF,
    hosted: true,
    expiresAt: Date.now() + 30 * DAY_MS,
  },
  { room: 'b', title: '', href: DEMO_HREF, hosted: true, expiresAt: Date.now() + DAY_MS },
  {
    room: 'c',
    title: 'Comité social et économique, réunion extraordinaire',
    href: DEMO_HREF,
    hosted: false,
    expiresAt: Date.now() - DAY_MS,
  },
]

function demoHome(view: HomeView): HomePort {
  const store = demoStore(view)
  const made = (title: string): KnownMeeting => ({
    room: 'new',
    title,
    href: DEMO_HREF,
    hosted: true,
    expiresAt: Date.now() + 30 * DAY_MS,
  })
  return {
    get view() {
      return store.view
    },
    subscribe: (changed) => store.subscribe(changed),
    create: async ({ title }) => made(title),
    readCard: (text) =>
      text === '' ? null : { runBy: 'Cabinet Lune', number: '+33 1 84 88 00 00', fingerprint: FINGERPRINT },
    readLink: (text) => (text === '' ? { ok: false, why: 'empty' } : { ok: false, why: 'no-secret' }),
    open: nothing,
    forget: (room) =>
      store.change({ meetings: store.view.meetings.filter((meeting) => meeting.room !== room) }),
    exportHostKey: async () =>
      'huisclos-host:1:k3v7q2m5xw4hd6ta:AbQ9nV2Jm0yR7sL4tXw1cE8uHf6pKdZ3oGiB5vNqTjMl',
    importHostKey: async () => made('Conseil'),
  }
}

const FINGERPRINT = '1f0c 99aa 4e21 70b3 d5e8 02c6 8a4f 3b17'

const OPEN: LobbyCheckView = {
  phones: null,
  room: 'open',
  title: 'Conseil du 4 mars',
  hosted: true,
  lobby: false,
  network: 'direct',
}

function demoVisit(
  check: Partial<LobbyCheckView>,
  wish: DemoDevicesWish = {},
  rememberedName = 'Camille Lefèvre',
): MeetingPort {
  const devices = demoDevices(wish)
  return {
    check: demoStore({ ...OPEN, ...check }),
    devices,
    rememberedName,
    checkAgain: nothing,
    join: () => demoCall({ people: 4 }, devices),
  }
}

const flow = (visit: MeetingPort) => <MeetingFlow meeting={visit} onHome={nothing} onCheck={nothing} />
const ended = (why: EndReason, by = '') => (
  <EndedScreen why={why} by={by} onRejoin={nothing} onHome={nothing} />
)

function room(wish: DemoCallWish, devices: DemoDevicesWish = {}): ReactNode {
  const call = demoCall(wish, demoDevices(devices))
  Object.assign(window, { demo: call.store })
  return <Room call={call} onLeave={nothing} onRejoin={nothing} />
}

const brokenLink: AppPort = {
  home: demoHome({ meetings: [], create: 'anyone' }),
  recordings: demoKept(),
  visit: () => ({ problem: 'no-secret' }),
  onMove: () => nothing,
  goHome: nothing,
  goCheck: nothing,
  leaveCheck: nothing,
}

const waiting = (phase: Parameters<typeof PhaseScreen>[0]['phase']) => (
  <PhaseScreen phase={phase} onRejoin={nothing} onLeave={nothing} onHome={nothing} />
)

const works = (part: { roundTripMs: number; lossUp: number }) =>
  ({ state: 'works', upBps: 1_834_000, downBps: 912_000, lossDown: 0.004, ...part }) as const

/** The connection test as it stands at some moment. */
function check(part: Partial<ConnectionTestView>): ReactNode {
  const store = demoStore<ConnectionTestView>({
    at: 'done',
    progress: 1,
    host: 'meet.example.org',
    scheme: 'https',
    udp: works({ roundTripMs: 23, lossUp: 0 }),
    tcp: works({ roundTripMs: 31, lossUp: 0.012 }),
    mediaPorts: [40_000, 40_001, 40_002, 40_003],
    ...part,
  })
  const start = () => store.change({ at: 'running', progress: 0.4, udp: { state: 'running' } })
  const test = Object.assign(store, { start })
  return <CheckScreen test={test} onBack={nothing} onHome={nothing} />
}

/** The quality panel, opened as a person would. */
function QualityInRoom({ table }: { table: boolean }): ReactNode {
  useEffect(() => {
    const press = (selector: string) => document.querySelector<HTMLElement>(selector)?.click()
    const timers = [
      setTimeout(() => press('.bar-more'), 50),
      setTimeout(() => press('[data-key="quality"], .sheet-item:has(.lucide-chart-line)'), 200),
      setTimeout(() => (table ? press('.panel .button-small') : undefined), 400),
    ]
    return () => timers.forEach(clearTimeout)
  }, [table])
  return room({ people: 4 })
}

/** Captions as they come over a room; with `panel`, the panel is opened as a person would. */
function CaptionsInRoom({ panel, size }: { panel: boolean; size: string }): ReactNode {
  writeSetting('captions', 'on')
  writeSetting('caption-size', size)
  useEffect(() => {
    const press = (selector: string) => document.querySelector<HTMLElement>(selector)?.click()
    const timers = [
      // What is there when captions are turned on is not shown: they must come.
      setTimeout(() => Reflect.get(window, 'demo').change({ captions: DEMO_CAPTIONS }), 50),
      setTimeout(() => (panel ? press('.bar-more') : undefined), 100),
      setTimeout(
        () =>
          panel
            ? press('[data-key="caption-panel"], .sheet-item:has(.lucide-message-square-text)')
            : undefined,
        250,
      ),
    ]
    return () => timers.forEach(clearTimeout)
  }, [panel])
  return room({ people: 4 })
}

/** A room in which a person has pressed these, one after the other; a phone has them in its sheet. */
function Pressed({ wish, presses }: { wish: DemoCallWish; presses: readonly string[] }): ReactNode {
  useEffect(() => {
    const timers = presses.map((selector, index) =>
      setTimeout(() => document.querySelector<HTMLElement>(selector)?.click(), 60 + index * 120),
    )
    return () => timers.forEach(clearTimeout)
  }, [presses])
  return room(wish)
}
const TO_VIEW = [
  '.bar-button:has(.lucide-layout-grid)',
  'body:not(:has(.panel)) .bar-more',
  '.sheet-item:has(.lucide-layout-grid)',
]
const open = (icon: string) => [
  `.bar-button:has(.lucide-${icon})`,
  'body:not(:has(.panel)) .bar-more',
  `.sheet-item:has(.lucide-${icon})`,
]
const TO_PEOPLE = open('users')
const TO_CHAT = open('message-square')
const HOST = { people: 5, selfHost: true } as const
const GUEST_RULES = { share: false, chat: false, unmute: false } as const
const PINS = ['[data-tile="person-4"] .tile-pin', '[data-tile="person-2"] .tile-pin']

function crowd(): ReactNode {
  writeSetting('tiles', '49')
  return room({ people: 49 })
}

const localRecording = (part: Partial<LocalRecording>): LocalRecording => ({
  id: 'BBBBBBBBBBBBBBBBBBBBBB',
  leaf: 1,
  name: 'Bob Okafor',
  self: false,
  consent: 'unanswered',
  consenting: [1, 2],
  ...part,
})

const orderedRecording: OrderedRecording = {
  id: 'AAAAAAAAAAAAAAAAAAAAAA',
  fingerprint: '3f1a 90c4 77de 0b52 e8a6 15cc 42f9 d07b',
  owner: 'Mairie de Saint-Rémy, archives',
  by: 'Bob Okafor',
  since: Date.now(),
  paused: false,
  sealing: true,
  stopping: false,
  consent: 'unanswered',
  server: 'running',
  serverWhy: 'asked',
}

/** What fails while drawing. */
function Broken(): ReactNode {
  throw new Error('a fault on purpose')
}

export const SCREENS: Readonly<Record<string, () => ReactNode>> = {
  ...RECORDINGS_PAGE,
  home: () => (
    <HomeScreen
      home={demoHome({ meetings: meetings(), create: 'anyone' })}
      recordings={demoKept(DEMO_KEPT)}
      onProtection={nothing}
      onCheck={nothing}
    />
  ),
  'home-first': () => (
    <HomeScreen
      home={demoHome({ meetings: [], create: 'anyone' })}
      recordings={demoKept()}
      onProtection={nothing}
      onCheck={nothing}
    />
  ),
  'home-token': () => (
    <HomeScreen
      home={demoHome({ meetings: [], create: 'token' })}
      recordings={demoKept()}
      onProtection={nothing}
      onCheck={nothing}
    />
  ),
  ...homePanels(() => demoHome({ meetings: meetings(), create: 'anyone' })),
  protection: () => <ProtectionScreen onBack={nothing} />,
  check: () => check({ at: 'ready', udp: { state: 'waiting' }, tcp: { state: 'waiting' }, mediaPorts: [] }),
  'check-running': () => check({ at: 'running', progress: 0.62, tcp: { state: 'running' } }),
  'check-done': () => check({}),
  'check-blocked': () =>
    check({
      udp: { state: 'fails', why: 'no-connection' },
      tcp: { state: 'fails', why: 'no-media' },
    }),
  'broken-link': () => <App app={brokenLink} />,
  prejoin: () => flow(demoVisit({})),
  'prejoin-lobby': () => flow(demoVisit({ lobby: true, network: 'tcp-only' }, {}, '')),
  'prejoin-refused': () =>
    flow(demoVisit({ hosted: false }, { cameraProblem: 'site-refused', microphoneProblem: 'none' })),
  'prejoin-unreachable': () => flow(demoVisit({ room: 'unreachable', title: null }, { cameraOn: false })),
  connecting: () => waiting({ at: 'connecting' }),
  'waiting-members': () => waiting({ at: 'waiting-members', lobby: false }),
  'waiting-lobby': () => waiting({ at: 'waiting-members', lobby: true }),
  'waiting-room': () => waiting({ at: 'waiting-room-unknown' }),
  left: () => ended('left'),
  removed: () => ended('removed', 'Bob Okafor'),
  'access-refused': () => ended('access-refused'),
  'descriptor-damaged': () => ended('descriptor-damaged'),
  'host-mismatch': () => ended('host-mismatch'),
  'server-lied': () => ended('server-lied'),
  'not-echoed': () => ended('not-echoed'),
  lost: () => ended('lost'),
  version: () => ended('version'),
  fault: () => (
    <FaultBoundary>
      <Broken />
    </FaultBoundary>
  ),
  'room-alone': () => room({ people: 1 }),
  'room-2': () => room({ people: 2 }),
  'room-3': () => room({ people: 3 }),
  'room-recording-own': () =>
    room({
      people: 4,
      cameras: true,
      recording: {
        local: [
          localRecording({
            self: true,
            leaf: 0,
            name: 'Camille Lefèvre',
            consent: 'yes',
            consenting: [0, 1, 2],
          }),
        ],
      },
    }),
  'room-recording-server': () =>
    room({
      people: 4,
      cameras: true,
      selfHost: true,
      recording: { ordered: orderedRecording, mayStop: true },
    }),
  'recorded-gate': () => <RecordedGate recording={orderedRecording} onAnswer={nothing} onLeave={nothing} />,
  'room-recording-asks': () => room({ people: 4, cameras: true, recording: { local: [localRecording({})] } }),
  'room-5': () => room({ people: 5, selfHost: true, knocking: true }),
  'room-9': () => room({ people: 9 }, { microphoneOn: false, hint: { what: 'talking-while-muted' } }),
  'room-25': () => room({ people: 25 }),
  'room-49': crowd,
  ...ROOM_PANELS,
  'room-view': () => <Pressed wish={{ people: 5 }} presses={TO_VIEW} />,
  'host-people': () => (
    <Pressed wish={{ ...HOST, knocking: true, removed: ['Maître Delmas'] }} presses={TO_PEOPLE} />
  ),
  'host-locked': () => (
    <Pressed wish={{ ...HOST, knocking: true, locked: true, rules: GUEST_RULES }} presses={TO_PEOPLE} />
  ),
  'host-person': () => (
    <Pressed
      wish={HOST}
      presses={[...TO_PEOPLE, '.person:nth-child(3) .icon-button:has(.lucide-ellipsis)']}
    />
  ),
  'host-mute-all': () => (
    <Pressed wish={HOST} presses={[...TO_PEOPLE, '.panel .button:has(.lucide-mic-off)']} />
  ),
  'host-new-link': () => (
    <Pressed
      wish={HOST}
      presses={[...TO_PEOPLE, '.panel .row .button:not(:has(svg))', '.dialog .button-primary']}
    />
  ),
  'host-leave': () => <Pressed wish={{ ...HOST, onlyHost: true }} presses={['.bar-leave']} />,
  'host-end': () => (
    <Pressed
      wish={HOST}
      presses={['.bar-arrow.bar-leave', '.room:not(:has(.bar-arrow.bar-leave)) .bar-more', '.menu-danger']}
    />
  ),
  'guest-barred': () => <Pressed wish={{ people: 4, rules: GUEST_RULES }} presses={TO_CHAT} />,
  'guest-asked': () => room({ people: 4, asked: true }, { microphoneOn: false }),
  'ended-by-host': () => ended('ended-by-host', 'Bob Okafor'),
  'door-locked': () => waiting({ at: 'waiting-members', lobby: false, door: 'locked' }),
  'door-refused': () => waiting({ at: 'waiting-members', lobby: true, door: 'refused' }),
  'door-no-host': () => waiting({ at: 'waiting-members', lobby: true, door: 'no-host' }),
  'room-spotlight': () => room({ people: 6, spotlight: 3 }),
  'room-pins': () => <Pressed wish={{ people: 9 }} presses={PINS} />,
  'room-share': () => room({ people: 6, sharing: true }),
  'room-self-share': () => room({ people: 3, selfSharing: true }),
  'room-captions': () => <CaptionsInRoom panel={false} size="medium" />,
  'room-captions-large': () => <CaptionsInRoom panel={false} size="large" />,
  'room-captions-panel': () => <CaptionsInRoom panel size="medium" />,
  'room-quality': () => <QualityInRoom table={false} />,
  'room-quality-table': () => <QualityInRoom table />,
  'room-weak': () => room({ people: 4, weak: true }),
  'room-code': () => room({ people: 4, code: true }),
  'room-alarm': () =>
    room({
      people: 4,
      alarms: [
        { id: 1, kind: 'member-unseen', at: Date.now() },
        { id: 2, kind: 'forged-frame', at: Date.now(), leaf: 1 },
      ],
    }),
  'room-caution': () =>
    room({ people: 4, alarms: [{ id: 2, kind: 'forged-frame', at: Date.now(), leaf: 1 }] }),
  'prejoin-in-use': () =>
    flow(demoVisit({}, { cameraProblem: 'in-use', microphoneProblem: 'site-refused', blur: true })),
  'prejoin-system': () =>
    flow(demoVisit({}, { cameraProblem: 'system-refused', microphoneProblem: 'system-refused' })),
  'prejoin-https': () => flow(demoVisit({}, { cameraProblem: 'no-https', microphoneProblem: 'no-https' })),
  'prejoin-saved-gone': () =>
    flow(demoVisit({}, { hint: { what: 'saved-gone', kind: 'camera' }, blur: false })),
  'room-device-lost': () =>
    room(
      { people: 3 },
      { cameraProblem: 'none', hint: { what: 'unplugged', kind: 'microphone', label: 'Built-in Audio' } },
    ),
  'room-plugged': () =>
    room({ people: 3 }, { hint: { what: 'plugged', label: 'Plantronics Voyager Focus 2' } }),
  'room-held': () => room({ people: 3 }, { hint: { what: 'held', kind: 'camera' } }),
  'room-silent-mic': () => room({ people: 3 }, { hint: { what: 'silent-microphone' } }),
  'room-companion': () => room({ people: 3, companion: true }, { microphoneOn: false, cameraOn: false }),
  'room-twin': () => room({ people: 3, twin: true }),
  'room-sound-only': () => room({ people: 4, pictures: 'none' }, { cameraOn: false }),
  'room-trouble': () => room({ people: 4, trouble: true }, { cameraOn: false, microphoneOn: false }),
}
