/**
 * When runs of the forward bench are not to be believed: where the bots could not send or take what they were to, it was
 * not the server that set the limit. What holds for one contestant refuses the whole comparison.
 */
import type { ForwardRun } from './forward-run.ts'
import { PACKETS_PER_SECOND, RECEIVERS } from './forward-run.ts'

export const LEAST_DELIVERED = 0.99
export const MOST_LOOP = 0.9
const LEAST_SENT = 0.97

const percent = (share: number): string => `${Math.round(share * 100)} %`

/** Empty for runs that may be believed. */
export function judgeRuns(runs: readonly ForwardRun[]): string[] {
  const doubts = runs.flatMap(({ name, sent, received, seconds, loopBusy, coreSeconds }) => {
    const found: string[] = []
    if (sent < PACKETS_PER_SECOND * seconds * LEAST_SENT)
      found.push(`${name}: the sender made only ${Math.round(sent / seconds)} packets/s`)
    if (received < sent * RECEIVERS * LEAST_DELIVERED)
      found.push(`${name}: ${percent(received / (sent * RECEIVERS))} of the packets arrived`)
    if (loopBusy > MOST_LOOP) found.push(`${name}: the bots' event loop was ${percent(loopBusy)} busy`)
    if (coreSeconds <= 0) found.push(`${name}: the forwarder used no processor time that could be measured`)
    return found
  })
  return [...new Set(doubts)]
}
