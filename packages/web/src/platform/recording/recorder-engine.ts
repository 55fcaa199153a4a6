/**
 * The recording worker's mind while it records (LREC3–LREC5): which frame goes to which track of the journal, and which
 * picture needs a key frame to begin with (whoever reads the journal drops what comes before it). Of one's own camera
 * the largest layer is kept. Knows no worker and no file.
 */
import type { RecordingFacts, TrackFacts } from './journal-facts.ts'
import { factRecord } from './journal-facts.ts'
import type { JournalRecord } from './journal-record.ts'
import { pictureSize } from './picture-size.ts'
import type { TappedBatch, TappedFrame } from './tapped-frame.ts'

export interface RecorderPorts {
  write(record: JournalRecord): void
  /** A picture of this person cannot begin before a key frame comes. At most once a second and track. */
  needsKeyFrame(person: string, source: TrackFacts['source']): void
}

interface Track {
  readonly number: number
  readonly person: string
  facts: TrackFacts
  run: number
  stream: number
  layer: number
  width: number
  /** For a key frame. */
  waits: boolean
  askedAt: number
  keyAt: number
  lastAt: number
  lastRtp: number
}

const ASK_EVERY_MS = 1_000
/** So that whoever plays the file can begin in the middle. */
const KEY_EVERY_MS = 20_000
/** A layer that has been silent so long gives way to a smaller one. */
const LAYER_GONE_MS = 1_500
/** RTP time and arrival that part by more are two clocks. */
const CLOCK_JUMP_MS = 2_000
const TICKS_PER_MS = { audio: 48, video: 90 } as const
/** What a file can hold (WebM as written by mediabunny). */
const MAX_TRACKS = 120

export class RecorderEngine {
  readonly #ports: RecorderPorts
  readonly #beganAt: number
  readonly #tracks = new Map<string, Track>()
  /** By leaf; null is oneself. */
  #names: ReadonlyMap<number | null, string> = new Map()
  /** Who was seen last on each leaf: leaves are given to others when their member has gone. */
  readonly #seated = new Map<number | null, string>()
  #pausedAt: number | null = null
  #pausedMs = 0

  /** `facts.beganAt` is the recording's zero. */
  constructor(facts: RecordingFacts, ports: RecorderPorts) {
    this.#ports = ports
    this.#beganAt = facts.beganAt
    ports.write(factRecord('facts', facts))
  }

  /** What the people are called now, by leaf (null is oneself). A track keeps the first name that it was given. */
  names(names: ReadonlyMap<number | null, string>): void {
    this.#names = names
    for (const track of this.#tracks.values()) {
      const leaf = [...this.#seated].find(([, person]) => person === track.person)?.[0]
      const name = leaf === undefined ? '' : (names.get(leaf) ?? '')
      if (track.facts.name !== '' || name === '') continue
      track.facts = { ...track.facts, name }
      this.#writeTrack(track, track.facts)
    }
  }

  pause(paused: boolean, now: number): void {
    if (paused === (this.#pausedAt !== null)) return
    const at = this.#at(now)
    if (paused) this.#pausedAt = now
    else {
      this.#pausedMs += now - (this.#pausedAt ?? now)
      this.#pausedAt = null
      for (const track of this.#tracks.values()) this.#beginRun(track)
    }
    this.#ports.write(factRecord('mark', { what: paused ? 'paused' : 'resumed' }, { at }))
  }

  take({ frames, gap }: TappedBatch): void {
    const first = frames[0]
    if (gap && first) this.#onGap(first.at)
    if (this.#pausedAt !== null) return
    for (const frame of frames) this.#takeFrame(frame)
  }

  end(now: number): void {
    this.#ports.write(factRecord('mark', { what: 'ended' }, { at: this.#at(now) }))
  }

  /** How much has been recorded, in ms. */
  elapsed(now: number): number {
    return this.#at(now)
  }

  #takeFrame(frame: TappedFrame): void {
    const at = this.#at(frame.at)
    this.#seated.set(frame.leaf, frame.person)
    const track = this.#trackOf(frame)
    if (!track || at < 0) return
    const isVideo = frame.codec !== 'opus'
    const payload = new Uint8Array(frame.data)
    if (isVideo && !this.#isOurLayer(track, frame, payload)) return
    if (frame.stream !== track.stream || this.#jumps(track, frame)) this.#beginRun(track)
    track.stream = frame.stream
    if (frame.key) {
      track.keyAt = frame.at
      track.waits = false
    } else if (isVideo && (track.waits || frame.at - track.keyAt > KEY_EVERY_MS)) this.#ask(track, frame)
    track.lastAt = frame.at
    track.lastRtp = frame.rtp
    this.#ports.write({
      kind: 'frame',
      key: frame.key || !isVideo,
      track: track.number,
      run: track.run,
      at,
      rtp: frame.rtp,
      payload,
    })
  }

  /** Of one's own picture several sizes pass, each in its own stream; others' come in one. */
  #isOurLayer(track: Track, frame: TappedFrame, payload: Uint8Array): boolean {
    if (frame.layer === track.layer) {
      if (frame.key) track.width = pictureSize(frame.codec, payload)?.width ?? track.width
      return true
    }
    if (!frame.key) {
      if (frame.at - track.lastAt > LAYER_GONE_MS) this.#ask(track, frame)
      return false
    }
    const width = pictureSize(frame.codec, payload)?.width ?? 0
    if (width <= track.width && frame.at - track.lastAt <= LAYER_GONE_MS) return false
    track.layer = frame.layer
    track.width = width
    this.#beginRun(track)
    return true
  }

  #jumps(track: Track, frame: TappedFrame): boolean {
    if (track.lastAt === 0) return false
    const ticks = frame.codec === 'opus' ? TICKS_PER_MS.audio : TICKS_PER_MS.video
    const media = ((frame.rtp - track.lastRtp) | 0) / ticks
    return Math.abs(media - (frame.at - track.lastAt)) > CLOCK_JUMP_MS
  }

  #beginRun(track: Track): void {
    if (track.lastAt !== 0) track.run++
    track.lastAt = 0
    track.waits = true
  }

  #ask(track: Track, { at, person, source }: TappedFrame): void {
    if (at - track.askedAt < ASK_EVERY_MS) return
    track.askedAt = at
    this.#ports.needsKeyFrame(person, source)
  }

  /** What was lost may have been what the next pictures build on. */
  #onGap(now: number): void {
    for (const track of this.#tracks.values()) this.#beginRun(track)
    this.#ports.write(factRecord('mark', { what: 'gap' }, { at: this.#at(now) }))
  }

  #trackOf({ person, leaf, source, codec, stream, layer }: TappedFrame): Track | null {
    const key = `${person} ${source} ${codec}`
    const known = this.#tracks.get(key)
    if (known) return known
    if (this.#tracks.size >= MAX_TRACKS) return null
    const track: Track = {
      number: this.#tracks.size + 1,
      person,
      facts: { name: this.#names.get(leaf) ?? '', source, codec },
      run: 0,
      stream,
      layer,
      width: 0,
      waits: true,
      askedAt: 0,
      keyAt: 0,
      lastAt: 0,
      lastRtp: 0,
    }
    this.#tracks.set(key, track)
    this.#writeTrack(track, track.facts)
    return track
  }

  #writeTrack({ number }: Track, facts: TrackFacts): void {
    this.#ports.write(factRecord('track', facts, { track: number }))
  }

  #at(now: number): number {
    return (this.#pausedAt ?? now) - this.#beganAt - this.#pausedMs
  }
}
