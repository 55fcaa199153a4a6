/**
 * What each request does once its session is known: one handler a message. Room requests go to the state machine,
 * media requests to the Sfu, and the latter only for peers that are seated (SIG10).
 */
import type { ErrorCode, Request, RequestOf, RequestType } from '@huisclos/protocol'
import type { SfuPeer } from '../media/sfu.ts'
import { SfuError } from '../media/sfu.ts'
import type { RoomAnswer } from '../room/room-action.ts'
import type { RoomRequest } from '../room/room-input.ts'
import type { Session } from './session.ts'

/** Requests of a session that has begun; `hello` and `resume` begin one, `probe` and `bridge.listen` something else. */
export type SessionRequestType = Exclude<
  RequestType,
  'hello' | 'resume' | 'probe' | 'bridge.listen' | 'bridge.answer'
>
export type SessionRequest = { [T in SessionRequestType]: RequestOf<T> }[SessionRequestType]

/** Where recordings on the server are off, these are answered like messages of unknown type (REC8). */
export const isOfRecording = ({ t }: Request): boolean => t.startsWith('recording.')

/** Called once, at once or later; what it is given is the answer. */
export type Answer = (answer: RoomAnswer) => void

type Handler<T extends SessionRequestType> = (session: Session, request: RequestOf<T>, answer: Answer) => void
type MediaOperation<T extends SessionRequestType> = (
  media: SfuPeer,
  request: RequestOf<T>,
) => Promise<unknown>

const toRoom = (session: Session, request: RoomRequest, answer: Answer): void =>
  session.room.request(session.peer, request, answer)

/** A request on media that the peer already has. */
function onMedia<T extends SessionRequestType>(operate: MediaOperation<T>): Handler<T> {
  return (session, request, answer) => {
    carryOut(session, answer, async () => {
      const media = session.room.media.find(session.peer)
      if (media === undefined) throw new SfuError('unknown-target')
      return operate(media, request)
    })
  }
}

function transport(session: Session, request: RequestOf<'media.transport'>, answer: Answer): void {
  const { room, peer } = session
  carryOut(session, answer, async () => {
    const media = await room.media.obtain(peer, () => room.isSeated(peer))
    if (media === null) throw new SfuError('media-unavailable')
    return media.createTransport({ direction: request.direction, tcpOnly: request.tcpOnly ?? false })
  })
}

/** Runs a media operation for a seated peer; one that was unseated meanwhile learns no result. */
function carryOut(session: Session, answer: Answer, operation: () => Promise<unknown>): void {
  const barred = whyNotSeated(session)
  if (barred !== null) {
    answer({ ok: false, code: barred })
    return
  }
  operation().then(
    (result) => {
      const code = whyNotSeated(session)
      answer(code === null ? { ok: true, result: fieldsOf(result) } : { ok: false, code })
    },
    (error: unknown) => answer({ ok: false, code: session.room.codeOf(error) }),
  )
}

/** What answers without a result are filled with. */
const fieldsOf = (result: unknown): Record<string, unknown> =>
  typeof result === 'object' && result !== null ? { ...result } : {}

function whyNotSeated({ room, peer }: Session): ErrorCode | null {
  if (room.isSeated(peer)) return null
  return room.isRemoved(peer) ? 'removed' : 'not-seated'
}

function ping(session: Session, request: RequestOf<'ping'>, answer: Answer): void {
  if (session.outbox.acknowledge(request.seen)) answer({ ok: true, result: {} })
  else answer({ ok: false, code: 'bad-message' })
}

const HANDLERS: { [T in SessionRequestType]: Handler<T> } = {
  ping,
  leave: toRoom,
  'group.create': toRoom,
  'group.knock': toRoom,
  'group.commit': toRoom,
  'group.app': toRoom,
  'group.turn-away': toRoom,
  'group.ready': toRoom,
  'group.refuse': toRoom,
  'group.refetch': toRoom,
  'bridge.invite': (session, request, answer) => session.room.invite(session.peer, request, answer),
  'recording.start': toRoom,
  'recording.pause': toRoom,
  'recording.stop': toRoom,
  'recording.consent': toRoom,
  'recording.envelope': toRoom,
  'recording.manifest': toRoom,
  'media.transport': transport,
  'media.connect': onMedia((media, r) => media.connect({ transport: r.transport, dtls: r.dtls })),
  'media.restart-ice': onMedia((media, r) => media.restartIce({ transport: r.transport })),
  'media.produce': onMedia((media, r) =>
    media.produce({ transport: r.transport, kind: r.kind, rtp: r.rtp, paused: r.paused }),
  ),
  'media.pause': onMedia((media, r) => media.pause({ producer: r.producer, paused: r.paused })),
  'media.close': onMedia((media, r) => media.closeProducer({ producer: r.producer })),
  'media.receive': onMedia((media, r) => media.receive({ transport: r.transport, rtp: r.rtp })),
  'media.want': onMedia((media, r) =>
    media.want({
      consumer: r.consumer,
      paused: r.paused,
      ...(r.spatial === undefined ? {} : { spatial: r.spatial }),
      ...(r.temporal === undefined ? {} : { temporal: r.temporal }),
    }),
  ),
  'media.key-frame': onMedia((media, r) => media.requestKeyFrame({ consumer: r.consumer })),
}

/** These change nothing and are carried out again when asked again; their answers need not be kept (SIG5). */
export const REPEATABLE: ReadonlySet<SessionRequestType> = new Set(['ping', 'group.refetch'])

/** Carries a request out by its handler. */
export function dispatch<T extends SessionRequestType>(
  session: Session,
  request: Extract<SessionRequest, { t: T }>,
  answer: Answer,
): void {
  const handle: Handler<T> = HANDLERS[request.t as T]
  handle(session, request as RequestOf<T>, answer)
}
