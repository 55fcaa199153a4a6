/**
 * A whole meeting in one process: the real server over a network in memory, real MLS, fake media, one clock that a test
 * moves, and disorder from a seed.
 */
import type { MeetingLink } from '@huisclos/crypto/link'
import { deriveLinkSecrets, hostKeyFromSeed, newMeetingLink, sealDescriptor } from '@huisclos/crypto/link'
import type { GroupEngine } from '@huisclos/crypto/mls'
import { createGroupEngine } from '@huisclos/crypto/mls'
import type { MeetingView, Ports } from '@huisclos/participant'
import { Meeting } from '@huisclos/participant'
import { FakeClock, seeded } from './fake-clock.ts'
import type { FakeAir, FakeTrack } from './fake-media.ts'
import { FakeMedia } from './fake-media.ts'
import type { Line } from './memory-network.ts'
import { MemoryNetwork } from './memory-network.ts'
import { trackCiphers } from './track-ciphers.ts'

export interface WorldOptions {
  seed?: number
  delayMs?: readonly [number, number]
  /** With a host; `lobby`: the host opens the door. */
  hosted?: { lobby: boolean }
}

export interface Entering {
  host?: boolean
  link?: MeetingLink
  descriptorVersionSeen?: number
  /** Stands between this participant and its engine. */
  wrap?: (engine: GroupEngine) => GroupEngine
}

export interface Participant {
  readonly name: string
  readonly meeting: Meeting<FakeTrack>
  readonly media: FakeMedia
  readonly line: Line
  readonly view: MeetingView<FakeTrack>
}

export class MeetingWorld {
  readonly clock = new FakeClock()
  readonly random: () => number
  readonly network: MemoryNetwork
  readonly link: MeetingLink
  readonly hostSeed: Uint8Array | null
  readonly participants: Participant[] = []
  readonly #air: FakeAir = new Map()
  readonly #descriptor: { sealed: Uint8Array; version: number } | null

  private constructor(a: {
    options: WorldOptions
    link: MeetingLink
    hostSeed: Uint8Array | null
    descriptor: { sealed: Uint8Array; version: number } | null
  }) {
    trackCiphers(this.clock)
    this.random = seeded(a.options.seed ?? 1)
    const delayMs = a.options.delayMs ?? [5, 30]
    this.network = new MemoryNetwork({ clock: this.clock, random: this.random, delayMs })
    this.link = a.link
    this.hostSeed = a.hostSeed
    this.#descriptor = a.descriptor
  }

  static async start(options: WorldOptions = {}): Promise<MeetingWorld> {
    const hostSeed = options.hosted ? crypto.getRandomValues(new Uint8Array(32)) : null
    const host = hostSeed && hostKeyFromSeed(hostSeed)
    const link = newMeetingLink(host?.publicKey)
    const lobby = options.hosted?.lobby ?? false
    const descriptor = host && {
      version: 1,
      sealed: await sealDescriptor({
        key: deriveLinkSecrets(link.secret, link.room).descriptor,
        room: link.room,
        host,
        descriptor: {
          version: 1,
          title: 'Conseil',
          lobbyKey: null,
          policy: { lobby, audioLevel: false, bridges: false, recording: false },
        },
      }),
    }
    const world = new MeetingWorld({ options, link, hostSeed, descriptor })
    await world.putRoom()
    return world
  }

  /** What the host's browser does, also after the server was restarted. */
  putRoom(): Promise<void> {
    return this.network.putRoom(this.link, this.#descriptor)
  }

  /** A participant that has not started; `enter` starts it too. */
  make(name: string, how: Entering = {}): Participant {
    const line = this.network.line()
    const media = new FakeMedia(this.#air, this.clock)
    const ports: Ports<FakeTrack> = {
      connect: () => line.connect(),
      createGroup: () => this.clock.tracked((how.wrap ?? ((engine) => engine))(createGroupEngine())),
      media,
      clock: this.clock,
      random: (size) => Uint8Array.from({ length: size }, () => Math.floor(this.random() * 256)),
    }
    const seed = how.host && this.hostSeed ? { hostSeed: this.hostSeed } : {}
    const { link = this.link, descriptorVersionSeen = 0 } = how
    const meeting = new Meeting<FakeTrack>({ link, name, descriptorVersionSeen, ...seed }, ports)
    const participant: Participant = {
      name,
      meeting,
      media,
      line,
      get view() {
        return meeting.view
      },
    }
    this.participants.push(participant)
    return participant
  }

  async enter(name: string, how: Entering = {}): Promise<Participant> {
    const participant = this.make(name, how)
    await participant.meeting.start()
    await this.clock.until(() => participant.view.phase.at === 'in', `${name} is in`)
    return participant
  }

  /** Those who are in, by their own account. */
  inside(): Participant[] {
    return this.participants.filter(({ view }) => view.phase.at === 'in')
  }

  /** Waits until all who are in show one epoch and the same names. */
  agree(what = 'all agree', withinMs = 30_000): Promise<void> {
    return this.clock.until(() => this.agreed(), what, withinMs)
  }

  agreed(): boolean {
    const inside = this.inside()
    const states = inside.map(({ view }) => {
      const people = view.people.map(({ leaf, name }) => `${leaf} ${name}`).sort()
      return `${view.security.epoch}: ${people.join(', ')}`
    })
    const [first] = inside
    return new Set(states).size <= 1 && (first?.view.people.length ?? 0) === inside.length
  }
}
