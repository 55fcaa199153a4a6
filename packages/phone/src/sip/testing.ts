/** For tests: an agent with one trunk that admits a test address, and a caller's messages. */

import { decodeSip } from './decode-sip.ts'
import type { SipPeer } from './peer.ts'
import type { SipAction, SipAgentOptions } from './sip-agent.ts'
import { SipAgent } from './sip-agent.ts'
import type { SipMessage, SipResponse } from './sip-message.ts'
import { header } from './sip-message.ts'
import type { Trunk } from './trunks.ts'
import { Trunks } from './trunks.ts'

export const peer: SipPeer = { transport: 'udp', address: '192.0.2.7', port: 5060, connection: null }
export const openTrunk: Trunk = { name: 'pbx', allow: ['192.0.2.0/24'], digest: null }

export function makeAgent(
  trunks: readonly Trunk[] = [openTrunk],
  options: Partial<SipAgentOptions<Trunk>> = {},
): SipAgent<Trunk> {
  let count = 0
  return new SipAgent({
    trunks: new Trunks(trunks, new Uint8Array(32).fill(7)),
    contactFor: () => 'sip:huisclos@198.51.100.1:5060',
    random: (sizeBytes) => {
      count += 1
      return new Uint8Array(sizeBytes).fill(count)
    },
    admit: () => null,
    ...options,
  })
}

export function sent(actions: readonly SipAction<Trunk>[]): SipMessage[] {
  return actions.flatMap((action) => (action.t === 'send' ? (decodeSip(action.bytes) ?? []) : []))
}

/** The responses among what is sent. */
export function sentBy(actions: readonly SipAction<Trunk>[]): SipResponse[] {
  return sent(actions).filter((one) => one.kind === 'response')
}

export interface Wanted {
  method: string
  callId?: string
  sequence?: number
  branch?: string
  toTag?: string
  headers?: string[]
  body?: string
}

export function request({
  method,
  callId = 'a@caller',
  sequence = 1,
  branch,
  toTag,
  headers = [],
  body = '',
}: Wanted): Uint8Array {
  const lines = [
    `${method} sip:123@198.51.100.1 SIP/2.0`,
    `Via: SIP/2.0/UDP 192.0.2.7:5060;branch=${branch ?? `z9hG4bK-${method}-${callId}-${sequence}`};rport`,
    'Max-Forwards: 70',
    'From: "Caller" <sip:+33612345642@192.0.2.7>;tag=from',
    `To: <sip:123@198.51.100.1>${toTag === undefined ? '' : `;tag=${toTag}`}`,
    `Call-ID: ${callId}`,
    `CSeq: ${sequence} ${method}`,
    'Contact: <sip:caller@192.0.2.7:5060>',
    ...headers,
    `Content-Length: ${body.length}`,
  ]
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n${body}`, 'latin1')
}

export const tagOf = (message: SipMessage | undefined): string =>
  /;tag=([^;]+)/.exec((message && header(message, 'to')) ?? '')?.[1] ?? ''
