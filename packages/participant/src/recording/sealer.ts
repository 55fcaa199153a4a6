/**
 * Envelopes (REC2): for each epoch that may be sealed, the stream keys of those who said yes, sealed to the owner's key
 * and handed to the server. Two members do it at once, a host and the lowest other leaf, the next ones where those stay
 * silent. Never seals an epoch's base key, and nobody's keys without their consent in hand.
 */
import { encodeBase64url, wipe } from '@huisclos/crypto/bytes'
import type { EpochView, MemberView } from '@huisclos/crypto/mls'
import type { EnvelopeContent, SealedStream } from '@huisclos/crypto/seal'
import { deriveStreamKey, ENVELOPE_LABEL, hostChain, sealEnvelopes } from '@huisclos/crypto/seal'
import type { GroupId } from '@huisclos/protocol'
import { RecordingId } from '@huisclos/protocol'
import type { AskServer } from '../media-adapter.ts'
import { kindOfSource } from '../media-adapter.ts'
import type { AnnouncedStream } from '../messages/profile.ts'
import type { Clock, Ms } from '../ports.ts'
import { codeOf } from '../signalling-error.ts'
import type { Order } from './order-watch.ts'

export interface SealerDeps {
  clock: Clock
  ask: AskServer
  /** Of the present stay; null: none. Signs with our leaf key. */
  stay(): { group: GroupId; sign(label: string, data: Uint8Array): Promise<Uint8Array> } | null
  connected(): ReadonlySet<number>
  isConsenting(member: MemberView, recording: string): boolean
  streamsOf(member: MemberView): readonly AnnouncedStream[]
  nameOf(member: MemberView): string
  /** Tells the group that an envelope of this epoch is with the server. */
  tell(recording: string, epoch: number): void
  /** REC2: nobody has sealed this epoch within 5 s, or somebody has after all. */
  unsealed(alarm: boolean): void
}

interface Work {
  readonly view: EpochView
  readonly order: Order
  readonly since: Ms
  /** Streams that our envelopes hold, as "leaf stream". */
  readonly done: Set<string>
  /** Who says that it has sealed this epoch. */
  readonly sealers: Set<string>
  part: number
  busy: boolean
}

/** What comes within it goes into one envelope; profiles that came before an epoch's commit have been checked by then. */
const GATHER_MS = 200
const TAKEOVER_MS = 1_500
const RETRY_MS = 1_000
const ALARM_MS = 5_000
const SEALERS = 2

export class Sealer {
  readonly #deps: SealerDeps
  #work: Work | null = null
  #cancel = () => {}

  constructor(deps: SealerDeps) {
    this.#deps = deps
  }

  /** `order`: what this epoch may be sealed for; null: nothing. */
  epoch(view: EpochView, order: Order | null): void {
    this.#cancel()
    const since = this.#deps.clock.now()
    this.#work = order && { view, order, since, done: new Set(), sealers: new Set(), part: 0, busy: false }
    if (!order) this.#deps.unsealed(false)
    this.#plan(GATHER_MS)
  }

  /** Streams or consents changed. */
  changed(): void {
    if (this.#work && !this.#work.busy) this.#plan(GATHER_MS)
  }

  /** A member says that it has sealed. */
  heard(pseudonym: string, recording: string, epoch: number): void {
    const work = this.#work
    if (!work || work.view.epoch !== epoch || work.order.id !== recording) return
    work.sealers.add(pseudonym)
    this.#deps.unsealed(false)
  }

  tick(): void {
    const work = this.#work
    if (!work || work.sealers.size > 0 || this.#deps.clock.now() - work.since < ALARM_MS) return
    if (this.#wanted(work, new Set()).length > 0) this.#deps.unsealed(true)
  }

  end(): void {
    this.#cancel()
    this.#work = null
    this.#deps.unsealed(false)
  }

  #plan(delayMs: Ms): void {
    this.#cancel()
    const work = this.#work
    const rank = work && this.#rank(work)
    if (work === null || rank === null) return
    const waits = rank < SEALERS ? delayMs : Math.max(delayMs, (rank - SEALERS + 1) * TAKEOVER_MS)
    this.#cancel = this.#deps.clock.setTimer(waits, () => {
      const first = rank < SEALERS || work.part > 0 || work.sealers.size < SEALERS
      if (work === this.#work && first) void this.#seal(work)
    })
  }

  /** How many consenting members seal before us; null: not for us to seal. */
  #rank({ view, order }: Work): number | null {
    const { connected, isConsenting } = this.#deps
    const here = connected()
    const able = view.members.filter(
      (m) => isConsenting(m, order.id) && (m.leaf === view.self || here.has(m.leaf)),
    )
    const host = able.find((m) => m.host)
    const rank = [...(host ? [host] : []), ...able.filter((m) => m !== host)].findIndex(
      (m) => m.leaf === view.self,
    )
    return rank < 0 ? null : rank
  }

  #wanted({ view, order }: Work, done: ReadonlySet<string>): [MemberView, AnnouncedStream][] {
    const { isConsenting, streamsOf } = this.#deps
    return view.members
      .filter((member) => isConsenting(member, order.id))
      .flatMap((member) => streamsOf(member).map((stream): [MemberView, AnnouncedStream] => [member, stream]))
      .filter(([{ leaf }, { stream }]) => !done.has(`${leaf} ${stream}`))
  }

  async #seal(work: Work): Promise<void> {
    const stay = this.#deps.stay()
    const wanted = this.#wanted(work, work.done)
    if (!stay || work.busy || wanted.length === 0) return
    work.busy = true
    const keys = wanted.map(([member, announced]) => sealedStream(work.view, member, announced))
    const again = await this.#send(work, stay, keys).catch(() => null)
    for (const { key, salt } of keys) {
      wipe(key)
      wipe(salt)
    }
    work.busy = false
    if (again !== null && work === this.#work) this.#plan(again)
  }

  /** In how long to look again. */
  async #send(
    work: Work,
    stay: NonNullable<ReturnType<SealerDeps['stay']>>,
    keys: SealedStream[],
  ): Promise<Ms | null> {
    const { view, order } = work
    const sign = (data: Uint8Array) => stay.sign(ENVELOPE_LABEL, data)
    const envelopes = await sealEnvelopes(order.publicKey, this.#content(work, keys), sign)
    const recording = RecordingId.parse(order.id)
    for (const body of envelopes) {
      const envelope = { recording, group: stay.group, epoch: view.epoch, body: encodeBase64url(body) }
      try {
        await this.#deps.ask({ t: 'recording.envelope', ...envelope, part: work.part })
      } catch (error) {
        // The server may not have begun yet, or be given no more for now; a session that ended has its own end.
        const code = codeOf(error)
        return code === 'recording-unknown' || code === 'too-many' ? RETRY_MS : null
      }
      work.part++
    }
    for (const { leaf, stream } of keys) work.done.add(`${leaf} ${stream}`)
    work.sealers.add(view.members.find((m) => m.leaf === view.self)?.pseudonym ?? '')
    this.#deps.unsealed(false)
    this.#deps.tell(order.id, view.epoch)
    return GATHER_MS
  }

  #content({ view, order }: Work, keys: SealedStream[]): EnvelopeContent {
    const self = view.members.find((m) => m.leaf === view.self)
    return {
      recording: order.recording,
      group: view.groupId,
      epoch: view.epoch,
      sealer: view.self,
      hosts: self ? hostChain(view.context.hosts, self.signatureKey) : [],
      roster: view.members.map((member) => ({
        leaf: member.leaf,
        pseudonym: member.pseudonym,
        name: this.#deps.nameOf(member),
        signatureKey: member.signatureKey,
      })),
      keys,
    }
  }
}

function sealedStream(view: EpochView, member: MemberView, announced: AnnouncedStream): SealedStream {
  const { leaf } = member
  const { stream, source, producer } = announced
  const kind = kindOfSource(source)
  const codec = announced.codec ?? (kind === 'audio' ? 'opus' : 'vp8')
  return {
    ...deriveStreamKey(view.baseKey, { leaf, stream, epoch: view.epoch }),
    kind,
    source,
    codec,
    producer,
  }
}
