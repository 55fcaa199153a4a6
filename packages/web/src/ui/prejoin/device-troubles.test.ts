import { expect, test } from 'vitest'
import en from '../i18n/en.json'
import fr from '../i18n/fr.json'
import type { DeviceProblem, DevicesView } from '../ports.ts'
import { troublesOf } from './device-troubles.ts'

const PROBLEMS: readonly DeviceProblem[] = [
  'site-refused',
  'system-refused',
  'in-use',
  'none',
  'gone',
  'no-https',
  'unknown',
]
const view = (camera: DeviceProblem | null, microphone: DeviceProblem | null) =>
  ({ camera: { problem: camera }, microphone: { problem: microphone } }) as DevicesView

test.each(PROBLEMS)('[DEV1] "%s" has words in both languages, and Retry for what failed', (problem) => {
  for (const trouble of [...troublesOf(view(problem, null)), ...troublesOf(view(null, problem))]) {
    const [, kind] = trouble.text.split('.') as [string, 'camera' | 'microphone']
    expect(trouble.kinds).toEqual([kind])
    expect(en.problem[kind][problem].length).toBeGreaterThan(10)
    expect(fr.problem[kind][problem].length).toBeGreaterThan(10)
  }
})

test('[DEV1] two causes are told apart, one that names no device is told once', () => {
  expect(troublesOf(view('in-use', 'none')).map(({ text }) => text)).toEqual([
    'problem.camera.in-use',
    'problem.microphone.none',
  ])
  expect(troublesOf(view('site-refused', 'site-refused'))).toHaveLength(2)
  for (const shared of ['system-refused', 'no-https'] as const) {
    const once = troublesOf(view(shared, shared))
    expect(once.map(({ kinds }) => kinds)).toEqual([['camera', 'microphone']])
  }
  expect(troublesOf(view(null, null))).toEqual([])
})

/** The design's own words (room.md), so that a catalogue cannot drift from them. */
test.each([
  [
    'site-refused',
    'Camera blocked for this site. Open the icon left of the address and allow it.',
    'Caméra bloquée pour ce site. Ouvrez l’icône à gauche de l’adresse et autorisez‑la.',
  ],
  [
    'system-refused',
    'Your system blocks the browser. Open its privacy settings.',
    'Votre système bloque le navigateur. Ouvrez ses réglages de confidentialité.',
  ],
  [
    'in-use',
    'Camera in use elsewhere. Close the other app or tab.',
    'Caméra déjà utilisée. Fermez l’autre application ou l’autre onglet.',
  ],
  [
    'none',
    'No camera found. Plug one in; we’ll notice.',
    'Aucune caméra détectée. Branchez-en une ; nous la verrons.',
  ],
  [
    'gone',
    'Your saved camera is gone; using the default.',
    'Votre caméra habituelle est absente ; nous utilisons celle par défaut.',
  ],
  ['no-https', 'Open this page over https.', 'Ouvrez cette page en https.'],
] as const)('[DEV1] the words for "%s" are the table’s', (problem, english, french) => {
  const plain = (text: string) => text.replace(/\s/gu, ' ').replace(/‑/gu, '-')
  expect(en.problem.camera[problem]).toBe(english)
  expect(plain(fr.problem.camera[problem])).toBe(plain(french))
})
