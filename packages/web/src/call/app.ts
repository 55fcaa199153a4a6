/**
 * The composition root of the page: what `main.tsx` gets from call/. Reads the shelf and the keeper before the first
 * screen, so that a visit is known at once; everything heavy is loaded later (see engine.ts).
 */
import type { MeetingLink } from '@huisclos/crypto/link'
import { WEBSOCKET_PATH } from '@huisclos/protocol'
import { deviceMemory } from '../platform/device-memory.ts'
import { linkKeeper } from '../platform/link-keeper.ts'
import { openSocket } from '../platform/open-socket.ts'
import type { VideoCodec } from '../platform/send-profile.ts'
import { startKeeper, startOfflinePage } from '../platform/service-workers.ts'
import type { AppPort, LinkProblem } from '../ui/ports.ts'
import { ConnectionTest } from './connection-test.ts'
import { DevicesModel, pageDevicesPorts } from './devices-model.ts'
import { Home } from './home.ts'
import { KeptRecordings } from './kept-recordings.ts'
import { indexedDbShelf } from './meeting-shelf.ts'
import { checkNetwork } from './network-check.ts'
import type { Place } from './page-links.ts'
import { PageLinks } from './page-links.ts'
import { roomApi } from './room-api.ts'
import { RoomCheck } from './room-check.ts'
import { Visit } from './visit.ts'

export interface App extends AppPort {
  readonly home: Home
  visit():
    | { readonly meeting: Visit }
    | { readonly check: ConnectionTest }
    | { readonly problem: LinkProblem }
    | null
}

const loadEngine = () => import('./engine.ts')
const loadPathEngine = () => import('./path-engine.ts')

export interface AppOptions {
  videoCodec?: VideoCodec
  /** The script of the service worker with the offline page. */
  offlineWorkerUrl?: string
}

/** To be awaited before anything is rendered: some tens of milliseconds. Never rejects. */
export async function createApp({ videoCodec = 'vp8', offlineWorkerUrl }: AppOptions = {}): Promise<App> {
  const keeper = startKeeper()
  if (offlineWorkerUrl !== undefined) void startOfflinePage(keeper, offlineWorkerUrl)
  const links = new PageLinks(window, linkKeeper(keeper))
  const home = new Home({
    shelf: indexedDbShelf(),
    api: roomApi(),
    links,
    origin: location.origin,
    now: () => Date.now(),
  })
  await home.start()
  await links.recover()
  const recordings = new KeptRecordings(async () => (await import('./recording-workers.ts')).startExporter())
  void recordings.look()
  let current: Visited | undefined
  // Asked twice about one place (React does, to find impure code), the answer is the same visit.
  links.onMove(() => {
    if (current?.at === 'meeting') current.meeting.close()
    if (current?.at === 'check') current.check.close()
    current = undefined
  })
  return {
    home,
    recordings,
    visit() {
      current ??= visitPlace(links.visit(), home, links, { videoCodec, recordings })
      return current.at === 'home' ? null : current
    },
    onMove: (moved) => links.onMove(moved),
    goHome: () => links.goHome(),
    goCheck: () => links.goCheck(),
    leaveCheck: () => links.leaveCheck(),
  }
}

type Visited =
  | { at: 'home' }
  | { at: 'check'; check: ConnectionTest }
  | { at: 'meeting'; meeting: Visit }
  | { at: 'problem'; problem: LinkProblem }

interface Shared {
  videoCodec: VideoCodec
  recordings: KeptRecordings
}

function visitPlace(place: Place, home: Home, links: PageLinks, shared: Shared): Visited {
  if (place.at === 'home') return place
  if (place.at === 'check') return { at: 'check', check: connectionTest() }
  if (place.at === 'problem') return { at: 'problem', problem: place.why }
  return { at: 'meeting', meeting: beginVisit(place.link, home, links, shared) }
}

function connectionTest(): ConnectionTest {
  return new ConnectionTest({
    connect: () => openSocket(WEBSOCKET_PATH),
    location,
    load: loadPathEngine,
  })
}

function beginVisit(link: MeetingLink, home: Home, links: PageLinks, shared: Shared): Visit {
  const { videoCodec, recordings } = shared
  const check = new RoomCheck(link, {
    connect: () => openSocket(WEBSOCKET_PATH),
    bringBack: home.bringBack,
    learn: (room, said) => home.learn(room, said),
    versionSeen: (room) => home.own(room)?.descriptorVersion ?? 0,
    network: (signal) =>
      checkNetwork({ connect: () => openSocket(WEBSOCKET_PATH), load: loadPathEngine }, signal),
  })
  return new Visit({
    link,
    href: links.hrefOf(link),
    check,
    devices: new DevicesModel(pageDevicesPorts()),
    memory: deviceMemory(),
    own: () => home.own(link.room),
    bringBack: home.bringBack,
    renewLink: () => home.renew(link.room),
    recordings,
    load: async (options) => (await loadEngine()).createEngine(options, videoCodec),
    preload: () => void loadEngine().catch(() => undefined),
  })
}
