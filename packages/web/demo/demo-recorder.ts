/** Recordings on this computer made of fixtures: nothing is written. */
import type {
  KeptRecording,
  KeptRecordingsPort,
  KeptRecordingsView,
  LocalRecorderPort,
  LocalRecorderView,
  ServerRecordingPort,
  ServerRecordingView,
} from '../src/ui/recording-ports.ts'
import { demoStore } from './demo-store.ts'

export const DEMO_KEPT: readonly KeptRecording[] = [
  {
    id: 'one',
    title: 'Conseil de quartier de la Croix-Rousse',
    beganAt: Date.UTC(2026, 10, 27, 9, 2),
    durationMs: 3_723_000,
    sizeBytes: 812_400_000,
  },
  { id: 'two', title: '', beganAt: Date.UTC(2026, 10, 26, 17, 0), durationMs: 61_000, sizeBytes: 14_200_000 },
]

export function demoRecorder(first: LocalRecorderView): LocalRecorderPort {
  const store = demoStore<LocalRecorderView>(first)
  const set = (view: LocalRecorderView) => store.change(view)
  return {
    get view() {
      return store.view
    },
    subscribe: (changed) => store.subscribe(changed),
    start: () => set({ at: 'on', paused: false, elapsedMs: 0, sizeBytes: 0 }),
    pause: (paused) => set({ at: 'on', paused, elapsedMs: 754_000, sizeBytes: 92_300_000 }),
    stop: () => set({ at: 'off', problem: null }),
  }
}

export function demoKept(kept: readonly KeptRecording[] = []): KeptRecordingsPort {
  const store = demoStore<KeptRecordingsView>({ kept, making: null, saved: new Set(), problem: null })
  return {
    get view() {
      return store.view
    },
    subscribe: (changed) => store.subscribe(changed),
    save: (id) => store.change({ saved: new Set([id]) }),
    delete: (id) => store.change({ kept: store.view.kept.filter((one) => one.id !== id) }),
  }
}

export const DEMO_KEY = {
  owner: 'Mairie de Saint-Rémy, archives',
  fingerprint: '3f1a 90c4 77de 0b52 e8a6 15cc 42f9 d07b',
  remembered: false,
}
const DEMO_FINISHED = {
  id: 'AAAAAAAAAAAAAAAAAAAAAA',
  address: 'https://meet.example.org/AAAAAAAAAAAAAAAAAAAAAA',
  owner: DEMO_KEY.owner,
  fingerprint: DEMO_KEY.fingerprint,
  durationMs: 3_723_000,
}

export type DemoServerRecording = Partial<Omit<ServerRecordingView, 'finished'>> & { finished?: boolean }

export function demoServerRecording(
  { finished, ...wish }: DemoServerRecording,
  order: (withMe: boolean) => Promise<void>,
): ServerRecordingPort {
  const store = demoStore<ServerRecordingView>({
    allowed: { local: true, server: false },
    retentionDays: null,
    key: null,
    keyProblem: null,
    ordering: false,
    problem: null,
    finished: finished === true ? DEMO_FINISHED : null,
    ...wish,
  })
  return {
    get view() {
      return store.view
    },
    subscribe: (changed) => store.subscribe(changed),
    readKey: async () => store.change({ key: DEMO_KEY, keyProblem: null }),
    forgetKey: () => store.change({ key: null }),
    rememberKey: (remembered) => store.change({ key: { ...DEMO_KEY, remembered } }),
    start: (withMe) => order(withMe).then(() => true),
    saveToken: () => undefined,
    dismissFinished: () => store.change({ finished: null }),
  }
}
