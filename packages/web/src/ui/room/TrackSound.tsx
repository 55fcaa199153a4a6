/**
 * One sound in an `<audio>`. Up to 100 % the element's own volume serves; louder goes through a gain first, which needs
 * an audio context and is made only then. A phone that ignores an element's volume still obeys silence.
 */
import { useEffect, useRef } from 'react'

export interface TrackSoundProps {
  track: MediaStreamTrack
  /** 0..2; 1 as it came. */
  volume: number
  /** Device id; empty for the default. */
  speaker: string
  /** Each new number tries again to start. */
  attempt: number
  onBlocked: () => void
}

export function TrackSound({ track, volume, speaker, attempt, onBlocked }: TrackSoundProps) {
  const ref = useRef<HTMLAudioElement>(null)
  const gain = useRef<GainNode | null>(null)
  const refused = useRef(onBlocked)
  const isLoud = volume > 1
  useEffect(() => {
    refused.current = onBlocked
  })
  useEffect(() => {
    const audio = ref.current
    if (audio === null) return undefined
    const louder = isLoud ? amplify(track) : null
    gain.current = louder?.gain ?? null
    audio.srcObject = louder?.stream ?? new MediaStream([track])
    return () => {
      audio.srcObject = null
      gain.current = null
      louder?.end()
    }
  }, [track, isLoud])
  useEffect(() => {
    const audio = ref.current
    if (audio === null) return
    audio.volume = Math.min(1, volume)
    audio.muted = volume === 0
    // `isLoud` and `track` bring a new gain along.
    if (gain.current !== null && isLoud && track) gain.current.gain.value = volume
  }, [volume, isLoud, track])
  useEffect(() => {
    // `attempt` and `isLoud` are named so that each change starts playing again.
    const isWanted = attempt >= 0 && (isLoud || track.readyState !== 'ended')
    if (!isWanted) return
    ref.current?.play().catch((cause: unknown) => {
      if (cause instanceof DOMException && cause.name === 'NotAllowedError') refused.current()
    })
  }, [attempt, track, isLoud])
  useEffect(() => {
    const audio = ref.current
    if (audio === null || typeof audio.setSinkId !== 'function') return
    // An output that has gone: the browser keeps to the default one.
    audio.setSinkId(speaker).catch(() => undefined)
  }, [speaker])
  // biome-ignore lint/a11y/useMediaCaption: live speech has no caption track.
  return <audio ref={ref} autoPlay />
}

/** The same sound through a gain. Chromium decodes a remote track only while an element plays it: a mute one does. */
function amplify(track: MediaStreamTrack): { stream: MediaStream; gain: GainNode; end: () => void } {
  const context = new AudioContext()
  const pump = new Audio()
  pump.muted = true
  pump.srcObject = new MediaStream([track])
  pump.play().catch(() => undefined)
  const gain = context.createGain()
  const out = context.createMediaStreamDestination()
  context
    .createMediaStreamSource(new MediaStream([track]))
    .connect(gain)
    .connect(out)
  context.resume().catch(() => undefined)
  return {
    stream: out.stream,
    gain,
    end: () => {
      pump.srcObject = null
      context.close().catch(() => undefined)
    },
  }
}
