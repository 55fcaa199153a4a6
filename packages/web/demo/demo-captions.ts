/** Captions made of fixtures, and a browser that can recognise or cannot. */
import type { CaptionLine } from '@huisclos/participant'
import type { CaptioningPort, CaptioningView } from '../src/ui/ports.ts'
import { demoStore } from './demo-store.ts'

const AT = Date.UTC(2026, 10, 24, 10, 2)
const line = (id: number, leaf: number, part: Partial<CaptionLine>): CaptionLine => ({
  id,
  leaf,
  name: '',
  self: leaf === 0,
  text: '',
  lang: 'fr-FR',
  how: 'speech',
  final: true,
  at: AT + id * 4_000,
  ...part,
})

export const DEMO_CAPTIONS: readonly CaptionLine[] = [
  line(1, 1, { name: 'Bob Okafor', text: 'Bonjour à tous, nous ouvrons la séance.' }),
  line(2, 2, {
    name: 'Anne-Sophie de La Rochefoucauld-Liancourt',
    text: '[Applaudissements] Le président donne la parole à Monsieur Okafor.',
    how: 'typed',
  }),
  line(3, 1, {
    name: 'Bob Okafor',
    final: false,
    text: 'Le premier point est le budget de l’année prochaine, que vous avez reçu vendredi, et je propose que nous le prenions chapitre par chapitre avant de passer au vote',
  }),
]

export function demoCaptioning(offer: CaptioningView['offer']): CaptioningPort {
  const store = demoStore<CaptioningView>({ offer, voice: 'off', lang: 'fr-FR', installFailed: false })
  return {
    languages: ['en-US', 'fr-FR', 'de-DE'],
    get view() {
      return store.view
    },
    subscribe: (changed) => store.subscribe(changed),
    look: () => undefined,
    setVoice: (on) => store.change({ voice: on ? 'on' : 'off' }),
    setLanguage: (lang) => store.change({ lang }),
    install: async () => store.change({ offer: 'available' }),
    type: () => true,
  }
}
