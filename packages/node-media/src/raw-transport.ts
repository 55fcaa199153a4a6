/**
 * The port to one DTLS-SRTP path to the server: whole RTP and RTCP packets in clear on this side, nothing interpreted.
 * Adapter: datachannel-transport.ts.
 */
import type { DtlsParameters, ResultOf } from '@huisclos/protocol'

export type RawState = 'connecting' | 'connected' | 'disconnected' | 'failed' | 'closed'

/** The server's side of a transport, as it answers `media.transport`. */
export type RemoteTransport = Omit<ResultOf<'media.transport'>, 'transport'>

export interface RawTransport {
  /** Our fingerprint; we take the DTLS client's role. */
  readonly dtls: DtlsParameters
  /** Our ICE credentials, for servers that ask for them; an ICE-lite one that only answers does not. */
  readonly ice: { usernameFragment: string; password: string }
  /** One RTP or RTCP packet from the server; the buffer is the listener's to keep. */
  onPacket: (packet: Uint8Array) => void
  onState: (state: RawState) => void
  /** Starts ICE and DTLS. Once. */
  connect(remote: RemoteTransport): void
  /** False when the packet was not taken: not connected, or the socket is full. */
  send(packet: Uint8Array): boolean
  close(): void
}

export type MakeTransport = () => RawTransport
