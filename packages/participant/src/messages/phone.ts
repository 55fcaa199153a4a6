/**
 * Telephones inside the group (TEL3, TEL6): what a bridge's profile says of itself and its callers, and what a host orders
 * of one caller. Who may say these things is the receiver's to judge (phones/).
 */
import { b64 } from '@huisclos/protocol'
import * as z from 'zod/mini'
import { MAX_CALLERS } from '../media-adapter.ts'
import { cleanName } from './clean-text.ts'

const CallerId = z.int().check(z.gte(0), z.lt(MAX_CALLERS))

const Caller = z.strictObject({
  /** Names its stream: `caller-0` is the sound of caller 0. */
  id: CallerId,
  /** Its number, masked by the bridge. */
  label: z.string().check(z.maxLength(64)),
  hand: z.boolean(),
  /** In the lobby: it hears and says nothing yet. */
  waiting: z.boolean(),
})
export type Caller = z.infer<typeof Caller>

export const BridgeProfile = z.strictObject({
  /** That this leaf is the bridge's (`proveBridge`). */
  proof: b64(64, 64),
  /** Wrong PINs at this bridge since it was invited to this meeting (TEL4). */
  failed: z.int().check(z.gte(0), z.lte(1_000_000)),
  callers: z.array(Caller).check(
    z.maxLength(MAX_CALLERS),
    z.refine((callers) => new Set(callers.map(({ id }) => id)).size === callers.length),
  ),
})
export type BridgeProfile = z.infer<typeof BridgeProfile>

/** WEB1, whatever the bridge did. */
export const cleanBridge = (bridge: BridgeProfile): BridgeProfile => ({
  ...bridge,
  callers: bridge.callers.map((caller) => ({ ...caller, label: cleanName(caller.label) })),
})

/** By a host. `to`: the bridge's pseudonym, since a leaf is used again. */
export const CallerOrder = z.strictObject({
  k: z.literal('caller'),
  do: z.enum(['mute', 'remove', 'admit']),
  to: b64(16, 16),
  caller: CallerId,
})
export type CallerOrder = z.infer<typeof CallerOrder>
