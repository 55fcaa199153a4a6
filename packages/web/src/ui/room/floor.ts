/**
 * Who has the floor (PIC3): from how loud each of the others is here, one person, who changes calmly. A cough does not
 * take it, a pause does not lose it, and between two who talk at once it stays. Pure: levels and time in, state out.
 */
export interface Voice {
  /** Milliseconds on the caller's clock of the last look at which this voice was speech; 0: never. */
  readonly heardAt: number
  /** Since when it has been speech, with no pause longer than `LINGER_MS`. */
  readonly since: number
  /** Loudness, smoothed over about a second. */
  readonly level: number
}

export interface Floor {
  readonly voices: ReadonlyMap<number, Voice>
  /** Who has had the floor, latest first. */
  readonly holders: readonly number[]
  /** When it last changed hands. */
  readonly since: number
}

export const EMPTY_FLOOR: Floor = { voices: new Map(), holders: [], since: Number.NEGATIVE_INFINITY }

/** Speech lies well above this root mean square; a quiet room below. */
const SPEECH_RMS = 0.018
/** Kept lit this long after the last word, so that tiles do not flicker. */
const LINGER_MS = 900
/** A change of speaker lasts at least this long. */
const HOLD_MS = 2_000
/** Shorter sounds than this are coughs and keyboards. */
const CLAIM_MS = 600
/** Who is talked over by somebody this much louder loses the floor. */
const LOUDER = 2.5
const SMOOTH_MS = 1_000
const REMEMBERED = 8

const isLit = (voice: Voice, now: number): boolean => voice.heardAt > 0 && now - voice.heardAt < LINGER_MS

function hear(before: Voice | undefined, rms: number, now: number, elapsedMs: number): Voice {
  const share = Math.min(1, elapsedMs / SMOOTH_MS)
  const level = (before?.level ?? 0) * (1 - share) + rms * share
  const wasLit = before !== undefined && isLit(before, now)
  if (rms > SPEECH_RMS) return { heardAt: now, since: wasLit ? before.since : now, level }
  return { heardAt: before?.heardAt ?? 0, since: before?.since ?? 0, level }
}

/** Who may take the floor: speech for a while, the loudest first. */
function claimant(voices: ReadonlyMap<number, Voice>, now: number): [number, Voice] | undefined {
  return [...voices]
    .filter(([, voice]) => isLit(voice, now) && voice.heardAt - voice.since >= CLAIM_MS)
    .toSorted(([, a], [, b]) => b.level - a.level)[0]
}

/** One look at the levels (root mean square, 0..1, by leaf); leaves that are not named have no sound any more. */
export function stepFloor(
  before: Floor,
  levels: ReadonlyMap<number, number>,
  now: number,
  elapsedMs: number,
): Floor {
  const voices = new Map<number, Voice>()
  for (const [leaf, rms] of levels) voices.set(leaf, hear(before.voices.get(leaf), rms, now, elapsedMs))
  const first = claimant(voices, now)
  const holder = before.holders[0]
  const keep: Floor = { ...before, voices }
  if (first === undefined || first[0] === holder) return keep
  const held = holder === undefined ? undefined : voices.get(holder)
  if (holder !== undefined && now - before.since < HOLD_MS) return keep
  if (held !== undefined && isLit(held, now) && first[1].level < held.level * LOUDER) return keep
  const others = before.holders.filter((leaf) => leaf !== first[0])
  return { voices, holders: [first[0], ...others].slice(0, REMEMBERED), since: now }
}

/** Whose tiles are lit now. */
export const litLeaves = (floor: Floor, now: number): Set<number> =>
  new Set([...floor.voices].filter(([, voice]) => isLit(voice, now)).map(([leaf]) => leaf))
