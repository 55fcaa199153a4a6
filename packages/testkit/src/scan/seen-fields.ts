/**
 * SEE1 as a table: every field of every message that crosses the socket or the HTTP API, under the item of the list that
 * allows it. The source of spec/seen.md; a field that is not here is a defect. `[]` stands for each entry of a list, `*`
 * for each key of a record.
 */

const prefixed = (prefixes: readonly string[], paths: readonly string[]): string[] =>
  prefixes.flatMap((prefix) => paths.map((path) => `${prefix}.${path}`))

const CODEC = [
  'kind',
  'mimeType',
  'payloadType',
  'preferredPayloadType',
  'clockRate',
  'channels',
  'parameters.*',
  'rtcpFeedback[].type',
  'rtcpFeedback[].parameter',
]
const EXTENSION = [
  'kind',
  'uri',
  'id',
  'preferredId',
  'encrypt',
  'preferredEncrypt',
  'direction',
  'parameters.*',
]
const ENCODING = [
  'ssrc',
  'rid',
  'codecPayloadType',
  'rtx.ssrc',
  'dtx',
  'scalabilityMode',
  'scaleResolutionDownBy',
  'maxBitrate',
  'maxFramerate',
  'active',
  'priority',
  'networkPriority',
  'adaptivePtime',
]
const RTP = [
  'mid',
  'msid',
  'rtcp.cname',
  'rtcp.reducedSize',
  'rtcp.mux',
  ...prefixed(['codecs[]'], CODEC),
  ...prefixed(['headerExtensions[]'], EXTENSION),
  ...prefixed(['encodings[]'], ENCODING),
]
const CAPABILITIES = [...prefixed(['codecs[]'], CODEC), ...prefixed(['headerExtensions[]'], EXTENSION)]
const ICE = ['usernameFragment', 'password', 'iceLite']
const DTLS = ['role', 'fingerprints[].algorithm', 'fingerprints[].value']
const CANDIDATE = ['foundation', 'priority', 'ip', 'address', 'protocol', 'port', 'type', 'tcpType']

/** By item of SEE1. A request is named by its type, an answer by `ok:` and the type asked. */
export const SEEN_FIELDS = {
  'room id and access hash (the same at each meeting of that room)': [
    'hello.room',
    'hello.access',
    'PUT room.accessHash',
    'PUT room.ownerHash',
    'PUT room.expiresAt',
  ],
  'the encrypted room descriptor, its version and size': [
    'PUT room.descriptor',
    'PUT room.descriptorVersion',
    'ok:hello.descriptor',
  ],
  'random ids': [
    'resume.token',
    'ok:hello.peer',
    'ok:hello.token',
    'ok:hello.peers[].peer',
    'ok:resume.peer',
    'room.peers.peers[].peer',
    'group.create.group',
    'group.knock.group',
    'group.commit.group',
    'group.app.group',
    'group.turn-away.group',
    'group.turn-away.peer',
    'group.turned-away.group',
    'group.ready.group',
    'group.refuse.group',
    'group.refetch.group',
    'ok:hello.group',
    'ok:hello.group.id',
    'group.changed.group',
    'group.changed.group.id',
    'group.knocked.peer',
    'group.committed.group',
    'group.committed.from',
    'group.welcome.group',
    'group.said.group',
    'group.said.from',
    'group.all-ready.group',
    'group.struck.group',
    'group.struck.from',
    'group.gone.group',
    'group.removed.group',
    'group.commit.joins[].peer',
    'ok:media.transport.transport',
    'media.connect.transport',
    'media.restart-ice.transport',
    'media.produce.transport',
    'media.receive.transport',
    'ok:media.produce.producer',
    'media.pause.producer',
    'media.close.producer',
    'media.want.consumer',
    'media.key-frame.consumer',
    'media.consumer.consumer',
    'media.consumer.producer',
    'media.consumer.peer',
    'media.consumer-closed.consumer',
    'media.consumer-paused.consumer',
    'media.consumer-flow.consumer',
    'ok:hello.recording',
    'ok:hello.recording.recording',
    'recording.start.recording',
    'recording.pause.recording',
    'recording.stop.recording',
    'recording.consent.recording',
    'recording.envelope.recording',
    'recording.envelope.group',
    'recording.manifest.recording',
    'recording.state.recording',
    'recording.sealed.recording',
  ],
  'SDP, ICE candidates, browser kind': [
    ...prefixed(['ok:hello.routerRtp', 'ok:probe.routerRtp', 'media.receive.rtp'], CAPABILITIES),
    ...prefixed(['media.produce.rtp', 'media.consumer.rtp'], RTP),
    ...prefixed(['ok:media.transport.ice', 'ok:media.restart-ice.ice'], ICE),
    ...prefixed(['ok:media.transport.dtls', 'media.connect.dtls'], DTLS),
    ...prefixed(['ok:media.transport.candidates[]'], CANDIDATE),
    'media.transport.tcpOnly',
    'ok:probe.mediaPorts[]',
  ],
  'media kinds, who receives whose stream at what size, pauses': [
    'media.transport.direction',
    'media.produce.kind',
    'media.produce.paused',
    'media.pause.paused',
    'media.want.paused',
    'media.want.spatial',
    'media.want.temporal',
    'media.consumer.kind',
    'media.consumer.producerPaused',
    'media.consumer-paused.paused',
    'media.consumer-flow.flow',
  ],
  'MLS ciphertext, epoch numbers, leaves, key packages and trees under pseudonyms, Welcomes': [
    'group.commit.epoch',
    'group.commit.commit',
    'group.commit.welcome',
    'group.commit.joins[].leaf',
    'group.commit.leaves[]',
    'group.app.epoch',
    'group.app.body',
    'group.ready.epoch',
    'group.refuse.epoch',
    'group.refuse.hash',
    'group.refetch.epoch',
    'ok:group.refetch.commit',
    'ok:hello.group.epoch',
    'ok:hello.peers[].leaf',
    'room.peers.peers[].leaf',
    'group.changed.group.epoch',
    'group.committed.epoch',
    'group.committed.commit',
    'group.welcome.epoch',
    'group.welcome.welcome',
    'group.said.epoch',
    'group.said.body',
    'group.all-ready.epoch',
    'group.struck.epoch',
    'group.struck.hash',
    'group.gone.epoch',
    'group.gone.leaf',
    'group.removed.epoch',
  ],
  'recordings on the server: that one is made, when, by whose consent, and envelopes sealed to the customer’s key':
    [
      'recording.start.owner',
      'recording.pause.owner',
      'recording.pause.paused',
      'recording.stop.owner',
      'recording.consent.yes',
      'recording.envelope.epoch',
      'recording.envelope.part',
      'recording.envelope.body',
      'recording.manifest.owner',
      'recording.manifest.signature',
      'recording.state.state',
      'recording.state.why',
      'recording.state.since',
      'recording.sealed.statement',
    ],
  'telephones: which bridge’s mailbox is invited to which meeting, tickets, and grants sealed to the bridge’s key':
    [
      'bridge.listen.door',
      'bridge.answer.offer',
      'bridge.answer.taken',
      'bridge.invite.group',
      'bridge.invite.mailbox',
      'bridge.invite.grant',
      'bridge.offer.offer',
      'bridge.offer.room',
      'bridge.offer.group',
      'bridge.offer.ticket',
      'bridge.offer.grant',
      'bridge.over.room',
      'bridge.over.group',
    ],
  knocks: [
    'group.knock.keyPackage',
    'group.knocked.keyPackage',
    'group.turn-away.why',
    'group.turned-away.why',
  ],
  'what the server says of itself and of connections: its key, its warrants, who is connected': [
    'ok:hello.serverKey',
    'group.gone.signature',
    'room.peers.peers[].connected',
  ],
  'kinds, numbers and versions of messages': [
    'hello.versions[]',
    'resume.versions[]',
    'probe.versions[]',
    'bridge.listen.versions[]',
    'ok:bridge.listen.version',
    'ok:probe.version',
    'resume.seen',
    'ping.seen',
    'ok:hello.version',
    'ok:resume.lastSeq',
  ],
} as const satisfies Record<string, readonly string[]>

/** Of every message. */
const ENVELOPE_FIELDS: ReadonlySet<string> = new Set(['t', 'id', 're', 'seq', 'code'])

const ALLOWED: ReadonlySet<string> = new Set(Object.values(SEEN_FIELDS).flat())

/** The fields of a message that the list does not have, as paths. `name`: its type, `ok:` and the type asked, or `PUT room`. */
export function unlistedFields(name: string, message: Record<string, unknown>): string[] {
  const fields = Object.entries(message).filter(([key]) => !ENVELOPE_FIELDS.has(key))
  const paths = fields.flatMap(([key, value]) => leafPaths(`${name}.${key}`, value))
  return [...new Set(paths)].filter((path) => !ALLOWED.has(path))
}

function leafPaths(path: string, value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap((entry) => leafPaths(`${path}[]`, entry))
  if (typeof value !== 'object' || value === null) return [path]
  const isRecord = path.endsWith('.parameters')
  return Object.entries(value).flatMap(([key, inner]) => leafPaths(`${path}.${isRecord ? '*' : key}`, inner))
}

/** The text of spec/seen.md. */
export function seenPage(): string {
  const items = Object.entries(SEEN_FIELDS).map(([item, paths]) => {
    const fields = [...paths].sort().map((path) => `\`${path}\``)
    return `## ${item[0]?.toUpperCase()}${item.slice(1)}\n${fields.join(', ')}\n`
  })
  return `${HEAD}\n${items.join('\n')}`
}

const HEAD = `# What the server sees, field by field
SEE1 in full for the socket and the HTTP API, made from \`packages/testkit/src/scan/seen-fields.ts\`, which the scan of recorded meetings goes by: a field that is not here fails it. A request is named by its type, an answer by \`ok:\` and the type asked; \`[]\` is each entry of a list, \`*\` each key of a record. Beside these the server sees addresses and times of connections, and of media what SEE1 says of packets.
`
