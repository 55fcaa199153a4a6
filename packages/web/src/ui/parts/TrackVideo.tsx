/** One video track in a `<video>`: muted, inline, started at once; its sound, if any, is somebody else's. */
import { useEffect, useRef } from 'react'

export interface TrackVideoProps {
  track: MediaStreamTrack
  mirrored?: boolean
  /** Whole picture with bars (shared screens) rather than filling the tile. */
  whole?: boolean
}

export function TrackVideo({ track, mirrored, whole }: TrackVideoProps) {
  const ref = useRef<HTMLVideoElement>(null)
  useEffect(() => {
    const video = ref.current
    if (video === null) return undefined
    video.srcObject = new MediaStream([track])
    // A muted video is allowed to start; when the element goes away first, play() rejects and nothing is lost.
    video.play().catch(() => undefined)
    return () => {
      video.srcObject = null
    }
  }, [track])
  const look = `video${mirrored === true ? ' video-mirrored' : ''}${whole === true ? ' video-whole' : ''}`
  return (
    <video
      ref={ref}
      className={look}
      muted
      playsInline
      autoPlay
      disablePictureInPicture={mirrored === true}
      aria-hidden
    />
  )
}
