/**
 * A host's word inside the group (HOST1–HOST4): orders that are carried out once, and the rules that hold until another
 * host's word, with the stamp by which everybody picks the same one. People are named by pseudonym, never by leaf: a
 * leaf is used again. Who may say these things is the receiver's to judge (host-word.ts).
 */
import { b64, Epoch, Leaf } from '@huisclos/protocol'
import * as z from 'zod/mini'

const Pseudonym = b64(16, 16)

/** Which of two rules holds: the later epoch, then the higher count, then the greater pseudonym. */
export const RulesStamp = z.strictObject({
  epoch: Epoch,
  count: z.int().check(z.gte(0), z.lte(1_000_000)),
  by: z.union([Pseudonym, z.literal('')]),
})
export type RulesStamp = z.infer<typeof RulesStamp>

export const Rules = z.strictObject({
  k: z.literal('rules'),
  stamp: RulesStamp,
  /** What those may do who are no hosts. */
  share: z.boolean(),
  chat: z.boolean(),
  unmute: z.boolean(),
  /** May turn the microphone on though `unmute` is false. */
  speakers: z.array(Pseudonym).check(z.maxLength(64)),
  spotlight: z.nullable(Pseudonym),
})
export type Rules = z.infer<typeof Rules>

/** Asks the hosts for the rules, where a host's heartbeat names later ones than are known. */
export const RulesPlease = z.strictObject({ k: z.literal('rules-please') })

/** `to`: one member, or null for all who are no hosts. `stream`: which of its streams is meant, where one is. */
export const HostOrder = z.strictObject({
  k: z.literal('order'),
  do: z.enum(['mute', 'stop-camera', 'stop-screen', 'ask-unmute', 'lower-hand']),
  to: z.nullable(Pseudonym),
  streams: z.array(Leaf).check(z.maxLength(4)),
})
export type HostOrder = z.infer<typeof HostOrder>

/** The meeting is over for everybody. */
export const EndMeeting = z.strictObject({ k: z.literal('end') })

export const NO_RULES: Rules = {
  k: 'rules',
  stamp: { epoch: 0, count: 0, by: '' },
  share: true,
  chat: true,
  unmute: true,
  speakers: [],
  spotlight: null,
}

/** Whether `a` goes before `b`. A total order, the same everywhere. */
export function isLater(a: RulesStamp, b: RulesStamp): boolean {
  if (a.epoch !== b.epoch) return a.epoch > b.epoch
  if (a.count !== b.count) return a.count > b.count
  return a.by > b.by
}
