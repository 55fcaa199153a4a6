/**
 * How sessions begin (SIG2, SIG4) and are resumed (SIG6). Compares `access` by hash in constant time, tells strangers
 * nothing but a code, and keeps sessions by the hash of their token.
 */
import { randomBytes } from 'node:crypto'
import type { Entered, ErrorCode, RequestOf, ResultOf, RtpCapabilities } from '@huisclos/protocol'
import { negotiateVersion, PeerId } from '@huisclos/protocol'
import type { Clock } from '../clock.ts'
import type { ReportFault } from '../observe/report-fault.ts'
import { hashesTo, sha256 } from '../policy/secret-match.ts'
import type { PeerKind } from '../room/room-state.ts'
import type { RoomRecord, Store } from '../storage/store.ts'
import { failureCode } from './failure-code.ts'
import type { SessionLimits } from './rate-limit.ts'
import type { Rooms } from './rooms.ts'
import { publicKeyOf } from './rooms.ts'
import { Session } from './session.ts'

export interface EntranceOptions {
  clock: Clock
  store: Store
  rooms: Rooms
  peersPerRoom: number
  onFault: ReportFault
}

export type Admitted<R> = { ok: true; session: Session; result: R } | { ok: false; code: ErrorCode }

interface Beginning {
  record: RoomRecord
  version: number
  routerRtp: RtpCapabilities
  limits: SessionLimits
  as: PeerKind
}

export class Entrance {
  readonly #options: EntranceOptions
  readonly #sessions = new Map<string, Session>()
  #closed = false

  constructor(options: EntranceOptions) {
    this.#options = options
  }

  get sessions(): number {
    return this.#sessions.size
  }

  /** A new session. @throws SfuError when the room has no media engine. */
  async enter(hello: RequestOf<'hello'>, limits: SessionLimits): Promise<Admitted<Entered>> {
    const version = negotiateVersion(hello.versions)
    if (version === null) return { ok: false, code: 'version-unsupported' }
    const { store, rooms, clock, peersPerRoom } = this.#options
    const record = await store.get(hello.room, clock.wallTime())
    if (record === null) return { ok: false, code: 'room-unknown' }
    const access = Buffer.from(hello.access, 'base64url')
    const isTicket = rooms.find(hello.room)?.admits(access) ?? false
    const isLink = hashesTo(access, record.accessHash)
    if (!isLink && !isTicket) return { ok: false, code: 'access-refused' }
    const routerRtp = await rooms.open(record).media.capabilities()
    // Asked again: the room may have gone to rest while its media was placed.
    const room = rooms.open(record)
    if (this.#closed) return { ok: false, code: 'shutting-down' }
    if (room.size >= peersPerRoom) return { ok: false, code: 'room-full' }
    return this.#begin({ record, version, routerRtp, limits, as: isLink ? 'person' : 'bridge' })
  }

  /** An earlier session, whose events after `seen` are sent again once a socket is attached. */
  resume(request: RequestOf<'resume'>): Admitted<ResultOf<'resume'>> {
    if (negotiateVersion(request.versions) === null) return { ok: false, code: 'version-unsupported' }
    const session = this.#sessions.get(keyOf(Buffer.from(request.token, 'base64url')))
    if (session === undefined || !session.outbox.rewind(request.seen))
      return { ok: false, code: 'session-unknown' }
    return { ok: true, session, result: { peer: session.peer, lastSeq: session.outbox.lastSeq } }
  }

  /** The code that a failed entrance is answered with. */
  codeOf(error: unknown): ErrorCode {
    return failureCode(error, this.#options.onFault)
  }

  close(): void {
    this.#closed = true
  }

  #begin({ record, version, routerRtp, limits, as }: Beginning): Admitted<Entered> {
    const room = this.#options.rooms.open(record)
    const token = randomBytes(32)
    const session = new Session({
      peer: PeerId.parse(randomBytes(16).toString('base64url')),
      room,
      tokenHash: keyOf(token),
      limits,
      onEnd: (ended) => this.#sessions.delete(ended.tokenHash),
    })
    this.#sessions.set(session.tokenHash, session)
    room.enter(session, as)
    const result: Entered = {
      version,
      peer: session.peer,
      token: token.toString('base64url'),
      serverKey: publicKeyOf(record),
      descriptor: record.descriptor,
      group: room.group,
      peers: room.peers(),
      routerRtp,
      recording: room.recording,
    }
    return { ok: true, session, result }
  }
}

const keyOf = (token: Uint8Array): string => sha256(token).toString('base64url')
