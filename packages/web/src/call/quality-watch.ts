/**
 * Looks at the call's statistics every two seconds: keeps five minutes of them for the quality panel, and says on which
 * tiles the network is at fault and whose. All of it stays on this device.
 */
import type { PersonView } from '@huisclos/participant'
import type { MediaStatistics } from '../platform/media-statistics.ts'
import type { QualityPoint, QualityPort, QualityView, TileNetworks } from '../ui/quality-ports.ts'
import type { PersonHealth } from './network-verdict.ts'
import { judgeTiles, sameVerdicts } from './network-verdict.ts'
import type { Reading } from './quality-series.ts'
import { concealed, ownPoint, receivedPoint } from './quality-series.ts'
import { Snapshot } from './snapshot.ts'

type Person = PersonView<MediaStreamTrack>

export interface QualityPorts {
  stats(): Promise<MediaStatistics | null>
  people(): readonly Person[]
  /** Unix milliseconds. */
  now(): number
}

const EVERY_MS = 2_000
const KEPT_POINTS = 150
/** Verdicts are of that many looks: a moment's hiccup is none. */
const WINDOW = 3

export class QualityWatch extends Snapshot<QualityView> implements QualityPort {
  readonly tiles = new Snapshot<TileNetworks>(new Map())
  readonly #ports: QualityPorts
  readonly #readings: Reading[] = []
  #heldBefore = new Set<string>()
  #timer: ReturnType<typeof setInterval> | null = null

  constructor(ports: QualityPorts) {
    super({ own: [], people: new Map() })
    this.#ports = ports
  }

  start(): void {
    this.#timer ??= setInterval(() => void this.look(), EVERY_MS)
  }

  close(): void {
    if (this.#timer !== null) clearInterval(this.#timer)
    this.#timer = null
  }

  /** One look. Never rejects; while media is closed nothing is added. */
  async look(): Promise<void> {
    const statistics = await this.#ports.stats().catch(() => null)
    if (!statistics) {
      this.#readings.length = 0
      return
    }
    const before = this.#readings.at(-1)
    const reading = { at: this.#ports.now(), statistics }
    this.#readings.push(reading)
    if (this.#readings.length > WINDOW + 1) this.#readings.shift()
    const people = this.#ports.people()
    if (before) this.#add(before, reading, people)
    this.#judge(people)
  }

  #add(before: Reading, reading: Reading, people: readonly Person[]): void {
    const others = people.filter(({ self }) => !self)
    const kept = others.map((person): [number, readonly QualityPoint[]] => {
      const past = this.view.people.get(person.leaf) ?? []
      return [person.leaf, append(past, receivedPoint(before, reading, tracksOf(person)))]
    })
    this.set({ own: append(this.view.own, ownPoint(before, reading)), people: new Map(kept) })
  }

  #judge(people: readonly Person[]): void {
    const [first] = this.#readings
    const last = this.#readings.at(-1)
    if (!first || !last || this.#readings.length <= WINDOW) return
    const own = ownPoint(first, last)
    const held = new Set<string>()
    const verdicts = judgeTiles(
      { leaf: people.find(({ self }) => self)?.leaf ?? null, lossUp: own.loss, roundTripMs: own.roundTripMs },
      people.filter(({ self }) => !self).map((person) => this.#health(person, first, last, held)),
    )
    this.#heldBefore = held
    if (!sameVerdicts(this.tiles.view, verdicts)) this.tiles.set(verdicts)
  }

  /** Held counts at the second look in a row: each picture that begins is without layers for a moment. */
  #health(person: Person, first: Reading, last: Reading, held: Set<string>): PersonHealth {
    const tracks = tracksOf(person)
    const { bps, loss } = receivedPoint(first, last, tracks)
    const says = person.streams.find((stream) => !stream.muted && stream.held)?.held ?? null
    const key = `${person.leaf} ${says}`
    if (says) held.add(key)
    return {
      leaf: person.leaf,
      active: bps > 0 || says !== null,
      loss,
      concealed: concealed(first, last, tracks),
      held: this.#heldBefore.has(key) ? says : null,
    }
  }
}

const tracksOf = (person: Person): ReadonlySet<string> =>
  new Set(person.streams.flatMap(({ track, muted }) => (track && !muted ? [track.id] : [])))

const append = (past: readonly QualityPoint[], point: QualityPoint): readonly QualityPoint[] =>
  [...past, point].slice(-KEPT_POINTS)
