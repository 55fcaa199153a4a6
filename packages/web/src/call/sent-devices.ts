/**
 * Keeps what the meeting sends in line with what the person's devices give: a microphone that is off is muted (its
 * track stays for "talking while muted"), a camera that is off is not sent at all, a track that changes is replaced.
 */
import type { MeetingControls } from '@huisclos/participant'
import type { CaptureKind } from '../platform/devices.ts'
import type { DevicesModel } from './devices-model.ts'

type Sink = Pick<MeetingControls<MediaStreamTrack>, 'publish' | 'unpublish' | 'setMuted'>

/** Sends until the result is called. */
export function sendDevices(devices: DevicesModel, meeting: Sink): () => void {
  const sent: Record<CaptureKind, MediaStreamTrack | null> = { microphone: null, camera: null }
  let microphoneOn = true
  const settle = (kind: CaptureKind): void => {
    const { on } = devices.view[kind]
    const track = devices.track(kind)
    const wanted = kind === 'camera' && !on ? null : track
    if (wanted !== sent[kind] && (wanted === null || on || sent[kind] !== null)) {
      sent[kind] = wanted
      const told = wanted ? meeting.publish(kind, wanted) : meeting.unpublish(kind)
      told.catch(() => undefined)
      if (kind === 'microphone') microphoneOn = true
    }
    if (kind !== 'microphone' || sent.microphone === null || on === microphoneOn) return
    microphoneOn = on
    meeting.setMuted('microphone', !on).catch(() => undefined)
  }
  const settleBoth = (): void => {
    settle('microphone')
    settle('camera')
  }
  const ends = [devices.subscribe(settleBoth), devices.onTrack(settleBoth)]
  settleBoth()
  return () => {
    for (const end of ends) end()
  }
}
