/**
 * Tries by which path media could travel, without sending any: sets up one transport at the server and lets ICE find a
 * way to it. No track, no DTLS identity told to the server, no frame.
 */
import type { ResultOf } from '@huisclos/protocol'

export type PathVerdict = 'direct' | 'tcp-only' | 'blocked'
export type TransportOffer = ResultOf<'media.transport'>

const VERDICT_WITHIN_MS = 6_000

/** `blocked`: nothing got through within 6 s. Rejects where the browser has no WebRTC. */
export async function checkPath(offer: TransportOffer): Promise<PathVerdict> {
  const peer = new RTCPeerConnection({ bundlePolicy: 'max-bundle', rtcpMuxPolicy: 'require' })
  try {
    const connected = iceConnected(peer)
    await peer.setRemoteDescription({ type: 'offer', sdp: offerSdp(offer) })
    await peer.setLocalDescription(await peer.createAnswer())
    return (await connected) ? await verdictOf(peer) : 'blocked'
  } finally {
    peer.close()
  }
}

function iceConnected(peer: RTCPeerConnection): Promise<boolean> {
  return new Promise((resolve) => {
    const late = setTimeout(() => resolve(false), VERDICT_WITHIN_MS)
    peer.addEventListener('iceconnectionstatechange', () => {
      const { iceConnectionState: state } = peer
      if (state !== 'connected' && state !== 'completed' && state !== 'failed') return
      clearTimeout(late)
      resolve(state !== 'failed')
    })
  })
}

/** The pair in use; where no entry is marked yet, any that succeeded. */
async function verdictOf(peer: RTCPeerConnection): Promise<PathVerdict> {
  const entries: Record<string, unknown>[] = []
  const report = await peer.getStats()
  report.forEach((entry: Record<string, unknown>) => {
    entries.push(entry)
  })
  const pairs = entries.filter(({ type, state }) => type === 'candidate-pair' && state === 'succeeded')
  const pair = pairs.find(({ nominated, selected }) => nominated === true || selected === true) ?? pairs[0]
  const remote = entries.find(({ id }) => id !== undefined && id === pair?.['remoteCandidateId'])
  return remote?.['protocol'] === 'tcp' ? 'tcp-only' : 'direct'
}

/** One inactive audio section at the server's ICE address; the least that browsers start ICE for. */
export function offerSdp({ ice, candidates, dtls }: TransportOffer): string {
  const lines = [
    'v=0',
    'o=- 1 1 IN IP4 127.0.0.1',
    's=-',
    't=0 0',
    'a=group:BUNDLE 0',
    ...(ice.iceLite ? ['a=ice-lite'] : []),
    'm=audio 7 UDP/TLS/RTP/SAVPF 111',
    'c=IN IP4 127.0.0.1',
    'a=mid:0',
    'a=sendonly',
    'a=rtcp-mux',
    'a=rtpmap:111 opus/48000/2',
    'a=setup:actpass',
    `a=ice-ufrag:${ice.usernameFragment}`,
    `a=ice-pwd:${ice.password}`,
    ...dtls.fingerprints.map(({ algorithm, value }) => `a=fingerprint:${algorithm} ${value}`).slice(-1),
    ...candidates.map(candidateLine),
    'a=end-of-candidates',
  ]
  return `${lines.join('\r\n')}\r\n`
}

function candidateLine(candidate: TransportOffer['candidates'][number]): string {
  const { foundation, protocol, priority, address, port, type, tcpType } = candidate
  const tcp = tcpType ? ` tcptype ${tcpType}` : ''
  return `a=candidate:${foundation} 1 ${protocol} ${priority} ${address} ${port} typ ${type}${tcp}`
}
