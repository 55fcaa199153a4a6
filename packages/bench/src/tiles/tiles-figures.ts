/** What the looks of the tiles bench say: what a page receives and decodes, by people present and by tiles shown. */
import type { Figure, Measured, Point } from '../run/bench.ts'

/** One look at one page, for some seconds. */
export interface Look {
  /** In the meeting, the one who looks among them. */
  people: number
  /** Pictures of others that the page had to show. */
  wanted: number
  /** Pictures that came. */
  shown: number
  bitsPerSecond: number
  framesPerSecond: number
  /** Seconds of decoding a second, all pictures together. */
  decodeShare: number
}

/** Few tiles among more and more people, and all of them among the most. */
export interface Looks {
  few: readonly Look[]
  all: Look
}

/** More people than are shown may cost a page a tenth more: the loop's pictures differ in size. */
const AIM_RATIO = 1.1
/** Of what the bots send: a page that falls behind would look cheap. */
const LEAST_FRAMES = 0.8
const SENT_FRAMES = 20

const kilobits = (look: Look): number => look.bitsPerSecond / 1_000
const decoding = (look: Look): number => look.decodeShare * 100

function doubtsOf({ few, all }: Looks): string[] {
  return [...few, all].flatMap(({ people, wanted, shown, framesPerSecond }) => [
    ...(shown === wanted ? [] : [`of ${people} people ${shown} pictures came, not ${wanted}`]),
    ...(framesPerSecond < LEAST_FRAMES * SENT_FRAMES * shown
      ? [
          `with ${people} people the page decoded ${Math.round(framesPerSecond / shown)} of ${SENT_FRAMES} pictures a second`,
        ]
      : []),
  ])
}

function figuresOf({ few, all }: Looks): Figure[] {
  const [least, most] = [few[0] as Look, few.at(-1) as Look]
  const between = `${most.people} people against ${least.people}, ${least.wanted} pictures shown`
  const ratio = { unit: '×', better: 'lower', aim: AIM_RATIO } as const
  const each = ({ people, wanted }: Look) => `with ${wanted} pictures shown of ${people} people`
  return [
    {
      ...ratio,
      id: 'bits.ratio',
      label: `Received video: ${between}`,
      value: kilobits(most) / kilobits(least),
    },
    { ...ratio, id: 'decode.ratio', label: `Decoding: ${between}`, value: decoding(most) / decoding(least) },
    ...[...few, all].flatMap((look): Figure[] => [
      {
        id: `bits.${look.people}.${look.wanted}`,
        label: `Received video ${each(look)}`,
        value: kilobits(look),
        unit: 'kbit/s',
        better: 'lower',
      },
      {
        id: `decode.${look.people}.${look.wanted}`,
        label: `Decoding ${each(look)}, of one core`,
        value: decoding(look),
        unit: '%',
        better: 'lower',
      },
    ]),
  ]
}

/** @param loopBusy of the bots' event loop, 0 to 1 */
export function summarize(looks: Looks, loopBusy: number): Measured {
  const { few, all } = looks
  const points = (of: (look: Look) => number): Point[] => [
    ...few.map((look) => ({ group: '', series: `${look.wanted} shown`, x: look.people, value: of(look) })),
    { group: '', series: 'all shown', x: all.people, value: of(all) },
  ]
  const percent = Math.round(loopBusy * 100)
  return {
    figures: figuresOf(looks),
    checks: [
      `one Chromium page that looks; the others are whole encrypted participants that send 640 × 360 in three layers, ${SENT_FRAMES} pictures a second, and look at nobody`,
      `each picture that was to be shown came, at ${LEAST_FRAMES * 100} % of its pictures a second at least, or there would be no figures`,
      `the bots' event loop was ${percent} % busy (more than 90 % and the run is refused)`,
    ],
    doubts: [
      ...doubtsOf(looks),
      ...(loopBusy > 0.9 ? [`the bots kept their event loop ${percent} % busy`] : []),
    ],
    plots: [
      {
        title: 'Received video by people present',
        kind: 'curve',
        unit: 'kbit/s',
        across: 'people',
        points: points(kilobits),
      },
      {
        title: 'Decoding by people present, of one core',
        kind: 'curve',
        unit: '%',
        across: 'people',
        points: points(decoding),
      },
    ],
  }
}
