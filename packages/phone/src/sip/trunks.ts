/**
 * Who may call (TEL8): trunks by address, by digest, or by both. An address that no trunk could mean is not answered.
 */
import { BlockList, isIPv6 } from 'node:net'
import type { Credentials } from './digest.ts'
import { authorizes } from './digest.ts'
import type { SipPeer } from './peer.ts'
import type { RequestView } from './request-view.ts'
import { header } from './sip-message.ts'
import type { Ms } from './timers.ts'

export interface Trunk {
  name: string
  /** Addresses or networks (`192.0.2.0/24`); empty: any, and then `digest` must be there. */
  allow: readonly string[]
  digest: Credentials | null
}

export type Admitted<T> = { ok: true; trunk: T } | { ok: false; code: 'unknown' | 'challenge' }

interface Entry<T> {
  trunk: T
  from: BlockList | null
}

/** @throws Error on an address that is none */
function networksOf(allow: readonly string[]): BlockList | null {
  if (allow.length === 0) return null
  const list = new BlockList()
  for (const one of allow) {
    const [address = '', bits] = one.split('/')
    const family = isIPv6(address) ? 'ipv6' : 'ipv4'
    if (bits === undefined) list.addAddress(address, family)
    else list.addSubnet(address, Number(bits), family)
  }
  return list
}

export class Trunks<T extends Trunk> {
  readonly #entries: readonly Entry<T>[]
  readonly #secret: Uint8Array

  /** @throws Error when a trunk has neither addresses nor credentials: it would admit everyone */
  constructor(trunks: readonly T[], secret: Uint8Array) {
    this.#secret = secret
    this.#entries = trunks.map((trunk) => {
      if (trunk.allow.length === 0 && !trunk.digest) throw new Error(`trunk ${trunk.name} admits everyone`)
      return { trunk, from: networksOf(trunk.allow) }
    })
  }

  get secret(): Uint8Array {
    return this.#secret
  }

  knows(peer: SipPeer): boolean {
    return this.#near(peer).length > 0
  }

  /** For a request that begins something. */
  admit(view: RequestView, peer: SipPeer, now: Ms): Admitted<T> {
    const near = this.#near(peer)
    const open = near.find(({ trunk }) => !trunk.digest)
    if (open) return { ok: true, trunk: open.trunk }
    if (near.length === 0) return { ok: false, code: 'unknown' }
    const authorization = header(view.request, 'authorization') ?? ''
    const proven = near.find(
      ({ trunk: { digest } }) =>
        digest &&
        authorizes({
          authorization,
          method: view.request.method,
          uri: view.request.uri,
          callId: view.callId,
          secret: this.#secret,
          now,
          credentials: digest,
        }),
    )
    return proven ? { ok: true, trunk: proven.trunk } : { ok: false, code: 'challenge' }
  }

  #near({ address }: SipPeer): Entry<T>[] {
    const family = isIPv6(address) ? 'ipv6' : 'ipv4'
    return this.#entries.filter(({ from }) => from === null || from.check(address, family))
  }
}
