/**
 * Whose network it is when a tile suffers. What all streams share is our own path; what one person's alone shows is
 * theirs. Pictures that do not come are the server's word (SIG17), which can mislead about nothing else.
 */
import type { TileNetwork, TileNetworks } from '../ui/quality-ports.ts'

export interface PersonHealth {
  readonly leaf: number
  /** Anything came, or should have. */
  readonly active: boolean
  /** Packets lost of all that were sent to us, 0..1, and of the sound how much was made up. */
  readonly loss: number
  readonly concealed: number
  readonly held: 'ours' | 'theirs' | null
}

export interface OwnHealth {
  readonly leaf: number | null
  readonly lossUp: number
  readonly roundTripMs: number | null
}

/** Beyond these a person notices. */
const LOSS = 0.05
const CONCEALED = 0.1
const ROUND_TRIP_MS = 500

export function judgeTiles(own: OwnHealth, people: readonly PersonHealth[]): TileNetworks {
  const verdicts = new Map<number, TileNetwork>()
  const weak = own.lossUp >= LOSS || (own.roundTripMs ?? 0) >= ROUND_TRIP_MS
  if (weak && own.leaf !== null) verdicts.set(own.leaf, { whose: 'ours', picture: 'flows' })
  const active = people.filter((person) => person.active)
  const isShared = active.length > 1 && active.every(suffers)
  const isOurs = weak || isShared || people.some(({ held }) => held === 'ours')
  for (const person of people) {
    if (person.held) verdicts.set(person.leaf, { whose: person.held, picture: 'held' })
    else if (person.active && suffers(person))
      verdicts.set(person.leaf, { whose: isOurs ? 'ours' : 'theirs', picture: 'flows' })
  }
  return verdicts
}

const suffers = ({ loss, concealed, held }: PersonHealth): boolean =>
  loss >= LOSS || concealed >= CONCEALED || held === 'ours'

export function sameVerdicts(one: TileNetworks, other: TileNetworks): boolean {
  if (one.size !== other.size) return false
  return [...one].every(([leaf, { whose, picture }]) => {
    const also = other.get(leaf)
    return also?.whose === whose && also.picture === picture
  })
}
