/**
 * A meeting under attack: honest participants (the real engine, real MLS, real SFrame) against a HostileServer that
 * stands before the real server, under one turned clock. Whoever opens a world closes it.
 */
import type { BridgeCard, HostKey, MeetingLink } from '@huisclos/crypto/link'
import { deriveLinkSecrets, newHostKey, newMeetingLink, sealDescriptor } from '@huisclos/crypto/link'
import type { GroupEngine, MlsCode } from '@huisclos/crypto/mls'
import { createTestEngine } from '@huisclos/crypto/mls/testing'
import type { Alarm, MeetingView, Socket } from '@huisclos/participant'
import { Meeting } from '@huisclos/participant'
import { FakeClock, seeded } from '../fake-clock.ts'
import { MemoryNetwork } from '../memory-network.ts'
import { trackCiphers } from '../track-ciphers.ts'
import { FrameHub } from './frame-hub.ts'
import { HostileServer } from './hostile-server.ts'
import type { RenderedTrack } from './sealed-media.ts'
import { SealedMedia } from './sealed-media.ts'
import { watched } from './watched-engine.ts'

export interface PersonOptions {
  /** Rules of the MLS engine that this one lacks, for controls. */
  waived?: readonly MlsCode[]
  /** Puts itself around the engine, for controls and rogues. */
  around?: (engine: GroupEngine) => GroupEngine
  hostSeed?: Uint8Array
  descriptorVersionSeen?: number
  link?: MeetingLink
}

export interface WorldOptions {
  hosted?: boolean
  recordable?: boolean
  bridge?: BridgeCard | null
}

export class Person {
  readonly name: string
  readonly media: SealedMedia
  readonly meeting: Meeting<RenderedTrack>
  /** Why its MLS engine refused something, oldest first. */
  readonly codes: (MlsCode | 'unauthentic')[] = []
  readonly #clock: FakeClock

  constructor(world: AttackWorld, name: string, options: PersonOptions) {
    this.name = name
    this.#clock = world.clock
    this.media = new SealedMedia(name, world.hub, world.clock)
    const { hostSeed, descriptorVersionSeen } = options
    const own = {
      ...(hostSeed ? { hostSeed } : {}),
      ...(descriptorVersionSeen ? { descriptorVersionSeen } : {}),
    }
    this.meeting = new Meeting(
      { link: options.link ?? world.link, name, ...own },
      {
        connect: () => world.server.connect(name),
        createGroup: () => watched(world.engine(options), (code) => this.codes.push(code)),
        media: this.media,
        clock: world.clock,
        random: (sizeBytes) => crypto.getRandomValues(new Uint8Array(sizeBytes)),
      },
    )
  }

  get view(): MeetingView<RenderedTrack> {
    return this.meeting.view
  }

  get leaf(): number {
    const { selfLeaf } = this.view
    if (selfLeaf === null) throw new Error(`${this.name} is in no group`)
    return selfLeaf
  }

  /** Kinds of the alarms that stand. */
  get alarms(): Alarm['kind'][] {
    return this.view.alarms.map(({ kind }) => kind)
  }

  /** Everybody on screen, by name, oneself included. */
  get names(): string[] {
    return this.view.people.map(({ name }) => name).sort()
  }

  get texts(): string[] {
    return this.view.chat.map(({ text }) => text)
  }

  leafOf(name: string): number {
    const found = this.view.people.find((each) => each.name === name)
    if (!found) throw new Error(`${this.name} does not see ${name}`)
    return found.leaf
  }

  async start(): Promise<this> {
    await this.meeting.start()
    return this
  }

  until(
    holds: (view: MeetingView<RenderedTrack>) => boolean,
    what: string,
    withinMs?: number,
  ): Promise<void> {
    return this.#clock.until(() => holds(this.view), `${this.name}: ${what}`, withinMs)
  }

  /** Ends in this reason. */
  ends(why: string, withinMs?: number): Promise<void> {
    return this.until(({ phase }) => phase.at === 'ended' && phase.why === why, `ended by ${why}`, withinMs)
  }

  sees(...names: string[]): Promise<void> {
    const wanted = [this.name, ...names].sort().join()
    return this.until(
      ({ people }) =>
        people
          .map(({ name }) => name)
          .sort()
          .join() === wanted,
      `sees ${wanted}`,
    )
  }
}

export class AttackWorld {
  readonly clock = new FakeClock()
  readonly network: MemoryNetwork
  readonly server: HostileServer
  readonly hub = new FrameHub()
  readonly link: MeetingLink
  readonly host: HostKey
  readonly #people: Person[] = []
  readonly #release: () => void

  readonly #recordable: boolean
  readonly #bridge: BridgeCard | null

  private constructor({ hosted, recordable, bridge }: Required<WorldOptions>) {
    this.#recordable = recordable
    this.#bridge = bridge
    const { clock } = this
    this.#release = trackCiphers(clock)
    this.network = new MemoryNetwork({ clock, random: seeded(1), delayMs: [5, 30] })
    this.server = new HostileServer(() => this.connect())
    this.host = newHostKey()
    this.link = newMeetingLink(hosted ? this.host.publicKey : undefined)
  }

  /**
   * `hosted`: the room has a host and a descriptor of version 1 titled "Council"; else nobody hosts. `recordable`: it
   * allows recordings on the server. `bridge`: the telephone bridge that it names.
   */
  static async open(options: WorldOptions = {}): Promise<AttackWorld> {
    const { hosted = false, recordable = false, bridge = null } = options
    const world = new AttackWorld({ hosted, recordable, bridge })
    await world.network.putRoom(world.link, hosted ? await world.descriptor(1) : null)
    return world
  }

  /** A socket to the honest server, with nobody in between. */
  connect(): Socket {
    return this.network.line().connect()
  }

  async descriptor(version: number, title = 'Council'): Promise<{ sealed: Uint8Array; version: number }> {
    const { link, host } = this
    const { descriptor: key } = deriveLinkSecrets(link.secret, link.room)
    const bridge = this.#bridge
    const policy = {
      lobby: false,
      audioLevel: false,
      bridges: bridge !== null,
      recording: this.#recordable,
    }
    const descriptor = { version, title, lobbyKey: null, policy, ...(bridge ? { bridge } : {}) }
    return { version, sealed: await sealDescriptor({ key, room: link.room, host, descriptor }) }
  }

  engine({ waived, around }: Pick<PersonOptions, 'waived' | 'around'> = {}): GroupEngine {
    const engine = this.clock.tracked(createTestEngine({ now: () => this.clock.now() }, waived))
    return around ? around(engine) : engine
  }

  /** Somebody who has not entered yet. */
  person(name: string, options: PersonOptions = {}): Person {
    const person = new Person(this, name, options)
    this.#people.push(person)
    return person
  }

  /** Somebody who has, and whom everybody before sees. */
  async enter(name: string, options: PersonOptions = {}): Promise<Person> {
    const before = this.#people.filter(({ view }) => view.phase.at === 'in')
    const person = await this.person(name, options).start()
    await person.until(({ phase }) => phase.at === 'in', 'is in')
    const names = before.map((each) => each.name)
    await person.sees(...names)
    for (const each of before)
      await each.until(({ people }) => people.some((p) => p.name === name), `sees ${name}`)
    return person
  }

  /** Lets time pass until a promise is settled. */
  async done<T>(work: Promise<T>): Promise<T> {
    let settled = false
    const mark = (): void => {
      settled = true
    }
    work.then(mark, mark)
    await this.clock.until(() => settled, 'done')
    return work
  }

  /** Ends everything. Throws when the honest server met a defect of its own. */
  async close(): Promise<void> {
    for (const { meeting } of this.#people) if (meeting.view.phase.at !== 'ended') meeting.farewell()
    await this.clock.advance(1_000)
    this.#release()
    if (this.network.faults.length > 0) throw this.network.faults[0]
  }
}
