/** Five minutes of figures with a bad one in the middle, and tiles that suffer. */
import type { QualityPoint, QualityPort, QualityView, TileNetworks } from '../src/ui/quality-ports.ts'
import { demoStore } from './demo-store.ts'

const POINTS = 150
const END_AT = Date.UTC(2026, 10, 24, 10, 2)

function pointsOf(leaf: number): QualityPoint[] {
  return Array.from({ length: POINTS }, (_, i) => {
    const bad = i > 70 && i < 95
    const wave = 1 + 0.12 * Math.sin(i / 5 + leaf)
    return {
      at: END_AT - (POINTS - 1 - i) * 2_000,
      bps: Math.round((bad ? 320_000 : 1_400_000) * wave),
      loss: bad ? 0.06 * wave : 0.002 * wave,
      roundTripMs: Math.round((bad ? 240 : 34) * wave),
      width: bad ? 320 : 1280,
      height: bad ? 180 : 720,
      framesPerSecond: bad ? 12 : 30,
      cipherMs: 0.14 * wave,
    }
  })
}

export function demoQuality(people: number, weak: boolean): QualityPort {
  const view: QualityView = {
    own: pointsOf(0),
    people: new Map(Array.from({ length: people - 1 }, (_, i) => [i + 1, pointsOf(i + 1)])),
  }
  const networks: TileNetworks = new Map(
    weak
      ? [
          [0, { whose: 'ours', picture: 'flows' }],
          [1, { whose: 'theirs', picture: 'flows' }],
          [2, { whose: 'ours', picture: 'held' }],
          [3, { whose: 'theirs', picture: 'held' }],
        ]
      : [],
  )
  return Object.assign(demoStore(view), { tiles: { view: networks, subscribe: () => () => undefined } })
}
