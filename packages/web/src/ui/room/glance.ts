/**
 * The shield's one glance: green while nothing was amiss, amber when an attempt was refused, or what is said
 * leaves the walls by a recorder or a telephone, red when one cannot vouch.
 */
import type { Alarm, MeetingView } from '@huisclos/participant'

export type Glance = 'closed' | 'recorded' | 'phones' | 'caution' | 'alarm'

/** Alarms about something that was tried and did not work. The others mean that something may be wrong now. */
const REFUSED: readonly Alarm['kind'][] = [
  'refused-commit',
  'struck-commit',
  'forged-frame',
  'keys-rolled-back',
  'stranger-forwarded',
]

/** An attempt that failed; anything else leaves a doubt. */
export const wasRefused = (alarm: Alarm): boolean => REFUSED.includes(alarm.kind)

/** Somebody keeps what is said: nobody is let in by that, but it does not stay between the walls. */
const isRecorded = ({ recording }: Pick<MeetingView<unknown>, 'recording'>): boolean =>
  recording.ordered !== null || recording.local.length > 0

/** TEL3: a telephone's leg is not end-to-end encrypted, whoever runs the bridge. */
const hasPhones = ({ people }: Pick<MeetingView<unknown>, 'people'>): boolean =>
  people.some(({ bridge }) => bridge !== undefined)

export function glanceOf(view: Pick<MeetingView<unknown>, 'alarms' | 'people' | 'recording'>): Glance {
  if (view.alarms.length === 0) return hasPhones(view) ? 'phones' : isRecorded(view) ? 'recorded' : 'closed'
  return view.alarms.every(wasRefused) ? 'caution' : 'alarm'
}
