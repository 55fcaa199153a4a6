/** What a bot shows and says unless a measurement needs something else: the loop in all its layers, and its sound. */

import type { EncodedTrack, RunningSource } from '@huisclos/node-media'
import { systemClock as clock } from '@huisclos/node-media'
import type { Meeting } from '@huisclos/participant'
import { startLoopedAudio, startLoopedVideo } from '../media/looped-source.ts'

/** Publishes camera and microphone; the caller stops the two sources that this resolves with, in that order. */
export async function publishLoop(meeting: Meeting<EncodedTrack>): Promise<[RunningSource, RunningSource]> {
  const camera = startLoopedVideo({ clock })
  const microphone = startLoopedAudio({ clock })
  await meeting.publish('camera', camera.track)
  await meeting.publish('microphone', microphone.track)
  return [camera, microphone]
}
