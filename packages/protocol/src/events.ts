/**
 * What the server says without being asked. Events of a session are numbered (`seq`, from 1, no gaps): a client that
 * resumes names the last one it saw and gets the rest; answers to requests are not numbered, they are repeated on
 * asking again. Rule prefixes: ORD, ROS, SEE.
 */
import * as z from 'zod/mini'
import { BridgeOffer, BridgeOver } from './bridge.ts'
import { ErrorCode } from './error-code.ts'
import { b64, ConsumerId, Epoch, GroupId, Leaf, PeerId, ProducerId } from './ids.ts'
import { MediaKind, RtpParameters } from './media-parameters.ts'
import { RECORDING_EVENTS } from './recording.ts'
import { DoorAnswer, LIMITS } from './requests.ts'

const seq = z.int().check(z.gte(1))

/** Who is connected, and on which leaf the committers say they sit. */
export const RoomPeers = z.strictObject({
  t: z.literal('room.peers'),
  seq,
  peers: z.array(z.strictObject({ peer: PeerId, leaf: z.nullable(Leaf), connected: z.boolean() })),
})
/** A group was created by somebody (so knock), or vanished (null: create one). */
export const GroupChanged = z.strictObject({
  t: z.literal('group.changed'),
  seq,
  group: z.nullable(z.strictObject({ id: GroupId, epoch: Epoch })),
})
export const GroupKnocked = z.strictObject({
  t: z.literal('group.knocked'),
  seq,
  peer: PeerId,
  keyPackage: b64(LIMITS.keyPackageBytes, 1),
})
/** A member says why nobody lets you in (HOST7). */
export const GroupTurnedAway = z.strictObject({
  t: z.literal('group.turned-away'),
  seq,
  group: GroupId,
  why: DoorAnswer,
})
export const GroupCommitted = z.strictObject({
  t: z.literal('group.committed'),
  seq,
  group: GroupId,
  epoch: Epoch,
  from: PeerId,
  commit: b64(LIMITS.commitBytes, 1),
})
export const GroupWelcome = z.strictObject({
  t: z.literal('group.welcome'),
  seq,
  group: GroupId,
  epoch: Epoch,
  welcome: b64(LIMITS.welcomeBytes, 1),
})
export const GroupSaid = z.strictObject({
  t: z.literal('group.said'),
  seq,
  group: GroupId,
  epoch: Epoch,
  from: PeerId,
  body: b64(LIMITS.applicationBytes, 1),
})
export const GroupAllReady = z.strictObject({
  t: z.literal('group.all-ready'),
  seq,
  group: GroupId,
  epoch: Epoch,
})
/** The commit with this hash is struck; the epoch is open again (ORD3). */
export const GroupStruck = z.strictObject({
  t: z.literal('group.struck'),
  seq,
  group: GroupId,
  epoch: Epoch,
  from: PeerId,
  hash: b64(32, 32),
})
/** A warrant of absence: Ed25519 by the server's key over GRP7's bytes, for that epoch alone. */
export const GroupGone = z.strictObject({
  t: z.literal('group.gone'),
  seq,
  group: GroupId,
  epoch: Epoch,
  leaf: Leaf,
  signature: b64(64, 64),
})
/** You were removed by a commit that won. */
export const GroupRemoved = z.strictObject({
  t: z.literal('group.removed'),
  seq,
  group: GroupId,
  epoch: Epoch,
})

export const MediaConsumer = z.strictObject({
  t: z.literal('media.consumer'),
  seq,
  consumer: ConsumerId,
  producer: ProducerId,
  peer: PeerId,
  kind: MediaKind,
  rtp: RtpParameters,
  producerPaused: z.boolean(),
})
export const MediaConsumerClosed = z.strictObject({
  t: z.literal('media.consumer-closed'),
  seq,
  consumer: ConsumerId,
})
export const MediaConsumerPaused = z.strictObject({
  t: z.literal('media.consumer-paused'),
  seq,
  consumer: ConsumerId,
  paused: z.boolean(),
})
/**
 * What becomes of a picture that was asked for. `narrow`: held back, because not even its smallest layer fits in what this
 * receiver's path takes; `empty`: nothing comes from its sender.
 */
export const MediaConsumerFlow = z.strictObject({
  t: z.literal('media.consumer-flow'),
  seq,
  consumer: ConsumerId,
  flow: z.enum(['flows', 'narrow', 'empty']),
})
/** The media worker died: transports are gone, make new ones. */
export const MediaLost = z.strictObject({ t: z.literal('media.lost'), seq })

export const ServerEvent = z.discriminatedUnion('t', [
  RoomPeers,
  GroupChanged,
  GroupKnocked,
  GroupTurnedAway,
  GroupCommitted,
  GroupWelcome,
  GroupSaid,
  GroupAllReady,
  GroupStruck,
  GroupGone,
  GroupRemoved,
  MediaConsumer,
  MediaConsumerClosed,
  MediaConsumerPaused,
  MediaConsumerFlow,
  MediaLost,
  ...RECORDING_EVENTS,
])
export type ServerEvent = z.infer<typeof ServerEvent>
export type EventType = ServerEvent['t']
export type EventOf<T extends EventType> = Extract<ServerEvent, { t: T }>

/** `Omit` that keeps a union a union. */
type Unnumbered<E> = E extends { seq: number } ? Omit<E, 'seq'> : never
/** An event before its session has numbered it. */
export type EventBody = Unnumbered<ServerEvent>

/** The answer to request `re`. `result` is checked against RESULTS[type asked]. */
export const OkReply = z.strictObject({ t: z.literal('ok'), re: z.int(), result: z.unknown() })
export const ErrorReply = z.strictObject({ t: z.literal('error'), re: z.int(), code: ErrorCode })
/** Last words before the server closes the socket. */
export const Goodbye = z.strictObject({ t: z.literal('goodbye'), code: ErrorCode })

export const ServerFrame = z.discriminatedUnion('t', [
  OkReply,
  ErrorReply,
  Goodbye,
  ...ServerEvent.def.options,
])
export type ServerFrame = z.infer<typeof ServerFrame>

/** What a telephone bridge hears on its line. */
export const BridgeFrame = z.discriminatedUnion('t', [OkReply, ErrorReply, Goodbye, BridgeOffer, BridgeOver])
export type BridgeFrame = z.infer<typeof BridgeFrame>
