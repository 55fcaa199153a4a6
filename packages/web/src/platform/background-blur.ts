/**
 * The browser's own background blur, where system and camera have it (a constraint of Media Capture Extensions). There
 * is no other: no model, no code of ours looks at a picture.
 */

interface BlurCapabilities extends MediaTrackCapabilities {
  backgroundBlur?: boolean[]
}
interface BlurSettings extends MediaTrackSettings {
  backgroundBlur?: boolean
}

/** Whether it is on now; null where it cannot be switched. */
export function blurOf(track: MediaStreamTrack): boolean | null {
  const able: BlurCapabilities = track.getCapabilities?.() ?? {}
  if (!able.backgroundBlur || able.backgroundBlur.length < 2) return null
  const settings: BlurSettings = track.getSettings()
  return settings.backgroundBlur === true
}

/** Never rejects: a refusal leaves it as it is. The other constraints of the track are kept. */
export async function setBlur(track: MediaStreamTrack, on: boolean): Promise<void> {
  const wish: MediaTrackConstraints & { backgroundBlur: boolean } = {
    ...track.getConstraints(),
    backgroundBlur: on,
  }
  await track.applyConstraints(wish).catch(() => undefined)
}
