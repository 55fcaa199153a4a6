/** A call made of fixtures: people, chat, alarms, phases. Controls change the snapshot so that keys and panels can be tried. */
import type {
  Alarm,
  HostWish,
  MeetingControls,
  MeetingView,
  PersonView,
  Phase,
  StreamView,
} from '@huisclos/participant'
import type { CallPort, CaptioningView, DevicesPort, HearingView, ScreenShareView } from '../src/ui/ports.ts'
import { demoCaptioning } from './demo-captions.ts'
import { demoQuality } from './demo-quality.ts'
import type { DemoServerRecording } from './demo-recorder.ts'
import { DEMO_KEY, demoKept, demoRecorder, demoServerRecording } from './demo-recorder.ts'
import { demoRecordings } from './demo-recordings.ts'
import type { DemoStore } from './demo-store.ts'
import { demoStore } from './demo-store.ts'
import { paintedTrack } from './painted-track.ts'

type View = MeetingView<MediaStreamTrack>

const NAMES = [
  'Camille Lefèvre',
  'Bob Okafor',
  'Anne-Sophie de La Rochefoucauld-Liancourt',
  'Jun’ichi Tanizaki',
  'Maître Delmas',
  'Priya',
  'Øyvind Ås',
  'Camille Lefèvre (2)',
  'Dr. Hannah Weiss',
  'Salomé',
  'Tomás Ó Súilleabháin',
  'Li Wei',
  'Ingrid',
  'Mamadou Diop',
  'Zoé',
  'Karl-Heinz',
  'Fatima Zahra',
  'Noor',
  'Léo',
  'Ewa Kowalska',
  'Giulia',
  'Henri',
  'Oksana',
  'Samir',
  'Ulla',
]

export interface DemoCallWish {
  people: number
  cameras?: boolean
  sharing?: boolean
  selfSharing?: boolean
  selfHost?: boolean
  companion?: boolean
  pictures?: HearingView['pictures']
  /** Somebody of one's own name is here. */
  twin?: boolean
  hosted?: boolean
  phase?: Phase
  trouble?: boolean
  code?: boolean
  /** Networks at fault, everybody's kind. */
  weak?: boolean
  alarms?: Alarm[]
  knocking?: boolean
  locked?: boolean
  rules?: Partial<View['rules']>
  spotlight?: number
  removed?: string[]
  asked?: boolean
  onlyHost?: boolean
  recording?: Partial<View['recording']>
  phones?: Partial<View['phones']>
  /** A telephone bridge with two callers is here. */
  telephone?: boolean
  speech?: CaptioningView['offer']
  onServer?: DemoServerRecording
}

const stream = (
  source: StreamView<MediaStreamTrack>['source'],
  track: MediaStreamTrack | null,
  muted: boolean,
  waitingForKeys = false,
) => ({
  source,
  track,
  muted,
  waitingForKeys,
})

function demoPerson(leaf: number, wish: DemoCallWish): PersonView<MediaStreamTrack> {
  const camera = (wish.cameras ?? true) && leaf % 4 !== 3
  const streams = [
    stream('microphone', null, leaf % 3 === 1),
    ...(camera ? [stream('camera', leaf === 0 ? null : paintedTrack(leaf), false, leaf === 5)] : []),
    ...(wish.sharing === true && leaf === 1 ? [stream('screen', paintedTrack('slide'), false)] : []),
  ]
  return {
    leaf,
    name: wish.twin === true && leaf === 1 ? `${NAMES[0]} (2)` : (NAMES[leaf] ?? `Invité ${leaf}`),
    self: leaf === 0,
    host: leaf === 0 ? wish.selfHost === true : leaf === 1 && wish.onlyHost !== true,
    hand: leaf === 2,
    recorded: false,
    mayUnmute: wish.rules?.unmute !== false || leaf < 2,
    state: leaf === 6 ? 'lost' : leaf === 8 ? 'silent' : 'here',
    streams,
  }
}

function demoBridge(leaf: number): PersonView<MediaStreamTrack> {
  const caller = (id: number, label: string, part: { hand?: boolean; waiting?: boolean; muted?: boolean }) =>
    ({ id, label, hand: false, waiting: false, muted: false, source: `caller-${id}`, ...part }) as const
  return {
    leaf,
    name: 'Cabinet Lune',
    self: false,
    host: false,
    hand: false,
    recorded: false,
    mayUnmute: true,
    state: 'here',
    streams: [],
    bridge: {
      runBy: 'Cabinet Lune',
      failed: 2,
      callers: [
        caller(0, '+33 6 •• •• •• 42', { hand: true }),
        caller(1, '+44 7 •• •• •• 07', { muted: true }),
        caller(2, '•• •• ••', { waiting: true }),
      ],
    },
  }
}

const CHAT_AT = Date.UTC(2026, 10, 24, 9, 58)
const CODE = {
  words: {
    en: ['harbour', 'velvet', 'magnet', 'orchard', 'pencil', 'thunder'],
    fr: ['rivage', 'velours', 'aimant', 'verger', 'crayon', 'tonnerre'],
  },
  digits: '402719385561047723916840052817',
}

function demoView(wish: DemoCallWish): View {
  const people = Array.from({ length: wish.people }, (_, leaf) => demoPerson(leaf, wish))
  if (wish.telephone === true) people.push(demoBridge(wish.people))
  return {
    phase: wish.phase ?? { at: 'in', since: Date.now() - 754_000, alone: wish.people === 1 },
    title: 'Conseil du 4 mars',
    hosted: wish.hosted ?? true,
    selfLeaf: 0,
    selfHost: wish.selfHost ?? false,
    people,
    captions: [],
    chat: [
      {
        id: 'a',
        leaf: 1,
        name: 'Bob Okafor',
        self: false,
        text: 'Bonjour à tous. Le projet de délibération est dans le dossier.',
        at: CHAT_AT,
        state: 'sent',
      },
      {
        id: 'b',
        leaf: 0,
        name: 'Camille Lefèvre',
        self: true,
        text: 'Merci, je l’ai lu.',
        at: CHAT_AT + 60_000,
        state: 'sent',
      },
      {
        id: 'c',
        leaf: 2,
        name: NAMES[2] ?? '',
        self: false,
        text: 'https://example.org/une-adresse-tres-longue/qui-ne-se-coupe-nulle-part/0123456789',
        at: CHAT_AT + 120_000,
        state: 'sent',
      },
    ],
    notices: [],
    alarms: wish.alarms ?? [],
    security: {
      epoch: 14,
      members: wish.people,
      code:
        wish.code === true || wish.people === 1
          ? { ...CODE, opened: wish.code === true, by: 'Bob Okafor' }
          : null,
      compared: wish.code === true ? null : { at: CHAT_AT + 240_000, joinedSince: ['Bob Okafor'] },
      sending: true,
    },
    network: { signalling: wish.trouble === true ? 'lost' : 'open', media: 'connected', tcpOnly: false },
    lobby: {
      on: wish.knocking === true,
      lock: wish.locked === true,
      removed: wish.removed ?? [],
      knocking: wish.knocking === true ? [{ id: 'k', since: CHAT_AT }] : [],
    },
    rules: { share: true, chat: true, unmute: true, ...wish.rules },
    spotlight: wish.spotlight ?? null,
    request: wish.asked === true ? { id: 1, by: NAMES[1] ?? '' } : null,
    recording: { ordered: null, local: [], mayOrder: false, mayStop: false, ...wish.recording },
    phones: { bridge: null, mayInvite: false, invitation: null, ...wish.phones },
  }
}

function demoOrder(store: DemoStore<View>, wish: HostWish): void {
  if (wish.do === 'lock') store.change({ lobby: { ...store.view.lobby, lock: wish.on } })
  else if (wish.do === 'rules') store.change({ rules: { ...store.view.rules, ...wish.change } })
  else if (wish.do === 'spotlight') store.change({ spotlight: wish.leaf })
  else if (wish.do === 'admit-all') store.change({ lobby: { ...store.view.lobby, knocking: [] } })
  else if (wish.do === 'end')
    store.change({ phase: { at: 'ended', why: 'ended-by-host', by: NAMES[0] ?? '' } })
}

function demoMeeting(store: DemoStore<View>): MeetingControls<MediaStreamTrack> {
  const done = () => Promise.resolve()
  const changePerson = (leaf: number, part: Partial<PersonView<MediaStreamTrack>>) =>
    store.change({
      people: store.view.people.map((person) => (person.leaf === leaf ? { ...person, ...part } : person)),
    })
  const knocked = (id: string) =>
    store.change({
      lobby: { ...store.view.lobby, knocking: store.view.lobby.knocking.filter((knock) => knock.id !== id) },
    })
  return {
    get view() {
      return store.view
    },
    subscribe: (changed) => store.subscribe(changed),
    start: done,
    leave: async () => store.change({ phase: { at: 'ended', why: 'left' } }),
    farewell: () => undefined,
    rejoin: async () => store.change({ phase: { at: 'in', since: Date.now(), alone: false } }),
    publish: done,
    unpublish: done,
    setMuted: done,
    sendChat: (text) =>
      store.change({
        chat: [
          ...store.view.chat,
          { id: crypto.randomUUID(), leaf: 0, name: '', self: true, text, at: Date.now(), state: 'sent' },
        ],
      }),
    caption: () => true,
    setHand: (hand) => changePerson(0, { hand }),
    setName: (name) => changePerson(0, { name }),
    compare: async () =>
      store.change({
        security: { ...store.view.security, code: { ...CODE, opened: true, by: 'Camille Lefèvre' } },
      }),
    closeCode: () =>
      store.change({
        security: { ...store.view.security, code: null, compared: { at: Date.now(), joinedSince: [] } },
      }),
    want: () => undefined,
    removeMember: async (leaf) =>
      store.change({
        people: store.view.people.filter((person) => person.leaf !== leaf),
        notices: [
          ...store.view.notices,
          { id: leaf, at: Date.now(), kind: 'removed', name: NAMES[leaf] ?? '', by: NAMES[0] ?? '' },
        ],
      }),
    makeHost: async (leaf) => changePerson(leaf, { host: true }),
    requestMute: () => undefined,
    setLobby: async (on) => store.change({ lobby: { ...store.view.lobby, on } }),
    order: async (wish) => demoOrder(store, wish),
    setSpotlight: async (spotlight) => store.change({ spotlight }),
    answerRequest: () => store.change({ request: null }),
    invitePhones: async () =>
      store.change({ phones: { ...store.view.phones, invitation: { pin: '246813579', since: Date.now() } } }),
    orderCaller: () => undefined,
    admit: knocked,
    turnAway: knocked,
    ...demoRecordings(store),
    dismissAlarm: (id) => store.change({ alarms: store.view.alarms.filter((alarm) => alarm.id !== id) }),
  }
}

export const DEMO_HREF =
  'https://meet.example.org/m/k3v7q2m5xw4hd6ta#AbQ9nV2Jm0yR7sL4tXw1cE8uHf6pKdZ3oGiB5vNqTjMlWxYa0PrSe2Dk9CzFhUgOt1'

const DEMO_REPORT = [
  'Huis clos: report of a problem',
  '',
  '[page]',
  'browser: Firefox 153, Linux',
  'protocol: 1',
  '',
  '[devices]',
  'microphone: wanted, live, problem none, 2 found',
  'camera: wanted, failed, problem in-use, 1 found',
  '',
  '[network]',
  'signalling: open',
  'way out: udp, DTLS connected, cipher AEAD_AES_256_GCM, round trip 23 ms',
].join('\n')

/** The call, and its snapshot for `window.demo` to change. */
export function demoCall(
  wish: DemoCallWish,
  devices: DevicesPort,
): CallPort & { readonly store: DemoStore<View> } {
  const store = demoStore(demoView(wish))
  const hearing = demoStore<HearingView>({
    silent: wish.companion ?? false,
    pictures: wish.pictures ?? 'all',
    volumes: new Map([[1, 40]]),
  })
  const meeting = demoMeeting(store)
  const screenShare = demoStore<ScreenShareView>({ at: wish.selfSharing === true ? 'on' : 'off' })
  return {
    store,
    meeting,
    devices,
    hearing: {
      get view() {
        return hearing.view
      },
      subscribe: (changed) => hearing.subscribe(changed),
      setVolume: (leaf, percent) =>
        hearing.change({ volumes: new Map([...hearing.view.volumes, [leaf, percent]]) }),
      setPictures: (pictures) => hearing.change({ pictures }),
    },
    recorder: demoRecorder(
      wish.recording?.local?.[0]?.self === true
        ? { at: 'on', paused: false, elapsedMs: 754_000, sizeBytes: 92_300_000 }
        : { at: 'off', problem: null },
    ),
    recordings: demoKept(),
    serverRecording: demoServerRecording(wish.onServer ?? {}, (withMe) =>
      meeting.startRecording({ publicKey: new Uint8Array(0), owner: DEMO_KEY.owner, withMe }),
    ),
    setCompanion: (silent) => hearing.change({ silent }),
    problemReport: async () => DEMO_REPORT,
    captioning: demoCaptioning(wish.speech ?? 'downloadable'),
    quality: demoQuality(wish.people, wish.weak === true),
    screenShare,
    canShareScreen: matchMedia('(min-width: 600px)').matches,
    startSharing: async () => screenShare.change({ at: 'on' }),
    stopSharing: () => screenShare.change({ at: 'off' }),
    setShareContent: () => undefined,
    href: DEMO_HREF,
    bell: { ...demoStore({ notices: 'default' as const }), ask: () => undefined, ring: () => undefined },
    renewLink: wish.selfHost === true ? async () => DEMO_HREF : null,
  }
}
