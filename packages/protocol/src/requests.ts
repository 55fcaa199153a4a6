/**
 * What a client may ask over the WebSocket, one schema a message, and what each is answered with.
 * Every request has an `id` that is unique in its session: asked again after a reconnect, it gets the first answer
 * again and is not carried out twice. Rule prefixes: ORD, SEE.
 * Recordings are in recording.ts, telephone bridges in bridge.ts.
 */
import * as z from 'zod/mini'
import { BRIDGE_REQUESTS } from './bridge.ts'
import {
  b64,
  ConsumerId,
  Epoch,
  GroupId,
  Leaf,
  PeerId,
  ProducerId,
  RecordingId,
  RoomId,
  TransportId,
} from './ids.ts'
import {
  DtlsParameters,
  IceCandidate,
  IceParameters,
  MediaKind,
  RtpCapabilities,
  RtpParameters,
} from './media-parameters.ts'
import { RECORDING_REQUESTS } from './recording.ts'

const id = z.int().check(z.gte(1), z.lte(0x7fff_ffff))
export const DoorAnswer = z.enum(['locked', 'refused', 'no-host'])
const versions = z.array(z.int()).check(z.minLength(1), z.maxLength(8))

/** Sizes in bytes after base64url decoding; whole frames are capped by `LIMITS.frameBytes` before parsing. */
export const LIMITS = {
  frameBytes: 1_048_576,
  commitBytes: 450_000,
  welcomeBytes: 600_000,
  keyPackageBytes: 8_192,
  applicationBytes: 65_536,
  descriptorBytes: 16_384,
} as const

/** What one probe may do: both sides go by it. */
export const PROBE = { lastsMs: 20_000, producers: 2, transports: 8 } as const

/** First request on a fresh socket: enter a room. `access` is LINK2's, the only derived secret the server sees; a telephone bridge
 * shows its ticket there (TEL9). */
export const Hello = z.strictObject({
  t: z.literal('hello'),
  id,
  versions,
  room: RoomId,
  access: b64(32, 32),
})
/** First request on a socket that takes an earlier session over; `seen` is the last event number received. */
export const Resume = z.strictObject({
  t: z.literal('resume'),
  id,
  versions,
  token: b64(32, 32),
  seen: z.int(),
})
/**
 * First request on a socket that only tests the path to the media engine: no room, no session, `PROBE.lastsMs` at most.
 * Then `media.*` requests follow as in a meeting, and what is sent comes back as a consumer of the same socket.
 */
export const Probe = z.strictObject({ t: z.literal('probe'), id, versions })
export const Ping = z.strictObject({ t: z.literal('ping'), id, seen: z.int() })
export const Leave = z.strictObject({ t: z.literal('leave'), id })

export const GroupCreate = z.strictObject({ t: z.literal('group.create'), id, group: GroupId })
export const GroupKnock = z.strictObject({
  t: z.literal('group.knock'),
  id,
  group: GroupId,
  keyPackage: b64(LIMITS.keyPackageBytes, 1),
})
export const GroupCommit = z.strictObject({
  t: z.literal('group.commit'),
  id,
  group: GroupId,
  epoch: Epoch,
  commit: b64(LIMITS.commitBytes, 1),
  welcome: z.optional(b64(LIMITS.welcomeBytes, 1)),
  joins: z.array(z.strictObject({ peer: PeerId, leaf: Leaf })).check(z.maxLength(64)),
  leaves: z.array(Leaf).check(z.maxLength(64)),
})
export const GroupApplication = z.strictObject({
  t: z.literal('group.app'),
  id,
  group: GroupId,
  epoch: Epoch,
  body: b64(LIMITS.applicationBytes, 1),
})
/** What somebody at the door is told (HOST7): a word that opens and shuts nothing. */
export const GroupTurnAway = z.strictObject({
  t: z.literal('group.turn-away'),
  id,
  group: GroupId,
  peer: PeerId,
  why: DoorAnswer,
})
/** "I hold this epoch's keys" (KEY4). */
export const GroupReady = z.strictObject({ t: z.literal('group.ready'), id, group: GroupId, epoch: Epoch })
/** "I refuse the commit that won this epoch" (ORD3); `hash` is SHA-256 of the commit's bytes. */
export const GroupRefuse = z.strictObject({
  t: z.literal('group.refuse'),
  id,
  group: GroupId,
  epoch: Epoch,
  hash: b64(32, 32),
})
/** Ask for a commit of the log again (ORD3). */
export const GroupRefetch = z.strictObject({
  t: z.literal('group.refetch'),
  id,
  group: GroupId,
  epoch: Epoch,
})

export const MediaTransport = z.strictObject({
  t: z.literal('media.transport'),
  id,
  direction: z.enum(['send', 'receive']),
  tcpOnly: z.optional(z.boolean()),
})
export const MediaConnect = z.strictObject({
  t: z.literal('media.connect'),
  id,
  transport: TransportId,
  dtls: DtlsParameters,
})
export const MediaRestartIce = z.strictObject({
  t: z.literal('media.restart-ice'),
  id,
  transport: TransportId,
})
export const MediaProduce = z.strictObject({
  t: z.literal('media.produce'),
  id,
  transport: TransportId,
  kind: MediaKind,
  rtp: RtpParameters,
  paused: z.boolean(),
})
export const MediaPause = z.strictObject({
  t: z.literal('media.pause'),
  id,
  producer: ProducerId,
  paused: z.boolean(),
})
export const MediaClose = z.strictObject({ t: z.literal('media.close'), id, producer: ProducerId })
/** "My receive transport is there, send me what everybody produces": consumers follow as events, paused. */
export const MediaReceive = z.strictObject({
  t: z.literal('media.receive'),
  id,
  transport: TransportId,
  rtp: RtpCapabilities,
})
/** Start, stop or re-size one consumer; layers count from 0, the smallest. */
export const MediaWant = z.strictObject({
  t: z.literal('media.want'),
  id,
  consumer: ConsumerId,
  paused: z.boolean(),
  spatial: z.optional(z.int().check(z.gte(0), z.lte(3))),
  temporal: z.optional(z.int().check(z.gte(0), z.lte(3))),
})
/** Ask the sender of a consumer for a key frame: once a second and stream (KEY4). */
export const MediaKeyFrame = z.strictObject({ t: z.literal('media.key-frame'), id, consumer: ConsumerId })

export const Request = z.discriminatedUnion('t', [
  Hello,
  Resume,
  Probe,
  Ping,
  Leave,
  GroupCreate,
  GroupKnock,
  GroupCommit,
  GroupApplication,
  GroupTurnAway,
  GroupReady,
  GroupRefuse,
  GroupRefetch,
  MediaTransport,
  MediaConnect,
  MediaRestartIce,
  MediaProduce,
  MediaPause,
  MediaClose,
  MediaReceive,
  MediaWant,
  MediaKeyFrame,
  ...BRIDGE_REQUESTS,
  ...RECORDING_REQUESTS,
])
export type Request = z.infer<typeof Request>
export type RequestType = Request['t']
export type RequestOf<T extends RequestType> = Extract<Request, { t: T }>

const nothing = z.strictObject({})

/** The room as the server tells it on entering. A claim, checked against the MLS tree by the client (ROS1). */
export const Entered = z.strictObject({
  version: z.int(),
  peer: PeerId,
  token: b64(32, 32),
  /** Ed25519 public key of this room's server side; it signs warrants of absence (GRP7). */
  serverKey: b64(32, 32),
  descriptor: z.nullable(b64(LIMITS.descriptorBytes)),
  group: z.nullable(z.strictObject({ id: GroupId, epoch: Epoch })),
  peers: z.array(z.strictObject({ peer: PeerId, leaf: z.nullable(Leaf) })),
  routerRtp: RtpCapabilities,
  /** The recording that the server is making. A hint: the order is in the group's context (REC1). */
  recording: z.nullable(z.strictObject({ recording: RecordingId })),
})
export type Entered = z.infer<typeof Entered>

/** The result of each request when it is not an error. */
export const RESULTS = {
  hello: Entered,
  /** `mediaPorts`: one a worker, UDP and TCP, for whoever opens a firewall. */
  probe: z.strictObject({
    version: z.int(),
    routerRtp: RtpCapabilities,
    mediaPorts: z.array(z.int()).check(z.maxLength(256)),
  }),
  resume: z.strictObject({ peer: PeerId, lastSeq: z.int() }),
  ping: nothing,
  leave: nothing,
  'group.create': nothing,
  'group.knock': nothing,
  'group.commit': nothing,
  'group.app': nothing,
  'group.turn-away': nothing,
  'group.ready': nothing,
  'group.refuse': nothing,
  'group.refetch': z.strictObject({ commit: b64(LIMITS.commitBytes, 1) }),
  'media.transport': z.strictObject({
    transport: TransportId,
    ice: IceParameters,
    candidates: z.array(IceCandidate),
    dtls: DtlsParameters,
  }),
  'media.connect': nothing,
  'media.restart-ice': z.strictObject({ ice: IceParameters }),
  'media.produce': z.strictObject({ producer: ProducerId }),
  'media.pause': nothing,
  'media.close': nothing,
  'media.receive': nothing,
  'media.want': nothing,
  'media.key-frame': nothing,
  'bridge.listen': z.strictObject({ version: z.int() }),
  'bridge.answer': nothing,
  'bridge.invite': nothing,
  'recording.start': nothing,
  'recording.pause': nothing,
  'recording.stop': nothing,
  'recording.consent': nothing,
  'recording.envelope': nothing,
  'recording.manifest': nothing,
} satisfies Record<RequestType, z.ZodMiniType>
export type ResultOf<T extends RequestType> = z.infer<(typeof RESULTS)[T]>
