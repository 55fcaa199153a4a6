/**
 * Frames on the WebSocket: UTF-8 JSON text, capped before it is parsed. Malformed input is a value, never a crash.
 */
import type * as z from 'zod/mini'
import type { ErrorCode } from './error-code.ts'
import { BridgeFrame, ServerFrame } from './events.ts'
import { LIMITS, Request } from './requests.ts'

export type Decoded<T> = { ok: true; value: T } | { ok: false; code: ErrorCode; re: number | null }

function decode<S extends z.ZodMiniType>(schema: S, text: string): Decoded<z.infer<S>> {
  if (text.length > LIMITS.frameBytes) return { ok: false, code: 'too-large', re: null }
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    return { ok: false, code: 'bad-message', re: null }
  }
  const parsed = schema.safeParse(json)
  return parsed.success
    ? { ok: true, value: parsed.data }
    : { ok: false, code: 'bad-message', re: requestId(json) }
}

/** The request number of a refused message where it can be made out, so that its sender learns which one failed. */
function requestId(json: unknown): number | null {
  if (typeof json !== 'object' || json === null || !('id' in json)) return null
  return typeof json.id === 'number' && Number.isSafeInteger(json.id) ? json.id : null
}

export const encodeRequest = (request: Request): string => JSON.stringify(request)
export const decodeRequest = (text: string): Decoded<Request> => decode(Request, text)
export const encodeServerFrame = (frame: ServerFrame): string => JSON.stringify(frame)
export const decodeServerFrame = (text: string): Decoded<ServerFrame> => decode(ServerFrame, text)
export const decodeBridgeFrame = (text: string): Decoded<BridgeFrame> => decode(BridgeFrame, text)
