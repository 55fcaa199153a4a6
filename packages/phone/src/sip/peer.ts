/** Where a SIP message came from and where its answer goes: the same way back, whatever its headers say (TEL7). */
import type { Source } from './encode-sip.ts'

export type SipTransport = 'udp' | 'tcp' | 'tls'

export interface SipPeer extends Source {
  transport: SipTransport
  /** The connection it came on; null for datagrams. */
  connection: number | null
}

export const isReliable = ({ transport }: SipPeer): boolean => transport !== 'udp'
