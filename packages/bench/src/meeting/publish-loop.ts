/** What a bot shows and says unless a measurement needs something else: the loop in all its layers, and its sound. */
import type { Meeting } from '@huisclos/participant'
import type { BotTrack } from '../media/bot-track.ts'
import { startLoopedAudio, startLoopedVideo } from '../media/looped-source.ts'
import type { RunningSource } from '../media/running-source.ts'
import { systemClock as clock } from '../media/system-clock.ts'

/** Publishes camera and microphone; the caller stops the two sources that this resolves with, in that order. */
export async function publishLoop(meeting: Meeting<BotTrack>): Promise<[RunningSource, RunningSource]> {
  const camera = startLoopedVideo({ clock })
  const microphone = startLoopedAudio({ clock })
  await meeting.publish('camera', camera.track)
  await meeting.publish('microphone', microphone.track)
  return [camera, microphone]
}
