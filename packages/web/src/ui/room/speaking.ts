/**
 * Who is speaking, heard here from the sound that was decrypted here: the server is not told and does not tell (SEE1).
 * One audio context for the room; levels are looked at eight times a second.
 */
import type { PersonView } from '@huisclos/participant'
import { useEffect, useRef, useState } from 'react'
import { streamOf } from './stage-plan.ts'

const LOOK_EVERY_MS = 125
/** Speech lies well above this root mean square; a quiet room below. */
const SPEECH_RMS = 0.018
/** Kept lit this long after the last word, so that tiles do not flicker. */
const LINGER_MS = 900

interface Ear {
  readonly track: MediaStreamTrack
  readonly source: MediaStreamAudioSourceNode
  readonly analyser: AnalyserNode
  heardAt: number
}

export interface Speaking {
  readonly leaves: ReadonlySet<number>
  /** The last of the others who spoke. */
  readonly last: number | null
}

function loudness(analyser: AnalyserNode, samples: Float32Array<ArrayBuffer>): number {
  analyser.getFloatTimeDomainData(samples)
  return Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length)
}

function listen(context: AudioContext, track: MediaStreamTrack): Ear {
  const source = context.createMediaStreamSource(new MediaStream([track]))
  const analyser = context.createAnalyser()
  analyser.fftSize = 512
  source.connect(analyser)
  return { track, source, analyser, heardAt: 0 }
}

/** Keeps one ear on each microphone's track. */
function syncEars(
  context: AudioContext,
  ears: Map<number, Ear>,
  tracks: ReadonlyMap<number, MediaStreamTrack>,
): void {
  for (const [leaf, ear] of ears) {
    if (tracks.get(leaf) === ear.track) continue
    ear.source.disconnect()
    ears.delete(leaf)
  }
  for (const [leaf, track] of tracks) if (!ears.has(leaf)) ears.set(leaf, listen(context, track))
}

const microphones = (people: readonly PersonView<MediaStreamTrack>[]): Map<number, MediaStreamTrack> => {
  const found = new Map<number, MediaStreamTrack>()
  for (const person of people) {
    const stream = streamOf(person, 'microphone')
    if (!person.self && stream !== undefined && stream.track !== null && !stream.muted)
      found.set(person.leaf, stream.track)
  }
  return found
}

/** The other people who are speaking now. */
export function useSpeaking(people: readonly PersonView<MediaStreamTrack>[]): Speaking {
  const [speaking, setSpeaking] = useState<Speaking>({ leaves: new Set(), last: null })
  const tracks = useRef(new Map<number, MediaStreamTrack>())
  useEffect(() => {
    tracks.current = microphones(people)
  }, [people])
  useEffect(() => {
    const context = new AudioContext()
    const ears = new Map<number, Ear>()
    const samples = new Float32Array(512)
    const look = () => {
      syncEars(context, ears, tracks.current)
      const now = performance.now()
      for (const ear of ears.values()) if (loudness(ear.analyser, samples) > SPEECH_RMS) ear.heardAt = now
      const heard = [...ears].filter(([, ear]) => ear.heardAt > 0 && now - ear.heardAt < LINGER_MS)
      const latest = heard.toSorted((a, b) => b[1].heardAt - a[1].heardAt)[0]?.[0]
      setSpeaking((before) => {
        const leaves = new Set(heard.map(([leaf]) => leaf))
        const last = before.last !== null && leaves.has(before.last) ? before.last : (latest ?? before.last)
        const same =
          leaves.size === before.leaves.size && leaves.isSubsetOf(before.leaves) && last === before.last
        return same ? before : { leaves, last }
      })
    }
    const timer = setInterval(look, LOOK_EVERY_MS)
    return () => {
      clearInterval(timer)
      context.close().catch(() => undefined)
    }
  }, [])
  return speaking
}
