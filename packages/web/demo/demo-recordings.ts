/** The recordings of a call made of fixtures: what each control changes in the snapshot. Nothing is recorded. */
import type { MeetingControls, MeetingView, OrderedRecording, RecordingView } from '@huisclos/participant'
import type { DemoStore } from './demo-store.ts'

type View = MeetingView<MediaStreamTrack>
type Controls = Pick<
  MeetingControls<MediaStreamTrack>,
  | 'startRecording'
  | 'pauseRecording'
  | 'stopRecording'
  | 'answerRecording'
  | 'startLocalRecording'
  | 'stopLocalRecording'
>

const ID = 'AAAAAAAAAAAAAAAAAAAAAA'
const LOCAL_ID = 'BBBBBBBBBBBBBBBBBBBBBB'

const demoRecording = (part: Partial<OrderedRecording> = {}): OrderedRecording => ({
  id: ID,
  fingerprint: '3f1a 90c4 77de 0b52 e8a6 15cc 42f9 d07b',
  owner: 'Mairie de Saint-Rémy, archives',
  by: 'Bob Okafor',
  since: Date.now() - 60_000,
  paused: false,
  sealing: true,
  stopping: false,
  consent: 'unanswered',
  server: 'running',
  serverWhy: 'asked',
  ...part,
})

export function demoRecordings(store: DemoStore<View>): Controls {
  const change = (part: Partial<RecordingView>) =>
    store.change({ recording: { ...store.view.recording, ...part } })
  const changeOrdered = (part: Partial<OrderedRecording>) => {
    const { ordered } = store.view.recording
    if (ordered) change({ ordered: { ...ordered, ...part } })
  }
  return {
    startRecording: async ({ owner, withMe }) =>
      change({ ordered: demoRecording({ owner, consent: withMe ? 'yes' : 'no' }) }),
    pauseRecording: async (paused) => changeOrdered({ paused, sealing: !paused }),
    stopRecording: async () => change({ ordered: null }),
    answerRecording: (id, yes) => {
      const consent = yes ? ('yes' as const) : ('no' as const)
      if (store.view.recording.ordered?.id === id) changeOrdered({ consent })
      change({
        local: store.view.recording.local.map((each) => (each.id === id ? { ...each, consent } : each)),
      })
      if (store.view.phase.at === 'waiting-consent')
        store.change({ phase: { at: 'in', since: Date.now(), alone: false } })
    },
    startLocalRecording: async () => {
      const own = { id: LOCAL_ID, leaf: 0, name: '', self: true, consent: 'yes' as const, consenting: [0] }
      change({ local: [own, ...store.view.recording.local] })
      return LOCAL_ID
    },
    stopLocalRecording: async () => change({ local: store.view.recording.local.filter(({ self }) => !self) }),
  }
}
