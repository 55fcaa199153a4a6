/** What a reader finds wrong, precisely: which file, which bytes, which span of time, what is lost. */

/** What each means stands in docs/recording.md, "What a reader reports". */
export type DamageKind =
  | 'manifest-missing'
  | 'manifest-damaged'
  | 'segment-missing'
  | 'segment-misnamed'
  | 'segment-duplicated'
  | 'segment-foreign'
  | 'segment-unreadable'
  | 'header-damaged'
  | 'index-damaged'
  | 'unfinished'
  | 'chain-broken'
  | 'differs-from-manifest'
  | 'records-damaged'
  | 'block-altered'
  | 'record-malformed'

export interface Damage {
  kind: DamageKind
  /** Null where it is of no segment. */
  segment: number | null
  file: string | null
  /** The bytes concerned; null where the whole file is. */
  offset: number | null
  lengthBytes: number | null
  /** Between which times of arrival, microseconds since the start; null where that is not known. */
  fromUs: number | null
  toUs: number | null
  /** Records that are lost; 0 where nothing is, null where that is not known. */
  lostRecords: number | null
}

/** Keeps each damage once, however often a reader passes by. */
export class DamageList {
  readonly #found = new Map<string, Damage>()

  add(kind: DamageKind, about: Partial<Damage> = {}): void {
    const damage = {
      segment: null,
      file: null,
      offset: null,
      lengthBytes: null,
      fromUs: null,
      toUs: null,
      lostRecords: 0,
      ...about,
      kind,
    }
    this.#found.set(`${kind} ${damage.file} ${damage.segment} ${damage.offset}`, damage)
  }

  get all(): Damage[] {
    return [...this.#found.values()]
  }
}
