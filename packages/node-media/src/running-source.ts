/** Whatever pushes frames into a track at their times; how they are made is its own affair. */
import type { Clock } from '@huisclos/participant'
import type { EncodedTrack } from './encoded-track.ts'

export interface RunningSource {
  readonly track: EncodedTrack
  /** Moments for which frames were pushed so far: one frame, or one a layer. */
  readonly sent: number
  stop(): void
}

/** Calls `push` with 0, 1, 2, … every `everyMs` from now on. */
export function runSource(
  track: EncodedTrack,
  clock: Clock,
  everyMs: number,
  push: (sequence: number) => void,
): RunningSource {
  const startedAt = clock.now()
  let sent = 0
  let cancel = () => {}
  const tick = () => {
    // What is due by the clock, so that a late timer does not slow the stream down.
    while (startedAt + sent * everyMs <= clock.now()) {
      push(sent)
      sent += 1
    }
    cancel = clock.setTimer(Math.max(1, startedAt + sent * everyMs - clock.now()), tick)
  }
  cancel = clock.setTimer(0, tick)
  return {
    track,
    get sent() {
      return sent
    },
    stop: () => cancel(),
  }
}
