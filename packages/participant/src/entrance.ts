/**
 * The way in (GRP1, GRP4, GRP5, LINK3, LINK4): opens the room's descriptor, creates the group where none is there or
 * knocks at the one that is, again with a fresh key package while nobody opens, and joins by the Welcome. Ends in a
 * joined session, or in a clear reason. Shows no name and sends no media: that comes after (admission.ts).
 */
import { decodeBase64url, encodeBase64url } from '@huisclos/crypto/bytes'
import type { EpochView, GroupEngine, MeetingContext } from '@huisclos/crypto/mls'
import { MlsError } from '@huisclos/crypto/mls'
import type { Entered } from '@huisclos/protocol'
import { GroupId } from '@huisclos/protocol'
import type { GroupSessionEvents } from './group-session.ts'
import { GroupSession } from './group-session.ts'
import type { AskServer } from './media-adapter.ts'
import type { EndReason } from './meeting-view.ts'
import type { OpenedRoom, Pass } from './pass.ts'
import type { Clock, Ms } from './ports.ts'
import { codeOf } from './signalling-error.ts'

export interface Joining {
  engine: GroupEngine
  session: GroupSession
}

export interface EntranceEvents {
  /** What the room's descriptor, or the grant, says. */
  opened(room: OpenedRoom): void
  /** At the door; `lobby`: a host must open it. */
  waiting(lobby: boolean): void
  /** In the tree. `created`: we made the group, so there is nobody to answer us. */
  joined(joining: Joining, created: boolean): void
  ended(why: EndReason): void
  /** The server's account of this session makes no sense: begin a new one. */
  restart(): void
}

export interface EntranceDeps {
  pass: Pass
  hostSeed: Uint8Array | null
  createGroup(): GroupEngine
  ask: AskServer
  clock: Clock
  random(sizeBytes: number): Uint8Array
  /** For whichever session is the present one; a closed session is silent. */
  group: GroupSessionEvents
  on: EntranceEvents
}

const KNOCK_AGAIN_MS = 15_000
const RESUME_KNOCK_MS = 8_000
const TRY_AGAIN_MS = 1_000
/** So many Welcomes that break a rule end the attempt (GRP5). */
const FALSE_WELCOMES = 2

export class Entrance {
  readonly #deps: EntranceDeps
  #room: OpenedRoom | null = null
  #group: GroupId | null = null
  #joining: Joining | null = null
  #cancel = () => {}
  /** Welcomes in a row that broke a rule, over all sessions. */
  #falseWelcomes = 0
  /** Rises with each attempt: what belongs to an earlier one is ignored. */
  #turn = 0

  constructor(deps: EntranceDeps) {
    this.#deps = deps
  }

  /** Present from the first knock on, so that commits which come with the Welcome are not lost. */
  get session(): GroupSession | null {
    return this.#joining?.session ?? null
  }

  /** `former`: the engine of a stay whose session ended, to come back from (GRP10). Owned from here on. */
  async enter(entered: Entered, former: { engine: GroupEngine; group: GroupId } | null): Promise<void> {
    const turn = this.#begin()
    const opened = await this.#deps.pass.open(entered)
    if (turn !== this.#turn) return former?.engine.close()
    if (typeof opened === 'string') {
      former?.engine.close()
      return this.#deps.on.ended(opened)
    }
    this.#room = opened
    this.#deps.on.opened(opened)
    this.#group = entered.group?.id ?? null
    const resumes = former && former.group === this.#group ? former.engine : null
    if (!resumes) former?.engine.close()
    await this.#proceed(resumes)
  }

  /** A group appeared or vanished while we are outside. */
  groupChanged(group: GroupId | null): void {
    if (!this.#room || group === this.#group) return
    this.#group = group
    void this.#proceed(null)
  }

  async welcome(group: string, welcome: string): Promise<void> {
    const { on } = this.#deps
    const joining = this.#joining
    const room = this.#room
    const turn = this.#turn
    if (!joining || !room || group !== this.#group) return
    this.#cancel()
    try {
      await joining.session.join(decodeBase64url(welcome) ?? new Uint8Array(), room.expect)
    } catch (error) {
      if (turn !== this.#turn) return
      // Seated by an earlier key package of ours: that leaf is nobody's.
      if (error instanceof MlsError && error.code === 'welcome-not-ours') return on.restart()
      this.close()
      // Whoever let us in may have botched or forged it, and somebody else may let us in next time.
      this.#falseWelcomes++
      return this.#falseWelcomes < FALSE_WELCOMES ? on.restart() : on.ended('server-lied')
    }
    if (turn === this.#turn) this.#finish(joining, false)
  }

  /** Gives up; an engine that has not been handed over is closed. */
  close(): void {
    this.#begin()
    this.#room = null
    this.#group = null
  }

  #begin(): number {
    this.#cancel()
    this.#joining?.session.close()
    this.#joining?.engine.close()
    this.#joining = null
    return ++this.#turn
  }

  async #proceed(resumes: GroupEngine | null): Promise<void> {
    const room = this.#room
    if (!room) return
    const { hostSeed, on, pass } = this.#deps
    if (this.#group) return this.#knock(this.#group, resumes)
    this.#begin()
    // The meeting that it was invited to is over.
    if (!pass.creates) return on.ended('lost')
    on.waiting(room.expect.lobby)
    if (!room.expect.lobby || hostSeed) await this.#create(room)
  }

  /** GRP1. Who loses the race knocks at the other's group. */
  async #create(room: OpenedRoom): Promise<void> {
    const { createGroup, random, ask, pass, hostSeed } = this.#deps
    const turn = this.#begin()
    const groupId = random(16)
    const group = GroupId.parse(encodeBase64url(groupId))
    const { room: name, hostHash, descriptorVersion, serverKey } = room.expect
    const context: MeetingContext = {
      room: name,
      hostHash,
      descriptorVersion,
      serverKey,
      policy: room.policy,
      hosts: [],
    }
    const secrets = pass.secretsOf(groupId)
    if (!secrets) return this.#deps.on.ended('lost')
    const joining = this.#join(createGroup(), group)
    let view: EpochView
    try {
      const seed = hostSeed ? { hostSeed } : {}
      view = await joining.engine.create({
        groupId,
        context,
        ...secrets,
        ...seed,
      })
      await ask({ t: 'group.create', group })
    } catch (error) {
      if (turn !== this.#turn) return
      if (error instanceof MlsError) throw error
      // The winner's group comes by `group.changed`; should it be gone again, another try makes one.
      return this.#later(codeOf(error) === 'session-lost' ? null : TRY_AGAIN_MS)
    }
    if (turn !== this.#turn) return
    this.#group = group
    joining.session.begin(view)
    this.#finish(joining, true)
  }

  async #knock(group: GroupId, resumes: GroupEngine | null): Promise<void> {
    const { ask, createGroup, pass, on } = this.#deps
    const turn = this.#begin()
    const groupId = decodeBase64url(group) ?? new Uint8Array()
    const secrets = pass.secretsOf(groupId)
    if (!secrets) {
      resumes?.close()
      return on.ended('lost')
    }
    on.waiting(this.#room?.expect.lobby ?? false)
    const joining = this.#join(resumes ?? createGroup(), group)
    try {
      const { psk, admission } = secrets
      const { keyPackage } = await joining.engine.keyPackage({
        psk,
        admission,
        groupId,
        resume: resumes !== null,
      })
      if (turn !== this.#turn) return
      await ask({ t: 'group.knock', group, keyPackage: encodeBase64url(keyPackage) })
    } catch (error) {
      if (turn !== this.#turn) return
      if (error instanceof MlsError && resumes) return this.#knock(group, null)
      if (error instanceof MlsError) throw error
      return this.#later(codeOf(error) === 'session-lost' ? null : TRY_AGAIN_MS)
    }
    if (turn === this.#turn) this.#later(resumes ? RESUME_KNOCK_MS : KNOCK_AGAIN_MS)
  }

  /** Null: a new session follows anyway. */
  #later(delayMs: Ms | null): void {
    this.#cancel()
    if (delayMs !== null) this.#cancel = this.#deps.clock.setTimer(delayMs, () => void this.#proceed(null))
  }

  #join(engine: GroupEngine, group: GroupId): Joining {
    const { ask, clock } = this.#deps
    this.#joining = { engine, session: new GroupSession({ engine, ask, clock, group, on: this.#deps.group }) }
    return this.#joining
  }

  #finish(joining: Joining, created: boolean): void {
    this.#turn++
    this.#falseWelcomes = 0
    this.#cancel()
    this.#joining = null
    this.#deps.on.joined(joining, created)
  }
}
