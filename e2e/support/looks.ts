/**
 * The ways in which a screen is looked at. `ALBUM`: both languages, two widths, both appearances. `HARD`: what breaks
 * screens without anyone noticing: words 40 % longer, the system's own colours, more contrast, a page at 400 % (WCAG
 * 1.4.10: 1280 px across are then 320).
 */
export type Theme = 'light' | 'dark'

export interface Look {
  readonly name: string
  readonly language: 'en' | 'fr' | 'pseudo'
  readonly width: number
  readonly height: number
  readonly themes: readonly Theme[]
  readonly forcedColors?: 'active'
  readonly contrast?: 'more'
  readonly reducedMotion?: 'reduce'
}

const BOTH: readonly Theme[] = ['light', 'dark']
const DESKTOP = { width: 1280, height: 800 }
const PHONE = { width: 360, height: 740 }

const ALBUM: readonly Look[] = (['en', 'fr'] as const).flatMap((language) => [
  { name: `${language}-1280`, language, ...DESKTOP, themes: BOTH },
  { name: `${language}-360`, language, ...PHONE, themes: BOTH },
])

const HARD: readonly Look[] = [
  { name: 'pseudo-360', language: 'pseudo', ...PHONE, themes: ['light'] },
  { name: 'forced-1280', language: 'fr', ...DESKTOP, themes: BOTH, forcedColors: 'active' },
  {
    name: 'contrast-1280',
    language: 'en',
    ...DESKTOP,
    themes: BOTH,
    contrast: 'more',
    reducedMotion: 'reduce',
  },
  { name: 'zoom-320', language: 'fr', width: 320, height: 256, themes: ['light'] },
]

export const LOOKS: readonly Look[] = [...ALBUM, ...HARD]

/** For a run of seconds: each width, each language, each hard look once. */
export const FEW_LOOKS: readonly Look[] = LOOKS.filter(
  ({ name }) => !/^(en-360|fr-1280|contrast)/.test(name),
).map((look) =>
  look.name === 'fr-360' ? { ...look, themes: ['dark'] } : { ...look, themes: look.themes.slice(0, 1) },
)
