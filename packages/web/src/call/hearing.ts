/**
 * How others sound and look on this device: each one's volume, remembered during the meeting, no sound at all on a
 * companion (DEV8), and how many pictures are worth their bandwidth (DEV7). The others are told nothing of it.
 */
import type { PersonView, Source, WantedSize } from '@huisclos/participant'
import type { HearingPort, HearingView, PictureMode } from '../ui/ports.ts'
import { Snapshot } from './snapshot.ts'

type Want = (leaf: number, source: Source, size: WantedSize) => void
type Person = Pick<PersonView<unknown>, 'leaf' | 'name' | 'self'>

const MOST_PERCENT = 200

/** What may be asked of the server for a picture that the screen would like at `size`. */
function allowedSize(mode: PictureMode, size: WantedSize, recording: boolean): WantedSize {
  if (mode === 'none') return 'none'
  // What is off screen, or small there, is recorded as well.
  if (recording && mode === 'all' && size !== 'large') return 'medium'
  return mode === 'saver' && size !== 'none' ? 'small' : size
}

export class Hearing extends Snapshot<HearingView> implements HearingPort {
  readonly #want: Want
  readonly #onMode: (mode: PictureMode) => void
  /** What the screen would like, by leaf and source. */
  readonly #wishes = new Map<string, { leaf: number; source: Source; size: WantedSize }>()
  /** Volumes by name, of people who have left: whoever reloads is the same person under another leaf. */
  readonly #byName = new Map<string, number>()
  #people: readonly Person[] = []
  #recording = false

  /** `onMode`: told each new mode, to send less and to turn one's own camera off. */
  constructor(want: Want, onMode: (mode: PictureMode) => void) {
    super({ silent: false, pictures: 'all', volumes: new Map() })
    this.#want = want
    this.#onMode = onMode
  }

  setVolume = (leaf: number, percent: number): void => {
    const volume = Math.min(MOST_PERCENT, Math.max(0, Math.round(percent)))
    const name = this.#people.find((person) => person.leaf === leaf)?.name ?? ''
    if (name !== '') this.#byName.set(name, volume)
    this.patch({ volumes: new Map([...this.view.volumes, [leaf, volume]]) })
  }

  setSilent(silent: boolean): void {
    this.patch({ silent })
  }

  setPictures = (pictures: PictureMode): void => {
    if (pictures === this.view.pictures) return
    this.patch({ pictures })
    this.#onMode(pictures)
    this.#wantAll()
  }

  /** While this computer records, every picture is asked for. */
  setRecording(on: boolean): void {
    if (on === this.#recording) return
    this.#recording = on
    this.#wantAll()
  }

  #wantAll(): void {
    for (const { leaf, source, size } of this.#wishes.values())
      this.#want(leaf, source, allowedSize(this.view.pictures, size, this.#recording))
  }

  /** The screen would like this picture at that size. */
  wish(leaf: number, source: Source, size: WantedSize): void {
    this.#wishes.set(`${leaf} ${source}`, { leaf, source, size })
    this.#want(leaf, source, allowedSize(this.view.pictures, size, this.#recording))
  }

  /** Forgets those who left, and gives those who come back their volume. */
  meet(people: readonly Person[]): void {
    const former = new Map(this.#people.map((person) => [person.leaf, person.name]))
    this.#people = people
    const volumes = new Map<number, number>()
    for (const { leaf, name, self } of people) {
      if (self) continue
      const isKnown = former.has(leaf) && (former.get(leaf) === name || former.get(leaf) === '')
      const volume = (isKnown ? this.view.volumes.get(leaf) : undefined) ?? this.#byName.get(name)
      if (volume !== undefined) volumes.set(leaf, volume)
    }
    const here = new Set(people.map(({ leaf }) => leaf))
    for (const [key, { leaf }] of this.#wishes) if (!here.has(leaf)) this.#wishes.delete(key)
    const same =
      volumes.size === this.view.volumes.size &&
      [...volumes].every(([leaf, volume]) => this.view.volumes.get(leaf) === volume)
    if (!same) this.patch({ volumes })
  }
}
