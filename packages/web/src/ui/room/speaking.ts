/**
 * Who is speaking, heard here from the sound that was decrypted here: the server is not told and does not tell (SEE1).
 * One audio context for the room; levels are looked at eight times a second. Who has the floor is decided in floor.ts.
 */
import type { PersonView } from '@huisclos/participant'
import { useEffect, useRef, useState } from 'react'
import type { Floor } from './floor.ts'
import { EMPTY_FLOOR, litLeaves, stepFloor } from './floor.ts'
import { streamOf } from './stage-plan.ts'

const GESTURES = ['pointerdown', 'keydown'] as const
const LOOK_EVERY_MS = 125
/** Listens and plays nothing: without an output device it costs half. Where that is unknown, it is ignored. */
const LISTENING: AudioContextOptions & { sinkId: { type: 'none' } } = {
  sinkId: { type: 'none' },
  latencyHint: 0.04,
}

interface Ear {
  readonly track: MediaStreamTrack
  readonly source: MediaStreamAudioSourceNode
  readonly analyser: AnalyserNode
}

export interface Speaking {
  /** The others who speak now. */
  readonly leaves: ReadonlySet<number>
  /** Those of the others who have had the floor, latest first. */
  readonly holders: readonly number[]
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
  return { track, source, analyser }
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

const sameList = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((leaf, index) => leaf === b[index])

/** What the tiles show of this floor; the former object where nothing of it has changed. */
function told(before: Speaking, floor: Floor, now: number): Speaking {
  const leaves = litLeaves(floor, now)
  const same = leaves.size === before.leaves.size && leaves.isSubsetOf(before.leaves)
  return same && sameList(before.holders, floor.holders) ? before : { leaves, holders: floor.holders }
}

/** The other people who are speaking now, and who has the floor. */
export function useSpeaking(people: readonly PersonView<MediaStreamTrack>[]): Speaking {
  const [speaking, setSpeaking] = useState<Speaking>({ leaves: new Set(), holders: [] })
  const tracks = useRef(new Map<number, MediaStreamTrack>())
  useEffect(() => {
    tracks.current = microphones(people)
  }, [people])
  useEffect(() => {
    const context = new AudioContext(LISTENING)
    const ears = new Map<number, Ear>()
    const samples = new Float32Array(512)
    let floor = EMPTY_FLOOR
    let lookedAt = performance.now()
    const look = () => {
      syncEars(context, ears, tracks.current)
      const now = performance.now()
      const levels = new Map([...ears].map(([leaf, ear]) => [leaf, loudness(ear.analyser, samples)]))
      floor = stepFloor(floor, levels, now, now - lookedAt)
      lookedAt = now
      setSpeaking((before) => told(before, floor, now))
    }
    const timer = setInterval(look, LOOK_EVERY_MS)
    // Without a gesture it begins suspended, after a sleep it may stay so: the next one lets it run.
    const resume = () => void context.resume().catch(() => undefined)
    for (const gesture of GESTURES) addEventListener(gesture, resume, { passive: true })
    return () => {
      for (const gesture of GESTURES) removeEventListener(gesture, resume)
      clearInterval(timer)
      context.close().catch(() => undefined)
    }
  }, [])
  return speaking
}
