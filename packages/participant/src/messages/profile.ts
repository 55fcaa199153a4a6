/**
 * A member's profile (ROS4, FRM5, WEB1): name, hand and which producer carries which stream; numbered, and signed by
 * the leaf key over group id and leaf. Names are cleaned by whoever reads them, whatever the writer did.
 */
import {
  concat,
  decodeBase64url,
  decodeUtf8,
  encodeBase64url,
  parseJson,
  uint,
  utf8,
} from '@huisclos/crypto/bytes'
import { Leaf, ProducerId, RecordingId } from '@huisclos/protocol'
import * as z from 'zod/mini'
import type { Source } from '../media-adapter.ts'
import { MAX_CALLERS, SOURCES } from '../media-adapter.ts'
import { cleanName } from './clean-text.ts'
import type { SignedProfile } from './group-message.ts'
import { BridgeProfile, cleanBridge } from './phone.ts'

const StreamSource = z
  .string()
  .check(z.refine((text) => SOURCES.some((source) => source === text))) as z.ZodMiniType<Source>

const AnnouncedStream = z.strictObject({
  producer: ProducerId,
  /** KEY2's stream number. */
  stream: Leaf,
  source: StreamSource,
  muted: z.boolean(),
  /** Opus and VP8 where it is not said. */
  codec: z.optional(z.enum(['opus', 'vp8', 'vp9'])),
})
export type AnnouncedStream = z.infer<typeof AnnouncedStream>

const Profile = z.strictObject({
  number: z.int().check(z.gte(1)),
  name: z.string().check(z.maxLength(256)),
  hand: z.boolean(),
  /** As many as a bridge with a full house has (MAX_CALLERS), which is what the server takes of a peer. */
  streams: z.array(AnnouncedStream).check(z.maxLength(MAX_CALLERS)),
  /** REC3: the recording that this member makes on its own computer, and those that it agrees to be in. */
  records: z.nullable(RecordingId),
  consents: z.array(RecordingId).check(z.maxLength(4)),
  /** TEL3, in a telephone bridge's. */
  bridge: z.optional(BridgeProfile),
})
export type Profile = z.infer<typeof Profile>

/** What is signed, under the label `profile`. */
const profileStatement = (leaf: number, body: Uint8Array): Uint8Array => concat(uint(leaf, 4), body)

export const encodeProfile = (profile: Profile): Uint8Array => utf8(JSON.stringify(profile))

export function decodeProfile(body: Uint8Array): Profile | null {
  const parsed = Profile.safeParse(parseJson(decodeUtf8(body)))
  if (!parsed.success) return null
  const { bridge, ...profile } = parsed.data
  return { ...profile, name: cleanName(profile.name), ...(bridge ? { bridge: cleanBridge(bridge) } : {}) }
}

export async function signProfile(
  profile: Profile,
  leaf: number,
  sign: (label: string, data: Uint8Array) => Promise<Uint8Array>,
): Promise<SignedProfile> {
  const body = encodeProfile(profile)
  const signature = await sign('profile', profileStatement(leaf, body))
  return { leaf, body: encodeBase64url(body), signature: encodeBase64url(signature) }
}

/** Checks the signature and decodes; null when either fails. */
export async function openProfile(
  { leaf, body, signature }: SignedProfile,
  verify: (leaf: number, label: string, data: Uint8Array, signature: Uint8Array) => Promise<boolean>,
): Promise<Profile | null> {
  const bytes = decodeBase64url(body)
  const mark = decodeBase64url(signature)
  if (!bytes || !mark) return null
  if (!(await verify(leaf, 'profile', profileStatement(leaf, bytes), mark))) return null
  return decodeProfile(bytes)
}

/** WEB1: equal names told apart in the order given, as "Anna", "Anna (2)". Empty names stay empty. */
export function tellApart(names: readonly string[]): string[] {
  const taken = new Set<string>()
  return names.map((name) => {
    if (name === '') return ''
    for (let i = 1; ; i++) {
      const candidate = i === 1 ? name : `${name} (${i})`
      const key = candidate
        .normalize('NFKC')
        .toLowerCase()
        .replace(/[\u200c\u200d]/g, '')
      if (taken.has(key)) continue
      taken.add(key)
      return candidate
    }
  })
}
