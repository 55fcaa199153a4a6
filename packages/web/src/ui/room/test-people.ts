/** People and views for this folder's tests. */
import type { MeetingView, PersonView, StreamView } from '@huisclos/participant'

export type TestPerson = PersonView<MediaStreamTrack>

export const testStream = (
  source: StreamView<MediaStreamTrack>['source'],
  muted = false,
): StreamView<MediaStreamTrack> => ({
  source,
  track: null,
  muted,
  waitingForKeys: false,
})

/** Leaf 0 is oneself. */
export const testPerson = (leaf: number, part: Partial<TestPerson> = {}): TestPerson => ({
  leaf,
  name: `P${leaf}`,
  self: leaf === 0,
  host: false,
  hand: false,
  mayUnmute: true,
  state: 'here',
  recorded: false,
  streams: [testStream('microphone'), testStream('camera')],
  ...part,
})

export const testPeople = (count: number): TestPerson[] =>
  Array.from({ length: count }, (_, leaf) => testPerson(leaf))

export const testView = (
  part: Partial<MeetingView<MediaStreamTrack>> = {},
): MeetingView<MediaStreamTrack> => ({
  phase: { at: 'in', since: 0, alone: false },
  title: null,
  hosted: true,
  selfLeaf: 0,
  selfHost: false,
  people: testPeople(3),
  chat: [],
  captions: [],
  notices: [],
  alarms: [],
  security: { epoch: 1, members: 3, code: null, compared: null, sending: true },
  network: { signalling: 'open', media: 'connected', tcpOnly: false },
  lobby: { on: false, lock: false, removed: [], knocking: [] },
  rules: { share: true, chat: true, unmute: true },
  spotlight: null,
  request: null,
  recording: { ordered: null, local: [], mayOrder: false, mayStop: false },
  phones: { bridge: null, mayInvite: false, invitation: null },
  ...part,
})
