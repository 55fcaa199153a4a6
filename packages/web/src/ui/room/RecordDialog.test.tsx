// Which recordings the room offers: what the operator allows, to whoever may begin it, and nothing else (REC23).
import type { RecordingView } from '@huisclos/participant'
import i18next from 'i18next'
import { renderToStaticMarkup } from 'react-dom/server'
import { I18nextProvider, initReactI18next } from 'react-i18next'
import { beforeAll, expect, test } from 'vitest'
import en from '../i18n/en.json' with { type: 'json' }
import type { LocalRecorderView, ServerRecordingView } from '../recording-ports.ts'
import { useRecordDialog } from './RecordDialog.tsx'

const nothing = () => undefined
const store = <View,>(view: View) => ({ view, subscribe: () => nothing })
const OFF: LocalRecorderView = { at: 'off', problem: null }
const NOBODY: RecordingView = { ordered: null, local: [], mayOrder: false, mayStop: false }
const HOST: RecordingView = { ...NOBODY, mayOrder: true, mayStop: true }
const RUNNING: RecordingView = {
  ...HOST,
  ordered: {
    id: 'A'.repeat(22),
    fingerprint: '',
    owner: '',
    by: null,
    since: 0,
    paused: false,
    sealing: true,
    stopping: false,
    consent: 'no',
    server: 'running',
    serverWhy: null,
  },
}

beforeAll(async () => {
  await i18next.use(initReactI18next).init({ lng: 'en', resources: { en: { translation: en } } })
})

interface ProbeProps {
  call: Parameters<typeof useRecordDialog>[0]
  recording: RecordingView
}

function Probe({ call, recording }: ProbeProps) {
  return useRecordDialog(call, recording).record?.where ?? 'nothing'
}

function offered(
  allowed: ServerRecordingView['allowed'],
  recording: RecordingView,
  recorder: LocalRecorderView = OFF,
): string {
  const view: ServerRecordingView = {
    allowed,
    retentionDays: null,
    key: null,
    keyProblem: null,
    ordering: false,
    problem: null,
    finished: null,
  }
  const call = {
    recorder: { ...store(recorder), start: nothing, pause: nothing, stop: nothing },
    serverRecording: {
      ...store(view),
      readKey: async () => undefined,
      forgetKey: nothing,
      rememberKey: nothing,
      start: async () => true,
      saveToken: nothing,
      dismissFinished: nothing,
    },
  }
  return renderToStaticMarkup(
    <I18nextProvider i18n={i18next}>
      <Probe call={call} recording={recording} />
    </I18nextProvider>,
  )
}

const LOCAL = { local: true, server: false }
const SERVER = { local: false, server: true }
const BOTH = { local: true, server: true }
const NEITHER = { local: false, server: false }
const ON: LocalRecorderView = { at: 'on', paused: false, elapsedMs: 0, sizeBytes: 0 }

test.each([
  ['the operator allows neither', NEITHER, HOST, OFF, 'nothing'],
  ['the operator allows one’s own computer alone', LOCAL, HOST, OFF, 'local'],
  ['the operator allows the server alone', SERVER, HOST, OFF, 'server'],
  ['the operator allows the server alone, and one is a guest', SERVER, NOBODY, OFF, 'nothing'],
  ['the operator allows both', BOTH, HOST, OFF, 'both'],
  ['the operator allows both, and one is a guest', BOTH, NOBODY, OFF, 'local'],
  ['one on the server runs', BOTH, RUNNING, OFF, 'local'],
  ['one on this computer runs', BOTH, HOST, ON, 'server'],
  ['both run', BOTH, RUNNING, ON, 'nothing'],
] as const)('[REC23] where %s', (_name, allowed, recording, recorder, where) => {
  expect(offered(allowed, recording, recorder)).toBe(where)
})
