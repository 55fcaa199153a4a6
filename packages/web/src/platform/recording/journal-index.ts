/**
 * What a journal holds (LREC3, LREC4): its tracks, and of each frame where it lies and when it was taken. One pass over
 * the file; what comes after the first record that is cut or damaged does not count.
 */
import type { ByteSource } from './byte-source.ts'
import { windowed } from './byte-source.ts'
import { FrameList } from './frame-list.ts'
import type { RecordingFacts, TrackFacts } from './journal-facts.ts'
import { readFacts } from './journal-facts.ts'
import type { JournalRecord } from './journal-record.ts'
import { decodeRecord, JOURNAL_HEAD } from './journal-record.ts'
import type { PictureSize } from './picture-size.ts'
import { pictureSize } from './picture-size.ts'
import { RunClock } from './run-clock.ts'

export interface IndexedTrack {
  readonly facts: TrackFacts
  readonly frames: FrameList
  /** The largest picture of all; null for sound. */
  readonly size: PictureSize | null
}

export interface JournalIndex {
  readonly facts: RecordingFacts
  /** In the order of their first frames; none is empty. */
  readonly tracks: readonly IndexedTrack[]
  readonly durationMs: number
  /** False: it was interrupted. */
  readonly ended: boolean
  /** How often frames were lost because this computer was too slow. */
  readonly gaps: number
}

const TICKS_PER_MS = { audio: 48, video: 90 } as const
/** An Opus packet leaves when its 20 ms are over. */
const AUDIO_LAG_MS = 20
/** A frame's fixed part, before its payload. */
const PAYLOAD_AT = 22

interface TrackInMaking {
  facts: TrackFacts
  frames: FrameList
  runs: { from: number; run: number; clock: RunClock }[]
  size: PictureSize | null
}

/** Null for a file that is no journal, or has no beginning. */
export async function indexJournal(file: ByteSource): Promise<JournalIndex | null> {
  const source = windowed(file)
  const head = await source.read(0, JOURNAL_HEAD.length)
  if (JOURNAL_HEAD.some((byte, i) => head[i] !== byte)) return null
  const making = new IndexInMaking()
  let at = JOURNAL_HEAD.length
  let wanted = PAYLOAD_AT
  while (at < source.sizeBytes) {
    const bytes = await source.read(at, wanted)
    const read = decodeRecord(bytes)
    if (!read.ok && read.why === 'short' && at + read.needBytes <= source.sizeBytes) {
      wanted = read.needBytes
      continue
    }
    if (!read.ok) break
    making.take(read.record, at + PAYLOAD_AT)
    at += read.sizeBytes
    wanted = PAYLOAD_AT
  }
  return making.finish()
}

class IndexInMaking {
  readonly #tracks = new Map<number, TrackInMaking>()
  #facts: RecordingFacts | null = null
  #ended = false
  #gaps = 0

  take(record: JournalRecord, payloadAt: number): void {
    this.#facts ??= readFacts('facts', record)
    const mark = readFacts('mark', record)
    if (mark?.what === 'ended') this.#ended = true
    if (mark?.what === 'gap') this.#gaps++
    const track = readFacts('track', record)
    if (track) this.#nameTrack(record.track, track)
    if (record.kind === 'frame') this.#takeFrame(record, payloadAt)
  }

  finish(): JournalIndex | null {
    if (!this.#facts) return null
    for (const track of this.#tracks.values()) settleTimes(track)
    const tracks = [...this.#tracks.values()].filter(({ frames }) => frames.count > 0)
    const last = ({ frames }: TrackInMaking): number => frames.timeOf(frames.count - 1)
    return {
      facts: this.#facts,
      tracks: tracks.sort((a, b) => a.frames.timeOf(0) - b.frames.timeOf(0)),
      durationMs: Math.max(0, ...tracks.map(last)),
      ended: this.#ended,
      gaps: this.#gaps,
    }
  }

  #nameTrack(number: number, facts: TrackFacts): void {
    const known = this.#tracks.get(number)
    if (known) known.facts = facts
    else this.#tracks.set(number, { facts, frames: new FrameList(), runs: [], size: null })
  }

  #takeFrame({ track: number, run, rtp, at, key, payload }: JournalRecord, payloadAt: number): void {
    const track = this.#tracks.get(number)
    if (!track) return
    const isAudio = track.facts.codec === 'opus'
    let last = track.runs.at(-1)
    if (last?.run !== run) {
      const clock = new RunClock(
        isAudio ? TICKS_PER_MS.audio : TICKS_PER_MS.video,
        isAudio ? AUDIO_LAG_MS : 0,
      )
      last = { from: track.frames.count, run, clock }
      track.runs.push(last)
    }
    const time = last.clock.note(rtp, at)
    track.frames.insert({ offset: payloadAt, sizeBytes: payload.length, key, time, rtp }, last.from)
    if (key && !isAudio) track.size = larger(track.size, pictureSize(track.facts.codec, payload))
  }
}

const larger = (a: PictureSize | null, b: PictureSize | null): PictureSize | null =>
  a && b ? (a.width * a.height >= b.width * b.height ? a : b) : (a ?? b)

/**
 * From the clocks of the runs to the recording's time line, on which no frame of a track comes before another. Of each
 * run of pictures, what comes before its first key frame is dropped: nothing could show it.
 */
function settleTimes({ frames, runs, facts }: TrackInMaking): void {
  let latest = Number.NEGATIVE_INFINITY
  let kept = 0
  runs.forEach(({ from, clock }, i) => {
    const until = runs[i + 1]?.from ?? frames.count
    let shows = facts.codec === 'opus'
    for (let frame = from; frame < until; frame++) {
      shows ||= frames.isKey(frame)
      if (!shows) continue
      const samePicture = kept > 0 && frame > from && frames.samePicture(frame, kept - 1)
      const time = Math.max(0, clock.timeOf(frames.timeOf(frame)))
      // A millisecond is what the file can tell apart.
      latest = samePicture ? latest : Math.max(time, latest + 1)
      frames.move(frame, kept)
      frames.setTime(kept++, latest)
    }
  })
  frames.truncate(kept)
}
