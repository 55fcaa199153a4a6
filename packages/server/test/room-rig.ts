/** Drives a room's state machine by hand: no clock, no sockets, everything told to anyone kept for the test to read. */
import { createHash, randomBytes } from 'node:crypto'
import type { ErrorCode, EventBody, EventOf, EventType } from '@huisclos/protocol'
import { GroupId, PeerId, RecordingId } from '@huisclos/protocol'
import type { RoomAction, RoomAnswer } from '../src/room/room-action.ts'
import type { RoomInput, RoomRequest } from '../src/room/room-input.ts'
import { emptyRoom } from '../src/room/room-state.ts'
import { nextDeadline, step } from '../src/room/step.ts'

const padded = (name: string) => Buffer.from(name.padEnd(16, '.')).toString('base64url')
export const peerId = (name: string): PeerId => PeerId.parse(padded(name))
export const groupId = (name: string): GroupId => GroupId.parse(padded(name))
export const recordingId = (name: string): RecordingId => RecordingId.parse(padded(name))
export const bytes = (text: string): string => Buffer.from(text).toString('base64url')
export const hashOf = (commit: string): string =>
  createHash('sha256').update(commit, 'base64url').digest('base64url')

type BodyOf<R> = R extends { id: number } ? Omit<R, 'id'> : never
type RequestBody = BodyOf<RoomRequest>
type Told<T extends EventType> = Omit<EventOf<T>, 'seq'>

export class RoomRig {
  now = 1_000
  readonly owner = randomBytes(32)
  readonly state = emptyRoom(this.now, {
    allowed: true,
    ownerHash: createHash('sha256').update(this.owner).digest(),
  })
  readonly actions: RoomAction[] = []
  readonly group = groupId('group')
  #inbox = new Map<PeerId, EventBody[]>()
  #nextId = 1

  /** Feeds one input and returns what came of it. */
  feed(input: RoomInput): RoomAction[] {
    const actions = step(this.state, this.now, input)
    this.actions.push(...actions)
    for (const action of actions) {
      if (action.do !== 'tell') continue
      for (const to of action.to) this.#inbox.set(to, [...(this.#inbox.get(to) ?? []), action.event])
    }
    return actions
  }

  ask(name: string, body: RequestBody): RoomAnswer {
    const request = { ...body, id: this.#nextId++ } as RoomRequest
    const answers = this.feed({ t: 'request', peer: peerId(name), request }).filter((a) => a.do === 'answer')
    const [answer] = answers
    if (answers.length !== 1 || answer === undefined) throw new Error(`${answers.length} answers`)
    return answer.answer
  }

  /** Asks and gives 'ok' or the code. */
  code(name: string, body: RequestBody): ErrorCode | 'ok' {
    const answer = this.ask(name, body)
    return answer.ok ? 'ok' : answer.code
  }

  enter(...names: string[]): void {
    for (const name of names) this.feed({ t: 'enter', peer: peerId(name), as: 'person' })
  }

  enterAsBridge(name: string): void {
    this.feed({ t: 'enter', peer: peerId(name), as: 'bridge' })
  }

  lose(name: string): void {
    this.feed({ t: 'lost', peer: peerId(name) })
  }

  back(name: string): void {
    this.feed({ t: 'back', peer: peerId(name) })
  }

  leave(name: string): void {
    this.ask(name, { t: 'leave' })
  }

  create(name: string): ErrorCode | 'ok' {
    return this.code(name, { t: 'group.create', group: this.group })
  }

  knock(name: string): ErrorCode | 'ok' {
    return this.code(name, { t: 'group.knock', group: this.group, keyPackage: bytes(`kp ${name}`) })
  }

  /** Posts a commit; `joins` maps names to leaves. Waits first so that no rate limit is in the way. */
  commit(
    name: string,
    a: { epoch: number; joins?: Record<string, number>; leaves?: number[]; text?: string; hurry?: boolean },
  ): ErrorCode | 'ok' {
    if (!a.hurry) this.now += 1_000
    const joins = Object.entries(a.joins ?? {}).map(([peer, leaf]) => ({ peer: peerId(peer), leaf }))
    return this.code(name, {
      t: 'group.commit',
      group: this.group,
      epoch: a.epoch,
      commit: bytes(a.text ?? `commit ${name} ${a.epoch}`),
      ...(joins.length > 0 ? { welcome: bytes('welcome') } : {}),
      joins,
      leaves: a.leaves ?? [],
    })
  }

  /**
   * A group of these names on leaves 0, 1, 2, …; the epoch is then the number of names minus one. Who is called
   * `bridge` enters as one.
   */
  seat(...names: string[]): void {
    for (const [leaf, name] of names.entries()) {
      if (name === 'bridge') this.enterAsBridge(name)
      else this.enter(name)
      if (leaf === 0) this.create(name)
      else {
        this.knock(name)
        if (this.commit(names[0] ?? '', { epoch: leaf - 1, joins: { [name]: leaf } }) !== 'ok') {
          throw new Error(`${name} was not seated`)
        }
      }
    }
    this.forget()
  }

  /** Lets time pass, ticking when the room asks for it. */
  pass(ms: number): void {
    const until = this.now + ms
    for (;;) {
      const due = nextDeadline(this.state)
      if (due === null || due > until) break
      if (due <= this.now && this.feed({ t: 'tick' }).length === 0)
        throw new Error('a deadline that does nothing')
      this.now = Math.max(this.now, due)
      if (this.feed({ t: 'tick' }).some((a) => a.do === 'rest')) break
    }
    this.now = until
  }

  told<T extends EventType>(name: string, type: T): Told<T>[] {
    const all = this.#inbox.get(peerId(name)) ?? []
    return all.filter((e) => e.t === type) as unknown as Told<T>[]
  }

  types(name: string): EventType[] {
    return (this.#inbox.get(peerId(name)) ?? []).map((e) => e.t)
  }

  did<D extends RoomAction['do']>(kind: D): Extract<RoomAction, { do: D }>[] {
    return this.actions.filter((a): a is Extract<RoomAction, { do: D }> => a.do === kind)
  }

  /** Forgets what was told and done so far, so that a test sees only what follows. */
  forget(): void {
    this.#inbox = new Map()
    this.actions.length = 0
  }

  seatOf(name: string): string | number | null {
    const seat = this.state.peers.get(peerId(name))?.seat
    if (seat === undefined) return null
    return seat.at === 'seated' ? seat.leaf : seat.at
  }
}
