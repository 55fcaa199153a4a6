import { expect, test } from 'vitest'
import { ownSdp, readJanusSdp } from './janus-sdp.ts'

const local = {
  dtls: { role: 'client' as const, fingerprints: [{ algorithm: 'sha-256', value: 'AB:CD' }] },
  ice: { usernameFragment: 'frag', password: 'secret-enough-for-ice-12' },
}
/** As Janus 1.1.2 wrote it, with the fingerprint cut. */
const OF_JANUS = `v=0\r
o=- 1 1 IN IP4 192.0.2.2\r
a=fingerprint:sha-256 4B:FD:EC\r
a=ice-lite\r
m=video 9 UDP/TLS/RTP/SAVPF 97\r
a=recvonly\r
a=mid:v1\r
a=ice-ufrag:B6X3\r
a=ice-pwd:qT3zHfDdrvWhLIA/jz9Uyl\r
a=setup:passive\r
a=rtpmap:97 VP8/90000\r
a=candidate:1 1 udp 2015363327 192.0.2.2 44089 typ host\r
a=candidate:2 1 tcp 1015363327 192.0.2.2 44090 typ host\r
a=end-of-candidates\r
`

test('an offer sends and names its SSRC, an answer receives; both are the DTLS client', () => {
  const offer = ownSdp({ local, payloadType: 96, mid: '0', ssrc: 1234 })
  expect(offer).toContain('a=sendonly\r\n')
  expect(offer).toContain('a=ssrc:1234 cname:bot\r\n')
  const answer = ownSdp({ local, payloadType: 97, mid: 'v1' })
  expect(answer).toContain('a=recvonly\r\n')
  expect(answer).not.toContain('a=ssrc')
  expect(answer).toContain('a=mid:v1\r\n')
  for (const sdp of [offer, answer]) {
    expect(sdp).toContain('a=setup:active\r\n')
    expect(sdp).toContain('a=ice-ufrag:frag\r\na=ice-pwd:secret-enough-for-ice-12\r\n')
    expect(sdp).toContain('a=fingerprint:sha-256 AB:CD\r\n')
  }
  expect(() => ownSdp({ local: { ...local, dtls: { fingerprints: [] } }, payloadType: 1, mid: '0' })).toThrow(
    'fingerprint',
  )
})

test("what Janus says is read as mediasoup's answer would be, UDP alone", () => {
  const { remote, payloadType, mid } = readJanusSdp(OF_JANUS)
  expect({ payloadType, mid }).toEqual({ payloadType: 97, mid: 'v1' })
  expect(remote.ice).toMatchObject({ usernameFragment: 'B6X3', password: 'qT3zHfDdrvWhLIA/jz9Uyl' })
  expect(remote.candidates).toMatchObject([{ address: '192.0.2.2', port: 44_089, protocol: 'udp' }])
  expect(remote.dtls.fingerprints).toEqual([{ algorithm: 'sha-256', value: '4B:FD:EC' }])
})

test.each([
  ['ice-ufrag', /a=ice-ufrag.*\r\n/, 'ice-ufrag'],
  ['a certificate', /a=fingerprint.*\r\n/, 'fingerprint'],
  ['UDP', /a=candidate:1.*\r\n/, 'candidate'],
  ['VP8', /a=rtpmap.*\r\n/, 'VP8'],
])('without %s it is refused', (_name, line, message) => {
  expect(() => readJanusSdp(OF_JANUS.replace(line, ''))).toThrow(message)
})
