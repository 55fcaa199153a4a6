/**
 * What members tell each other inside MLS application messages (ROS2, ROS3, ROS4): one schema a kind, sizes capped
 * before and after decoding. Each carries its sender's number, so that a gap shows. Malformed input and kinds of a
 * later version are values, never errors.
 */
import { decodeUtf8, parseJson, utf8 } from '@huisclos/crypto/bytes'
import { b64, Epoch, Leaf, LIMITS, RecordingId } from '@huisclos/protocol'
import * as z from 'zod/mini'
import { Caption, padCaption } from './caption.ts'
import { EndMeeting, HostOrder, Rules, RulesPlease, RulesStamp } from './host-order.ts'
import { CallerOrder } from './phone.ts'

export const CHAT_MAX_CHARS = 4_000

const count = z.int().check(z.gte(0))
/** From 1, one more with each message of a member; 0 stands outside the count (farewell). */
const number = count

/** GRP5: somebody new asks whether a member shares this epoch. */
const Challenge = z.strictObject({ k: z.literal('challenge'), nonce: b64(16, 16) })
const Answer = z.strictObject({ k: z.literal('answer'), nonce: b64(16, 16) })
export const SignedProfile = z.strictObject({ leaf: Leaf, body: b64(4_096, 2), signature: b64(64, 64) })
export type SignedProfile = z.infer<typeof SignedProfile>
const Profiles = z.strictObject({
  k: z.literal('profiles'),
  list: z.array(SignedProfile).check(z.maxLength(256)),
})
const ProfilesPlease = z.strictObject({
  k: z.literal('profiles-please'),
  leaves: z.array(Leaf).check(z.maxLength(1_024)),
})
/** ROS2. `seen`: the last number had from each leaf. `counters`: the highest SFrame counter of each own stream. */
const Beat = z.strictObject({
  k: z.literal('beat'),
  seen: z.array(z.tuple([Leaf, count])).check(z.maxLength(1_024)),
  counters: z.array(z.tuple([Leaf, z.string().check(z.regex(/^\d{1,20}$/))])).check(z.maxLength(32)),
  /** Answer soon: the sender wants to know that it is heard. */
  ask: z.boolean(),
  /** HOST5, in a host's: the rules that it holds. */
  rules: z.optional(RulesStamp),
})
/** `id` is random: a line sent again after a new session is shown once. */
const Chat = z.strictObject({
  k: z.literal('chat'),
  id: b64(8, 8),
  text: z.string().check(z.minLength(1), z.maxLength(CHAT_MAX_CHARS)),
})
/** ROS3: the code of this epoch, which an empty path commit has just made, goes on every screen. */
const Compare = z.strictObject({ k: z.literal('compare'), epoch: Epoch })
const MutePlease = z.strictObject({ k: z.literal('mute-please'), leaf: Leaf })
/** The leaver's own warrant (GRP7). */
const Farewell = z.strictObject({ k: z.literal('farewell'), signature: b64(64, 64) })
/** REC2: the server has an envelope of this epoch from the sender. */
const Sealed = z.strictObject({ k: z.literal('sealed'), recording: RecordingId, epoch: Epoch })
/** REC3: somebody new has been asked whether to be recorded, and has said nothing of itself yet. */
const Deciding = z.strictObject({ k: z.literal('deciding') })

export const GroupMessage = z.discriminatedUnion('k', [
  Challenge,
  Answer,
  Profiles,
  ProfilesPlease,
  Beat,
  Chat,
  Caption,
  Compare,
  MutePlease,
  Farewell,
  Sealed,
  Deciding,
  Rules,
  RulesPlease,
  HostOrder,
  EndMeeting,
  CallerOrder,
])
export type GroupMessage = z.infer<typeof GroupMessage>
export type GroupMessageOf<K extends GroupMessage['k']> = Extract<GroupMessage, { k: K }>

const Envelope = z.strictObject({ n: number, m: z.unknown() })
const Kind = z.object({ k: z.string() })
const KINDS = new Set<unknown>(GroupMessage.def.options.flatMap((option) => option.def.shape.k.def.values))

export type DecodedMessage =
  | { ok: true; n: number; message: GroupMessage }
  | { ok: false; code: 'malformed' | 'unknown-kind'; n: number | null }

export const encodeGroupMessage = (n: number, message: GroupMessage): Uint8Array =>
  utf8(JSON.stringify({ n, m: message.k === 'caption' ? padCaption(message, n) : message }))

export function decodeGroupMessage(bytes: Uint8Array): DecodedMessage {
  if (bytes.length > LIMITS.applicationBytes) return { ok: false, code: 'malformed', n: null }
  const envelope = Envelope.safeParse(parseJson(decodeUtf8(bytes)))
  if (!envelope.success) return { ok: false, code: 'malformed', n: null }
  const { n, m } = envelope.data
  const message = GroupMessage.safeParse(m)
  if (message.success) return { ok: true, n, message: message.data }
  const kind = Kind.safeParse(m)
  return { ok: false, code: kind.success && !KINDS.has(kind.data.k) ? 'unknown-kind' : 'malformed', n }
}
