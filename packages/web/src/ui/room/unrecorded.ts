/** Whose tiles say that they are left out of a recording: empty while nothing is recorded. */
import type { MeetingView } from '@huisclos/participant'
import { createContext } from 'react'

export const Unrecorded = createContext<ReadonlySet<number>>(new Set())

/** Leaves that one of the recordings going on leaves out. */
export function unrecordedOf({
  people,
  recording,
}: Pick<MeetingView<unknown>, 'people' | 'recording'>): Set<number> {
  const { local, ordered } = recording
  const leftOut = people.filter(
    ({ leaf, recorded }) =>
      (ordered !== null && !recorded) || local.some(({ consenting }) => !consenting.includes(leaf)),
  )
  return new Set(leftOut.map(({ leaf }) => leaf))
}
