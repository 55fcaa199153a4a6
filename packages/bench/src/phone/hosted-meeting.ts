/**
 * One meeting of the load: a room that names the bridge, its host as a whole participant that plays a chirp now and then,
 * and what the host hears of each caller, opened when it came and decoded when all is over.
 */

import type { BridgeCard, MeetingLink } from '@huisclos/crypto/link'
import type { EncodedFrame, RunningSource } from '@huisclos/node-media'
import { EncodedTrack, runSource, systemClock } from '@huisclos/node-media'
import type { Meeting } from '@huisclos/participant'
import { makeCodec } from '@huisclos/phone/voice-codec'
import { connectTo, putHostedRoom } from '@huisclos/testkit/open-room'
import { enterAsBot, until } from '../meeting/bot-in-meeting.ts'
import { chirpSamples, findChirp } from './chirp.ts'
import type { HeardPacket } from './heard-sound.ts'
import { FRAME_MS } from './heard-sound.ts'
import { monotonicMs } from './monotonic.ts'

export const RATE = 16_000
const FRAME = (RATE * FRAME_MS) / 1000
const TICKS = 960
const INVITE_WITHIN_MS = 20_000

export interface HeardFrame {
  atMs: number
  /** RTP, 48 kHz. */
  timestamp: number
  data: Uint8Array
}

export interface HeardByHost {
  chirpsSentMs: number[]
  /** By the last two digits of the caller's number, which is all that is shown of it. */
  callers: Map<number, HeardFrame[]>
}

/** Opus packets of silence with one chirp at the start of each `every` frames. */
function chirpPackets(every: number): Uint8Array[] {
  const codec = makeCodec('meeting')
  const sound = new Int16Array(every * FRAME)
  sound.set(chirpSamples('up', RATE))
  const round = () =>
    Array.from({ length: every }, (_, i) =>
      Uint8Array.from(codec.encode(sound.subarray(i * FRAME, (i + 1) * FRAME))),
    )
  // What follows itself: the encoder has seen the end before it makes the beginning.
  round()
  return round()
}

/** What our own encoder and decoder take, ms: found by the chirp, as everything is. */
export function ownCodecMs(): number {
  const packets = chirpPackets(20)
  const codec = makeCodec('meeting')
  const sound = [...packets, ...packets].flatMap((packet) => [...(codec.decode(packet) ?? [])])
  const from = packets.length * FRAME
  const found = findChirp(Int16Array.from(sound), { kind: 'up', rate: RATE, from, to: from + FRAME * 5 })
  if (!found) throw new Error('our own codec loses the chirp')
  return ((found.at - from) * 1000) / RATE
}

/** Frames as packets of samples; what did not decode is missing. */
export function decodeHeard(frames: readonly HeardFrame[]): HeardPacket[] {
  const codec = makeCodec('meeting')
  const known = new Set<number>()
  return frames
    .toSorted((a, b) => a.timestamp - b.timestamp)
    .flatMap(({ atMs, timestamp, data }) => {
      const number = Math.round(timestamp / TICKS)
      const samples = codec.decode(data)
      if (!samples || known.has(number)) return []
      known.add(number)
      return [{ atMs, number, samples: Int16Array.from(samples) }]
    })
}

export class HostedMeeting {
  readonly pin: string
  readonly #host: Meeting<EncodedTrack>
  readonly #track = new EncodedTrack('opus')
  readonly #watched = new Set<EncodedTrack>()
  #source: RunningSource | null = null
  #heard: HeardByHost | null = null

  private constructor(host: Meeting<EncodedTrack>, pin: string) {
    this.#host = host
    this.pin = pin
    host.subscribe(() => this.#watch())
  }

  /** @param url the server's, as its pages have it */
  static async open(url: string, bridge: BridgeCard): Promise<HostedMeeting> {
    const { link, hostSeed }: { link: MeetingLink; hostSeed: Uint8Array } = await putHostedRoom(url, {
      bridge,
    })
    const host = await enterAsBot({ link, connect: () => connectTo(url) }, 'Host', { hostSeed })
    await host.invitePhones()
    await until('the bridge is invited', INVITE_WITHIN_MS, () => host.view.phones.invitation !== null)
    const meeting = new HostedMeeting(host, host.view.phones.invitation?.pin ?? '')
    await host.publish('microphone', meeting.#track)
    return meeting
  }

  /** Callers whose sound comes. */
  get callers(): number {
    return this.#watched.size
  }

  /** Says a chirp each `every` frames from now on. */
  chirp(every: number): void {
    this.#source?.stop()
    const packets = chirpPackets(every)
    let frames = 0
    this.#source = runSource(this.#track, systemClock, FRAME_MS, (sequence) => {
      const turn = sequence % every
      if (turn === 0) this.#heard?.chirpsSentMs.push(monotonicMs())
      this.#track.push({ data: packets[turn] as Uint8Array, timestamp: frames++ * TICKS })
    })
  }

  keep(): void {
    this.#heard = { chirpsSentMs: [], callers: new Map() }
  }

  kept(): HeardByHost {
    const heard = this.#heard ?? { chirpsSentMs: [], callers: new Map() }
    this.#heard = null
    return heard
  }

  async close(): Promise<void> {
    this.#source?.stop()
    await this.#host.leave()
  }

  #watch(): void {
    const person = this.#host.view.people.find(({ bridge }) => bridge !== undefined)
    for (const { label, source } of person?.bridge?.callers ?? []) {
      const track = person?.streams.find((stream) => stream.source === source)?.track
      if (!track || this.#watched.has(track)) continue
      this.#watched.add(track)
      const caller = Number(label.slice(-2))
      track.subscribe((frame) => this.#hear(caller, frame))
    }
  }

  #hear(caller: number, { data, timestamp }: EncodedFrame): void {
    const frames = this.#heard?.callers
    if (!frames) return
    const known = frames.get(caller) ?? []
    known.push({ atMs: monotonicMs(), timestamp, data })
    frames.set(caller, known)
  }
}
