/**
 * A text for whoever helps (DEV10): browser, device problems, states and counts. Every value is a number, a yes or no,
 * or a word of a closed list; names, titles, chat, links, keys, addresses, device names and ids have no way in.
 */
import type { MeetingView } from '@huisclos/participant'
import type { MediaStatistics, PathStatistics } from '../platform/media-statistics.ts'
import type { DevicesView, HearingView } from '../ui/ports.ts'

export interface ReportInput {
  /** As `navigator.userAgent` has it; only a known name and a number are taken from it. */
  userAgent: string
  language: 'en' | 'fr'
  protocolVersion: number
  secureContext: boolean
  visible: boolean
  widthPx: number
  heightPx: number
  /** Unix milliseconds. */
  now: number
  devices: DevicesView
  hearing: HearingView
  meeting: MeetingView<unknown>
  statistics: MediaStatistics | null
}

type Value = string | number | boolean | null

const BROWSERS = [
  ['Firefox', /\bFirefox\/(\d{1,4})\b/],
  ['Edge', /\bEdg\/(\d{1,4})\b/],
  ['Opera', /\bOPR\/(\d{1,4})\b/],
  ['Samsung', /\bSamsungBrowser\/(\d{1,4})\b/],
  ['Chromium', /\b(?:Headless)?Chrome\/(\d{1,4})\b/],
  ['Safari', /\bVersion\/(\d{1,4})\b.*\bSafari\//],
] as const
const SYSTEMS = [
  ['Android', /\bAndroid\b/],
  ['iOS', /\b(?:iPhone|iPad)\b/],
  ['Windows', /\bWindows\b/],
  ['macOS', /\bMac OS X\b/],
  ['ChromeOS', /\bCrOS\b/],
  ['Linux', /\bLinux\b/],
] as const

/** Name and first number of the browser and name of the system, or "other". */
export function browserOf(userAgent: string): string {
  const found = BROWSERS.flatMap(([name, pattern]) => {
    const version = pattern.exec(userAgent)?.[1]
    return version === undefined ? [] : [`${name} ${version}`]
  })[0]
  const system = SYSTEMS.find(([, pattern]) => pattern.test(userAgent))?.[0]
  return `${found ?? 'other'}, ${system ?? 'other'}`
}

export function problemReport(input: ReportInput): string {
  return [
    'Huis clos: report of a problem',
    ...section('page', pageLines(input)),
    ...section('devices', deviceLines(input.devices, input.hearing)),
    ...section('meeting', meetingLines(input.meeting, input.now)),
    ...section('network', networkLines(input.meeting, input.statistics)),
  ].join('\n')
}

function section(title: string, lines: Record<string, Value>): string[] {
  return ['', `[${title}]`, ...Object.entries(lines).map(([name, value]) => `${name}: ${worded(value)}`)]
}

const worded = (value: Value): string =>
  typeof value === 'boolean' ? (value ? 'yes' : 'no') : value === null ? 'unknown' : `${value}`

function pageLines(input: ReportInput): Record<string, Value> {
  return {
    browser: browserOf(input.userAgent),
    protocol: input.protocolVersion,
    language: input.language,
    'secure context': input.secureContext,
    'in view': input.visible,
    size: `${Math.round(input.widthPx)} x ${Math.round(input.heightPx)}`,
  }
}

function deviceLines(devices: DevicesView, hearing: HearingView): Record<string, Value> {
  const capture = (kind: 'microphone' | 'camera') => {
    const { on, state, problem } = devices[kind]
    return `${on ? 'wanted' : 'off'}, ${state}, problem ${problem ?? 'none'}, ${devices.options[kind].length} found`
  }
  return {
    microphone: capture('microphone'),
    camera: capture('camera'),
    speakers: `${devices.options.speaker.length} found, choice ${worded(devices.speakerSelectable)}`,
    'noise suppression': devices.noiseSuppression,
    'background blur': devices.backgroundBlur,
    hint: devices.hint?.what ?? 'none',
    companion: devices.companion,
    'sound off here': hearing.silent,
    pictures: hearing.pictures,
    'volumes changed': hearing.volumes.size,
  }
}

function meetingLines(meeting: MeetingView<unknown>, now: number): Record<string, Value> {
  const { phase, people, security, lobby } = meeting
  const streams = people.flatMap((person) =>
    person.streams.map((stream) => ({ ...stream, self: person.self })),
  )
  return {
    phase: phase.at,
    ...('since' in phase ? { 'for seconds': Math.round((now - phase.since) / 1_000) } : {}),
    hosted: meeting.hosted,
    'host here': meeting.selfHost,
    people: people.length,
    'people by state': counted(people.map(({ state }) => state)),
    'streams sent': counted(streams.filter(({ self }) => self).map(({ source }) => source)),
    'streams of others': counted(streams.filter(({ self }) => !self).map(({ source }) => source)),
    'streams without a track': streams.filter(({ self, track }) => !self && track === null).length,
    'streams waiting for keys': streams.filter(({ waitingForKeys }) => waitingForKeys).length,
    'key period': security.epoch,
    members: security.members,
    sending: security.sending,
    'code compared': security.compared !== null,
    lobby: lobby.on,
    'at the door': lobby.knocking.length,
    alarms: counted(meeting.alarms.map(({ kind }) => kind)),
    notices: counted(meeting.notices.map(({ kind }) => kind)),
  }
}

function networkLines(
  meeting: MeetingView<unknown>,
  statistics: MediaStatistics | null,
): Record<string, Value> {
  const { signalling, media, tcpOnly } = meeting.network
  const states = { signalling, media, 'tcp only': tcpOnly }
  if (!statistics) return { ...states, statistics: 'none' }
  const received = (kind: 'audio' | 'video') => {
    const streams = statistics.receiving.filter((stream) => stream.kind === kind)
    const sum = (of: (stream: (typeof streams)[number]) => number) =>
      streams.reduce((total, stream) => total + of(stream), 0)
    return `${streams.length} streams, ${sum((s) => s.packets)} packets, ${sum((s) => s.packetsLost)} lost, ${sum((s) => s.framesDecoded)} frames decoded`
  }
  const { frames } = statistics
  return {
    ...states,
    'way out': pathOf(statistics.send),
    'way in': pathOf(statistics.receive),
    ...Object.fromEntries(statistics.sending.map((sent) => [`sent ${sent.source}`, layersOf(sent)])),
    'received sound': received('audio'),
    'received pictures': received('video'),
    'frames sealed': frames.sealed,
    'frames opened': frames.opened,
    'frames not sent': tallied(frames.notSent),
    'frames not opened': tallied(frames.notOpened),
  }
}

const layersOf = ({ layers }: MediaStatistics['sending'][number]): string =>
  layers
    .map(({ width, height, framesPerSecond, packets }) =>
      width > 0
        ? `${width} x ${height} at ${Math.round(framesPerSecond)}/s, ${packets} packets`
        : `${packets} packets`,
    )
    .join('; ')

const DTLS_STATES: ReadonlySet<string> = new Set(['new', 'connecting', 'connected', 'closed', 'failed'])

function pathOf({ protocol, srtpCipher, dtlsState, roundTripMs }: PathStatistics): string {
  const state = dtlsState !== null && DTLS_STATES.has(dtlsState) ? dtlsState : 'unknown'
  // The browser's words: only what looks like a cipher's name is one.
  const cipher =
    srtpCipher !== null && /^(?:SRTP_)?AE(?:S|AD_AES)_[A-Z0-9_]{1,32}$/.test(srtpCipher)
      ? srtpCipher
      : 'unknown'
  return `${protocol ?? 'none'}, DTLS ${state}, cipher ${cipher}, round trip ${roundTripMs ?? 'unknown'} ms`
}

function counted(words: readonly string[]): string {
  const counts: Record<string, number> = {}
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1
  return tallied(counts)
}

const tallied = (counts: Readonly<Record<string, number>>): string =>
  Object.entries(counts)
    .map(([word, count]) => `${word} ${count}`)
    .join(', ') || 'none'
