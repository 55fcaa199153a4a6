/**
 * RawTransport over libdatachannel: one sendrecv track without a media handler is a pipe for any SSRC, payload type and
 * RTCP. The hop negotiates AEAD_AES_256_GCM. UDP only, no ICE restart. The SDP is written once and never renegotiated.
 */
import type { DtlsParameters } from '@huisclos/protocol'
import { PeerConnection, Video } from 'node-datachannel'
import type { RawState, RawTransport, RemoteTransport } from './raw-transport.ts'

/** Any payload type and SSRC would do: the track carries them all. */
const PAYLOAD_TYPE = 101
const NAME = 'huisclos'

/** The one answer this transport ever gets. */
function answerFor({ ice, candidates, dtls }: RemoteTransport): string {
  const [fingerprint] = dtls.fingerprints.filter(({ algorithm }) => algorithm === 'sha-256')
  if (!fingerprint) throw new Error('the server offers no SHA-256 fingerprint')
  return [
    'v=0',
    'o=- 1 1 IN IP4 127.0.0.1',
    's=-',
    't=0 0',
    'a=ice-lite',
    'a=group:BUNDLE 0',
    `a=fingerprint:sha-256 ${fingerprint.value}`,
    `m=video 9 UDP/TLS/RTP/SAVPF ${PAYLOAD_TYPE}`,
    'c=IN IP4 0.0.0.0',
    'a=mid:0',
    'a=sendrecv',
    'a=rtcp-mux',
    `a=rtpmap:${PAYLOAD_TYPE} VP8/90000`,
    'a=setup:passive',
    `a=ice-ufrag:${ice.usernameFragment}`,
    `a=ice-pwd:${ice.password}`,
    ...candidates
      .filter(({ protocol }) => protocol === 'udp')
      .map((c) => `a=candidate:${c.foundation} 1 udp ${c.priority} ${c.address} ${c.port} typ ${c.type}`),
    'a=end-of-candidates',
    '',
  ].join('\r\n')
}

function fingerprintIn(sdp: string): DtlsParameters {
  const value = /a=fingerprint:sha-256 ([0-9A-F:]+)/i.exec(sdp)?.[1]
  if (!value) throw new Error('no fingerprint in our own offer')
  return { role: 'client', fingerprints: [{ algorithm: 'sha-256', value }] }
}

function credentialsIn(sdp: string): RawTransport['ice'] {
  const usernameFragment = /a=ice-ufrag:(\S+)/.exec(sdp)?.[1]
  const password = /a=ice-pwd:(\S+)/.exec(sdp)?.[1]
  if (!usernameFragment || !password) throw new Error('no ICE credentials in our own offer')
  return { usernameFragment, password }
}

const STATES: Readonly<Record<string, RawState>> = {
  connecting: 'connecting',
  connected: 'connected',
  disconnected: 'disconnected',
  failed: 'failed',
  closed: 'closed',
}

export class DatachannelTransport implements RawTransport {
  readonly dtls: DtlsParameters
  readonly ice: RawTransport['ice']
  onPacket: (packet: Uint8Array) => void = () => undefined
  onState: (state: RawState) => void = () => undefined
  readonly #connection: PeerConnection
  readonly #track: ReturnType<PeerConnection['addTrack']>
  #closed = false

  /** @param bindAddress the local address to send from */
  constructor(bindAddress = '127.0.0.1') {
    this.#connection = new PeerConnection(NAME, { iceServers: [], bindAddress })
    const video = new Video('0', 'SendRecv')
    video.addVP8Codec(PAYLOAD_TYPE)
    this.#track = this.#connection.addTrack(video)
    this.#track.onMessage((packet) => this.onPacket(packet))
    this.#connection.onStateChange((state) => {
      const known = STATES[state]
      if (known && !this.#closed) this.onState(known)
    })
    this.#connection.setLocalDescription('offer')
    const sdp = this.#connection.localDescription()?.sdp ?? ''
    this.dtls = fingerprintIn(sdp)
    this.ice = credentialsIn(sdp)
  }

  connect(remote: RemoteTransport): void {
    this.#connection.setRemoteDescription(answerFor(remote), 'answer')
  }

  send(packet: Uint8Array): boolean {
    if (this.#closed || !this.#track.isOpen()) return false
    return this.#track.sendMessageBinary(Buffer.from(packet.buffer, packet.byteOffset, packet.byteLength))
  }

  close(): void {
    if (this.#closed) return
    this.#closed = true
    this.#track.close()
    this.#connection.close()
  }
}
