/** Waits for a group to come to rest: each newcomer makes one path commit, paced over the group (GRP8). */
import type { Meeting } from '@huisclos/participant'
import { until } from './bot-in-meeting.ts'

const SETTLED_MS = 4_000
const SETTLE_WITHIN_MS = 60_000

/** Resolves when no commit has come for a while. @throws Error when they do not end */
export async function untilSettled(meeting: Meeting<unknown>): Promise<void> {
  let epoch = meeting.view.security.epoch
  let since = performance.now()
  await until('the group makes no more commits', SETTLE_WITHIN_MS, () => {
    if (meeting.view.security.epoch !== epoch) since = performance.now()
    epoch = meeting.view.security.epoch
    return performance.now() - since > SETTLED_MS
  })
}
