/** Engines in other clothes: one that notes every refusal, and naive ones that lack a single defence, for controls. */
import type { EpochView, GroupEngine, MlsCode, Processed } from '@huisclos/crypto/mls'
import { MlsError } from '@huisclos/crypto/mls'

type Method = (...args: unknown[]) => unknown

/** Puts `around` around every call of an engine. */
function wrap(
  engine: GroupEngine,
  around: (name: string, call: (...args: unknown[]) => unknown, args: unknown[]) => unknown,
): GroupEngine {
  return new Proxy(engine, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target)
      if (typeof value !== 'function') return value
      const call = (value as Method).bind(target)
      return (...args: unknown[]) => around(String(name), call, args)
    },
  })
}

/** Notes the code of whatever the engine refuses: messages, key packages, Welcomes. */
export function watched(engine: GroupEngine, note: (code: MlsCode | 'unauthentic') => void): GroupEngine {
  return wrap(engine, (name, call, args) => {
    const result = call(...args)
    if (!(result instanceof Promise)) return result
    return result.then(
      (value: unknown) => {
        const processed = name === 'process' ? (value as Processed) : undefined
        if (processed?.kind === 'refused') note(processed.code)
        if (processed?.kind === 'unauthentic') note('unauthentic')
        return value
      },
      (error: unknown) => {
        if (error instanceof MlsError) note(error.code)
        throw error
      },
    )
  })
}

/** A client whose groups have no secret from the link: the PSK is one that everybody knows (GRP4, GRP5). */
export function withoutPsk(engine: GroupEngine): GroupEngine {
  return wrap(engine, (name, call, args) => {
    if (name !== 'create' && name !== 'keyPackage') return call(...args)
    const [first, ...rest] = args
    return call({ ...(first as object), psk: KNOWN_PSK }, ...rest)
  })
}

/** A client that is not told on which leaf somebody came back (GRP9, GRP10). */
export function withoutSuccessors(engine: GroupEngine): GroupEngine {
  return wrap(engine, async (name, call, args) => {
    const result = await call(...args)
    const view = name === 'process' ? (result as { view?: EpochView }).view : undefined
    for (const removed of view?.change?.removed ?? []) delete removed.resumedAs
    return result
  })
}

export const KNOWN_PSK = new Uint8Array(32)

/** A client that takes every signature for a good one (ROS4). */
export function withoutSignatures(engine: GroupEngine): GroupEngine {
  return wrap(engine, (name, call, args) => (name === 'verify' ? Promise.resolve(true) : call(...args)))
}

/** A client that takes everybody for a host once it is in (HOST1, HOST3). */
export function withEverybodyHost(engine: GroupEngine): GroupEngine {
  return wrap(engine, async (_, call, args) => {
    const result = await call(...args)
    const isView = (value: unknown): value is EpochView =>
      typeof value === 'object' && value !== null && 'members' in value
    const view = isView(result) ? result : (result as { view?: EpochView } | undefined)?.view
    for (const member of view?.members ?? []) if (member.leaf !== view?.self) member.host = true
    return result
  })
}
