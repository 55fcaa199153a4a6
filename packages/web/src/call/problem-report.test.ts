import type { MeetingView } from '@huisclos/participant'
import { expect, test } from 'vitest'
import type { MediaStatistics } from '../platform/media-statistics.ts'
import type { DevicesView, HearingView } from '../ui/ports.ts'
import { browserOf, problemReport } from './problem-report.ts'

const SECRETS = {
  room: 'k3v7q2m5xw4hd6ta',
  secret: 'AbQ9nV2Jm0yR7sL4tXw1cE8uHf6pKdZ3oGiB5vNqTjMl',
  title: 'Merger with Contoso',
  name: 'Camille Lefevre',
  other: 'Bob Okafor',
  chat: 'the price is 40 million',
  deviceLabel: 'Plantronics of Camille',
  deviceId: '9f8a7c6b5e4d3210ffee',
  group: 'a1b2c3groupsecret',
  address: '192.0.2.17',
  address6: '2001:db8::17',
  host: 'meet.corp.example',
  track: '77b0c1d2-consumer',
  words: 'harbour velvet magnet',
  digits: '402719385561047723916840052817',
  knock: 'knock-5e5e5e',
} as const

function planted() {
  const track = { id: SECRETS.track, label: SECRETS.deviceLabel } as unknown as MediaStreamTrack
  const option = { id: SECRETS.deviceId, label: SECRETS.deviceLabel, group: SECRETS.group }
  const devices: DevicesView = {
    microphone: { on: true, state: 'live', problem: null },
    camera: { on: true, state: 'failed', problem: 'in-use' },
    cameraTrack: track,
    options: { microphone: [option, option], camera: [option], speaker: [option] },
    chosen: { microphone: SECRETS.deviceId, camera: SECRETS.deviceId, speaker: SECRETS.deviceId },
    inUse: { microphone: SECRETS.deviceId, camera: '', speaker: SECRETS.deviceId },
    speakerSelectable: true,
    noiseSuppression: true,
    backgroundBlur: null,
    companion: false,
    hint: { what: 'unplugged', kind: 'microphone', label: SECRETS.deviceLabel },
  }
  const hearing: HearingView = { silent: false, pictures: 'saver', volumes: new Map([[3, 40]]) }
  const stream = { source: 'microphone' as const, track, muted: false, waitingForKeys: true }
  const person = {
    leaf: 0,
    name: SECRETS.name,
    self: true,
    host: true,
    hand: false,
    state: 'here' as const,
    streams: [stream],
  }
  const meeting = {
    phase: { at: 'in', since: 1_000, alone: false },
    title: SECRETS.title,
    hosted: true,
    selfLeaf: 0,
    selfHost: true,
    people: [person, { ...person, leaf: 1, name: SECRETS.other, self: false, state: 'lost' }],
    chat: [
      {
        id: SECRETS.room,
        leaf: 1,
        name: SECRETS.other,
        self: false,
        text: SECRETS.chat,
        at: 5,
        state: 'sent',
      },
    ],
    notices: [
      { id: 1, at: 5, kind: 'removed', name: SECRETS.name, by: SECRETS.other, notYet: [SECRETS.name] },
    ],
    alarms: [{ id: 1, kind: 'forged-frame', at: 5, leaf: 1 }],
    security: {
      epoch: 14,
      members: 2,
      code: {
        words: { en: [SECRETS.words], fr: [SECRETS.words] },
        digits: SECRETS.digits,
        opened: true,
        by: SECRETS.other,
      },
      compared: { at: 5, joinedSince: [SECRETS.other] },
      sending: true,
    },
    network: { signalling: 'open', media: 'connected', tcpOnly: false },
    lobby: { on: true, knocking: [{ id: SECRETS.knock, since: 5 }] },
  } as unknown as MeetingView<unknown>
  const path = {
    protocol: 'udp' as const,
    srtpCipher: `AEAD_AES_256_GCM ${SECRETS.secret}`,
    dtlsState: SECRETS.address,
    roundTripMs: 23,
    availableOutBps: null,
    // What a browser's statistics hold beside: it must find no way through.
    address: SECRETS.address,
    candidate: `candidate:1 1 udp 1 ${SECRETS.address6} 443 typ host ufrag ${SECRETS.secret}`,
    url: `turns:${SECRETS.host}:443`,
  }
  const statistics: MediaStatistics = {
    send: path,
    receive: { ...path, srtpCipher: 'SRTP_AEAD_AES_256_GCM', dtlsState: 'connected' },
    sending: [],
    receiving: [
      {
        track: SECRETS.track,
        kind: 'audio',
        bytes: 1,
        packets: 1_234,
        packetsLost: 2,
        framesDecoded: 0,
        framesPerSecond: 0,
        width: 0,
        height: 0,
        concealedRatio: 0,
        samples: 0,
        samplesConcealed: 0,
      },
    ],
    frames: { sealed: 7, opened: 8, sealMs: 1, openMs: 1, notSent: { 'no-key': 3 }, notOpened: {} },
  }
  const page = {
    userAgent: `Mozilla/5.0 (X11; Linux x86_64; ${SECRETS.name}) AppleWebKit/537.36 Chrome/156.0.7204.${SECRETS.secret} Safari/537.36`,
    language: 'fr' as const,
    protocolVersion: 1,
    secureContext: true,
    visible: true,
    widthPx: 1280,
    heightPx: 800.4,
    now: 61_000,
  }
  return { ...page, devices, hearing, meeting, statistics }
}

test('[DEV10] no name, link, room, chat, code, device or address planted anywhere is in the report', () => {
  const input = planted()
  // The planting itself: each secret is in what the report is made of.
  const everything = JSON.stringify(input)
  for (const secret of [SECRETS.title, SECRETS.chat, SECRETS.deviceId, SECRETS.address, SECRETS.digits])
    expect(everything).toContain(secret)
  const report = problemReport(input)
  for (const secret of Object.values(SECRETS)) {
    expect(report.toLowerCase()).not.toContain(secret.toLowerCase())
    for (const part of secret.split(/\s+/).filter((word) => word.length > 5))
      expect(report.toLowerCase()).not.toContain(part.toLowerCase())
  }
  expect(report).not.toMatch(/\d{1,3}(?:\.\d{1,3}){3}|[0-9a-f]{16}|https?:|[A-Za-z0-9_-]{33}/)
})

test('[DEV10] what helps is in it: browser, problems, states, counts', () => {
  const report = problemReport(planted())
  for (const line of [
    'browser: Chromium 156, Linux',
    'camera: wanted, failed, problem in-use, 1 found',
    'phase: in',
    'for seconds: 60',
    'people by state: here 1, lost 1',
    'streams waiting for keys: 2',
    'alarms: forged-frame 1',
    'way out: udp, DTLS unknown, cipher unknown, round trip 23 ms',
    'way in: udp, DTLS connected, cipher SRTP_AEAD_AES_256_GCM, round trip 23 ms',
    'received sound: 1 streams, 1234 packets, 2 lost, 0 frames decoded',
    'frames not sent: no-key 3',
  ])
    expect(report.split('\n')).toContain(line)
  expect(problemReport({ ...planted(), statistics: null })).toContain('statistics: none')
})

test.each([
  [
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/156.0.0.0 Safari/537.36 Edg/156.0.0.0',
    'Edge 156, Windows',
  ],
  [
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/26.1 Safari/605.1.15',
    'Safari 26, macOS',
  ],
  [
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 Version/18.5 Mobile/15E148 Safari/604.1',
    'Safari 18, iOS',
  ],
  ['Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0', 'Firefox 153, Linux'],
  ['a browser of my own', 'other, other'],
])('[DEV10] "%s" is %s', (userAgent, browser) => {
  expect(browserOf(userAgent)).toBe(browser)
})
