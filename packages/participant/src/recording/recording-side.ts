/**
 * All that a meeting has to do with recordings, put together: the group's order and who sealed it, consents, the
 * server's part, and what is recorded on members' own computers. Holds newcomers back until they have answered (REC3).
 */
import { decodeBase64url, encodeBase64url } from '@huisclos/crypto/bytes'
import type { EpochView, MemberView } from '@huisclos/crypto/mls'
import { encodeRecordingOrder } from '@huisclos/crypto/seal'
import { RecordingId } from '@huisclos/protocol'
import type { CommitDesk } from '../commit-desk.ts'
import type { Conversation } from '../conversation.ts'
import type { HostOrders } from '../host-orders.ts'
import type { AskServer } from '../media-adapter.ts'
import { MeetingError } from '../meeting-error.ts'
import type { Alarm, Notice } from '../meeting-view.ts'
import type { Profile } from '../messages/profile.ts'
import type { Clock, Ms } from '../ports.ts'
import { Consents } from './consents.ts'
import { OrderWatch } from './order-watch.ts'
import type { LocalRecording, RecordingView } from './recording-view.ts'
import type { SealerDeps } from './sealer.ts'
import { Sealer } from './sealer.ts'
import { ServerRecorder } from './server-recorder.ts'

export interface RecordingSideDeps {
  clock: Clock
  random(sizeBytes: number): Uint8Array
  ask: AskServer
  room: string
  /** The room's host key, where it is ours. */
  hostSeed: Uint8Array | null
  desk: CommitDesk
  orders: HostOrders
  conversation: Conversation
  stay: SealerDeps['stay']
  connected(): ReadonlySet<number>
  sendingEpoch(): number | null
  nameOf(pseudonym: string): string
  /** Our own profile changed. */
  ownChanged(): void
  /** Nothing holds us back any more. */
  decided(): void
  alarm(kind: Alarm['kind'], on: boolean): void
  notice(notice: Omit<Notice, 'id' | 'at'>): void
  changed(): void
}

/** The server hears of an order by other ways than the group does: that long, either may be first. */
const SETTLE_MS = 8_000
const DECIDING_MS = 10_000

export class RecordingSide {
  readonly order = new OrderWatch()
  readonly consents: Consents
  readonly server: ServerRecorder
  readonly #sealer: Sealer
  readonly #deps: RecordingSideDeps
  #view: EpochView | null = null
  #holding = false
  #cancelDeciding = () => {}
  #cancelEnding = () => {}
  #contradicted: { by: 'unordered' | 'not-stored'; since: Ms } | null = null
  #recorders = new Map<string, string>()

  constructor(deps: RecordingSideDeps) {
    this.#deps = deps
    const { clock, ask, room, hostSeed, changed, conversation } = deps
    this.consents = new Consents((pseudonym) => conversation.profiles.of(pseudonym))
    this.server = new ServerRecorder({ ask, clock, room, hostSeed, changed })
    this.#sealer = new Sealer({
      clock,
      ask,
      stay: deps.stay,
      connected: deps.connected,
      isConsenting: (member, recording) => this.isConsenting(member, recording),
      streamsOf: ({ pseudonym }) => conversation.profiles.of(pseudonym)?.streams ?? [],
      nameOf: ({ pseudonym }) => deps.nameOf(pseudonym),
      tell: (recording, epoch) =>
        conversation.tell({ k: 'sealed', recording: RecordingId.parse(recording), epoch }),
      unsealed: (on) => deps.alarm('recording-unsealed', on),
    })
  }

  /** For our profile. */
  said(): Pick<Profile, 'records' | 'consents'> {
    const local = this.#others().flatMap(({ pseudonym }) => this.consents.recordsOf(pseudonym) ?? [])
    const { order } = this.order
    return this.consents.said(order ? [...local, order.id] : local)
  }

  /** Whether a member said yes to a recording; of ourselves, what we answered. */
  isConsenting({ leaf, pseudonym }: MemberView, recording: string): boolean {
    if (leaf === this.#view?.self) return this.consents.own(recording) === 'yes'
    return this.consents.of(pseudonym, recording)
  }

  /** REC3: whether whoever has just come must answer before anything of it leaves. */
  mustAnswer(): boolean {
    const { order } = this.order
    const asked = order !== null && this.consents.own(order.id) === 'unanswered'
    if (asked && !this.#holding) {
      this.#holding = true
      this.#sayDeciding()
    }
    return asked
  }

  epoch(view: EpochView, how: { struck: boolean; entered: boolean; committer: string | null }): void {
    this.#view = view
    this.consents.retain(new Set(view.members.map(({ pseudonym }) => pseudonym)))
    const now = this.#deps.clock.now()
    const news = this.order.epoch(view, { now, ...how })
    if (news) this.#deps.notice({ kind: `recording-${news}`, name: '', by: how.committer ?? '' })
    const { order } = this.order
    this.#sealer.epoch(view, order && this.order.sealable(view.epoch) ? order : null)
    this.#mirror()
    if (news === 'stopped') this.#endOnServer()
    if (this.#holding && !this.mustAnswer()) this.#release()
  }

  profilesChanged(): void {
    this.#sealer.changed()
    const before = this.#recorders
    this.#recorders = new Map(
      this.#others().flatMap(({ pseudonym }): [string, string][] => {
        const id = this.consents.recordsOf(pseudonym)
        return id === null ? [] : [[pseudonym, id]]
      }),
    )
    for (const [pseudonym, id] of this.#recorders)
      if (before.get(pseudonym) !== id) this.#tellRecorder('records-started', pseudonym)
    for (const pseudonym of before.keys())
      if (!this.#recorders.has(pseudonym)) this.#tellRecorder('records-stopped', pseudonym)
  }

  heardSealed({ pseudonym }: MemberView, recording: string, epoch: number): void {
    this.#sealer.heard(pseudonym, recording, epoch)
  }

  tick(now: Ms): void {
    this.order.look(now, this.#deps.sendingEpoch())
    if (this.order.sealing) this.#sealer.tick()
    this.#lookAtServer(now)
  }

  end(): void {
    this.#view = null
    this.order.end()
    this.#sealer.end()
    this.#recorders.clear()
    this.#holding = false
    this.#cancelDeciding()
    this.#cancelEnding()
    this.server.consent(null)
  }

  // — what the person does —

  /** Rejects with a `MeetingError`. */
  async start(a: { publicKey: Uint8Array; owner: string; withMe: boolean }): Promise<void> {
    const view = this.#asHost()
    const { hostSeed, random, orders } = this.#deps
    if (!hostSeed) throw new MeetingError('not-host')
    if (!view.context.policy.recording) throw new MeetingError('recording-off')
    if (this.order.shown) throw new MeetingError('recording-exists')
    const recording = random(16)
    const id = encodeBase64url(recording)
    const bytes = orderOf({ ...a, recording })
    await this.server.start(id)
    this.consents.answer(id, a.withMe)
    try {
      await orders.setRecording({ recordingKey: bytes, recordingPaused: false })
    } catch (error) {
      await this.server.stop(id)
      throw error
    }
    this.#deps.ownChanged()
  }

  async pause(paused: boolean): Promise<void> {
    this.#asHost()
    const { order } = this.order
    if (!order || this.order.paused === paused) return
    await this.#deps.orders.setRecording({ recordingKey: orderOf(order), recordingPaused: paused })
    if (this.#deps.hostSeed) await this.server.pause(order.id, paused)
  }

  async stop(): Promise<void> {
    this.#asHost()
    if (this.order.order) await this.#deps.orders.setRecording({ recordingKey: null, recordingPaused: false })
  }

  answer(recording: string, yes: boolean): void {
    if (decodeBase64url(recording)?.length !== 16 || recording === this.consents.records) return
    const before = this.consents.own(recording)
    if (!this.consents.answer(recording, yes)) return
    this.#mirror()
    this.#deps.ownChanged()
    this.#sealer.changed()
    if (before === 'yes' && recording === this.order.order?.id) void this.#withdraw()
    if (this.#holding && !this.mustAnswer()) this.#release()
    this.#deps.changed()
  }

  async startLocal(): Promise<string> {
    if (!this.#view) throw new MeetingError('not-in-meeting')
    if (this.consents.records) throw new MeetingError('recording-exists')
    const id = encodeBase64url(this.#deps.random(16))
    this.consents.setRecords(id)
    this.#deps.changed()
    if (await this.#deps.conversation.announceNow()) return id
    this.consents.setRecords(null)
    throw new MeetingError('not-in-meeting')
  }

  async stopLocal(): Promise<void> {
    this.consents.setRecords(null)
    this.#deps.ownChanged()
  }

  /** First others know that we take it back, then the keys change: what comes after is not sealed again. */
  async #withdraw(): Promise<void> {
    await this.#deps.conversation.announceNow()
    await this.#deps.desk.orderPath()
  }

  // — what is shown —

  view(names: ReadonlyMap<string, string>): RecordingView {
    const view = this.#view
    const { shown } = this.order
    const self = view?.members.find((m) => m.leaf === view.self)
    const isHost = self?.host ?? false
    return {
      ordered: shown && this.#orderedView(shown),
      local: [...(self ? [self] : []), ...this.#others()].flatMap((member) => this.#localView(member, names)),
      mayOrder: isHost && this.#deps.hostSeed !== null && (view?.context.policy.recording ?? false),
      mayStop: isHost,
    }
  }

  #orderedView({ order, by, since, stopping }: NonNullable<OrderWatch['shown']>) {
    const { id, fingerprint, owner } = order
    const state = this.server.state?.recording === id ? this.server.state : null
    return {
      id,
      fingerprint,
      owner,
      by,
      since,
      stopping,
      paused: this.order.paused,
      sealing: this.order.sealing,
      consent: this.consents.own(id),
      server: state?.state ?? ('unknown' as const),
      serverWhy: state?.why ?? null,
    }
  }

  #localView(member: MemberView, names: ReadonlyMap<string, string>): LocalRecording[] {
    const view = this.#view
    const self = member.leaf === view?.self
    const id = self ? this.consents.records : this.consents.recordsOf(member.pseudonym)
    if (!view || id === null) return []
    const consenting = view.members.filter((m) => m.leaf === member.leaf || this.isConsenting(m, id))
    return [
      {
        id,
        leaf: member.leaf,
        name: names.get(member.pseudonym) ?? '',
        self,
        consent: self ? 'yes' : this.consents.own(id),
        consenting: consenting.map(({ leaf }) => leaf),
      },
    ]
  }

  // — helpers —

  #mirror(): void {
    const { order } = this.order
    this.server.consent(order && { recording: order.id, yes: this.consents.own(order.id) === 'yes' })
  }

  #release(): void {
    this.#holding = false
    this.#cancelDeciding()
    this.#deps.decided()
  }

  /** Nameless, so that others do not take somebody who reads the question for somebody who hides. */
  #sayDeciding(): void {
    this.#deps.conversation.tell({ k: 'deciding' })
    this.#cancelDeciding = this.#deps.clock.setTimer(DECIDING_MS, () => this.#sayDeciding())
  }

  /** The server goes on storing until an owner tells it; by then nobody's senders use keys that were sealed. */
  #endOnServer(): void {
    const id = this.order.shown?.order.id
    if (!this.#deps.hostSeed || id === undefined) return
    this.#cancelEnding()
    this.#cancelEnding = this.#deps.clock.setTimer(3_000, () => void this.server.stop(id))
  }

  /** The order is the group's; where the server says otherwise for longer than news take, that is shown. */
  #lookAtServer(now: Ms): void {
    const { order, shown } = this.order
    const { state } = this.server
    const stored = state && state.state !== 'off' ? state.recording : null
    const unordered = this.#view !== null && stored !== null && stored !== shown?.order.id
    const missing = order !== null && (stored !== order.id || state?.state === 'failed')
    const by = unordered ? 'unordered' : missing ? 'not-stored' : null
    if (by === null) this.#contradicted = null
    else if (this.#contradicted?.by !== by) this.#contradicted = { by, since: now }
    const settled = this.#contradicted !== null && now - this.#contradicted.since >= SETTLE_MS
    this.#deps.alarm('recording-unordered', settled && by === 'unordered')
    this.#deps.alarm('recording-not-stored', settled && by === 'not-stored')
  }

  #tellRecorder(kind: 'records-started' | 'records-stopped', pseudonym: string): void {
    this.#deps.notice({ kind, name: this.#deps.nameOf(pseudonym) })
  }

  #others(): MemberView[] {
    return this.#view?.members.filter(({ leaf }) => leaf !== this.#view?.self) ?? []
  }

  #asHost(): EpochView {
    const view = this.#view
    if (!view) throw new MeetingError('not-in-meeting')
    if (!view.members.some((m) => m.leaf === view.self && m.host)) throw new MeetingError('not-host')
    return view
  }
}

function orderOf(order: { recording: Uint8Array; publicKey: Uint8Array; owner: string }): Uint8Array {
  try {
    const { recording, publicKey, owner } = order
    const copy = { recording: recording.slice(), publicKey: publicKey.slice(), owner }
    return encodeRecordingOrder(copy as Parameters<typeof encodeRecordingOrder>[0])
  } catch {
    throw new MeetingError('bad-recording-key')
  }
}
