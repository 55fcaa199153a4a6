/** A recording as server and members make it, from frames that a test gives: sealed, packetised, stored, enveloped. */
import type { RecordingWriter } from '@huisclos/archive'
import { MemoryStore, manifestMessage, signManifest, startRecording } from '@huisclos/archive'
import { nativeSha256 } from '@huisclos/archive/node'
import { encodeBase64url, random } from '@huisclos/crypto/bytes'
import { hostKeyFromSeed } from '@huisclos/crypto/link'
import type { EnvelopeContent } from '@huisclos/crypto/seal'
import { deriveStreamKey, sealEnvelopes } from '@huisclos/crypto/seal'
import type { SframeKey } from '@huisclos/crypto/sframe'
import { deriveKeys, encodeKid, MEETING_SUITE, sealFrame } from '@huisclos/crypto/sframe'
import { encodeRtp, encodeSenderReport, packetizeVp8 } from '@huisclos/rtp'
import { ed25519 } from '@noble/curves/ed25519.js'

const START_MS = 1_800_000_000_000
const MTU = 1100
const FIRST_EPOCH = 7

/** `timeUs`: microseconds since the start at which it was captured. */
export interface GivenFrame {
  timeUs: number
  data: Uint8Array
}

export interface GivenStream {
  leaf: number
  source: 'camera' | 'microphone' | 'screen'
  frames: GivenFrame[]
  /** How much later than captured it arrives; 20 ms if not said. */
  delayUs?: (timeUs: number) => number
  /** Sender reports come each second, by a clock that is this far ahead. */
  reports?: { aheadMs: number }
  /** Of its RTP clock against true time, in parts per million. */
  driftPpm?: number
}

export interface GivenMeeting {
  publicKey: Uint8Array
  names: string[]
  streams: GivenStream[]
  /** Leaves that seal each epoch; the first is a host. */
  sealers?: number[]
  /** Leaves whose keys are in no envelope. */
  declining?: number[]
  /** Microseconds at which the epoch changes. */
  rekeyAtUs?: number[]
  /** Takes out or changes an envelope before it is stored. */
  onEnvelope?: (sealed: Uint8Array, at: { epoch: number; sealer: number }) => Uint8Array | null
  /** Changes what a sealer says. */
  onContent?: (content: EnvelopeContent) => EnvelopeContent
}

type Event = { timeUs: number; run: () => void | Promise<void> }

/** As the group engine signs: label and group each after their length in two bytes. */
function signedBytes(label: string, group: Uint8Array, data: Uint8Array): Uint8Array {
  const prefix = new TextEncoder().encode(`huisclos/1 ${label}`)
  return Uint8Array.from([0, prefix.length, ...prefix, 0, group.length, ...group, ...data])
}

export async function recordMeeting(given: GivenMeeting) {
  const meeting = new Meeting(given)
  const events = [...meeting.sealings(), ...given.streams.flatMap((_, stream) => meeting.sendings(stream))]
  for (const [i, { timeUs, run }] of events.toSorted((a, b) => a.timeUs - b.timeUs).entries()) {
    meeting.nowMs = START_MS + timeUs / 1000
    await run()
    if (i % 200 === 0) await meeting.writer.flush()
  }
  const finish = await meeting.writer.finish()
  if (finish.at !== 'sealed') throw new Error(finish.why)
  const { store, recording, room } = meeting
  return { store, recording, room, statement: finish.statement }
}

/** The same, its manifest signed by the room's host. */
export async function signedRecording(given: GivenMeeting): Promise<MemoryStore> {
  const { store, room, statement } = await recordMeeting(given)
  await signManifest(store, statement, ed25519.sign(manifestMessage(statement), room.seed))
  return store
}

class Meeting {
  readonly store = new MemoryStore()
  readonly recording = random(16)
  readonly room = hostKeyFromSeed(random(32))
  readonly writer: RecordingWriter
  nowMs = START_MS
  readonly #given: GivenMeeting
  readonly #group = random(16)
  readonly #baseKey = random(32)
  readonly #seeds: Uint8Array[]
  readonly #pseudonyms: string[]
  readonly #keys = new Map<bigint, Promise<SframeKey>>()

  constructor(given: GivenMeeting) {
    this.#given = given
    this.#seeds = given.names.map(() => random(32))
    this.#pseudonyms = given.names.map(() => encodeBase64url(random(16)))
    const limits = { flushMs: 1e6 }
    const options = { store: this.store, sha256: nativeSha256, now: () => this.nowMs, limits }
    this.writer = startRecording(options, this.recording)
  }

  sealings(): Event[] {
    const { sealers = [0, 1], rekeyAtUs = [] } = this.#given
    return [0, ...rekeyAtUs].flatMap((timeUs) =>
      sealers.map((sealer) => ({ timeUs, run: () => this.#seal(sealer, this.#epochAt(timeUs)) })),
    )
  }

  sendings(stream: number): Event[] {
    const given = this.#given.streams[stream] as GivenStream
    const sender = new Sender(this.writer, given, stream)
    return given.frames.map(({ timeUs, data }, count) => ({
      timeUs: timeUs + (given.delayUs?.(timeUs) ?? 20_000),
      run: async () => {
        const epoch = this.#epochAt(timeUs)
        const key = await this.#keyOf(encodeKid({ leaf: given.leaf, stream, epoch }))
        const { codec, kind } = sender
        const frame = await sealFrame(key, BigInt(count), { codec, kind, data })
        if (!frame.ok) throw new Error(frame.code)
        sender.send(frame.data, timeUs, count)
      },
    }))
  }

  #epochAt(timeUs: number): number {
    return FIRST_EPOCH + (this.#given.rekeyAtUs ?? []).filter((at) => at <= timeUs).length
  }

  #keyOf(kid: bigint): Promise<SframeKey> {
    const key = this.#keys.get(kid) ?? deriveKeys(MEETING_SUITE, kid, this.#baseKey, 'seal')
    this.#keys.set(kid, key)
    return key
  }

  async #seal(sealer: number, epoch: number): Promise<void> {
    const { publicKey, onContent, onEnvelope } = this.#given
    const plain = this.#contentOf(sealer, epoch)
    const group = this.#group
    const sign = async (data: Uint8Array) =>
      ed25519.sign(signedBytes('recording envelope', group, data), this.#seeds[sealer] as Uint8Array)
    const made = await sealEnvelopes(publicKey, onContent?.(plain) ?? plain, sign)
    for (const [part, bytes] of made.entries()) {
      const sealed = onEnvelope ? onEnvelope(bytes, { epoch, sealer }) : bytes
      if (!sealed) continue
      this.writer.envelope({ peer: `peer${sealer}`, group: encodeBase64url(group), epoch, part, sealed })
    }
  }

  #contentOf(sealer: number, epoch: number): EnvelopeContent {
    const { names, streams, sealers = [0, 1], declining = [] } = this.#given
    const roster = names.map((name, leaf) => {
      const signatureKey = ed25519.getPublicKey(this.#seeds[leaf] as Uint8Array)
      return { leaf, name, pseudonym: this.#pseudonyms[leaf] as string, signatureKey }
    })
    const keys = streams.flatMap(({ leaf, source }, stream) => {
      if (declining.includes(leaf)) return []
      const derived = deriveStreamKey(this.#baseKey, { leaf, stream, epoch })
      return [{ ...derived, ...formOf(source), source, producer: `p${stream}` }]
    })
    const key = roster[sealer]?.signatureKey as Uint8Array
    const signature = ed25519.sign(signedBytes('host', this.#group, key), this.room.seed)
    const hosts = sealer === sealers[0] ? [{ key, signerKey: this.room.publicKey, signature }] : []
    return { recording: this.recording, group: this.#group, epoch, sealer, hosts, roster, keys }
  }
}

function formOf(source: GivenStream['source']) {
  if (source === 'microphone') return { kind: 'audio', codec: 'opus' } as const
  return { kind: 'video', codec: 'vp8' } as const
}

class Sender {
  readonly kind: 'audio' | 'video'
  readonly codec: 'opus' | 'vp8'
  readonly #writer: RecordingWriter
  readonly #given: GivenStream
  readonly #index: number
  readonly #rate: number
  readonly #ids: { payloadType: number; ssrc: number }
  #sequence = 65_000
  #reportedUs = Number.NEGATIVE_INFINITY

  constructor(writer: RecordingWriter, given: GivenStream, stream: number) {
    const { kind, codec } = formOf(given.source)
    this.kind = kind
    this.codec = codec
    this.#writer = writer
    this.#given = given
    this.#rate = kind === 'audio' ? 48_000 : 90_000
    this.#ids = { payloadType: 100 + (stream % 20), ssrc: 1000 + stream }
    const form = {
      mimeType: kind === 'audio' ? 'audio/opus' : 'video/VP8',
      channels: kind === 'audio' ? 2 : 1,
    }
    const names = { peer: `peer${given.leaf}`, producer: `p${stream}`, detail: '' }
    this.#index = writer.openStream({ ...names, ...form, ...this.#ids, kind, clockRate: this.#rate }) ?? 0
  }

  send(frame: Uint8Array, timeUs: number, count: number): void {
    const payloads = this.kind === 'audio' ? [frame] : packetizeVp8(frame, count & 0x7fff, MTU)
    const timestamp = this.#rtpTime(timeUs)
    for (const [i, payload] of payloads.entries()) {
      this.#sequence = (this.#sequence + 1) & 0xffff
      const head = { ...this.#ids, sequence: this.#sequence, timestamp, marker: i === payloads.length - 1 }
      this.#writer.rtp(this.#index, encodeRtp({ ...head, payload }))
    }
    const { reports } = this.#given
    if (!reports || timeUs - this.#reportedUs < 1e6) return
    this.#reportedUs = timeUs
    const wallMs = START_MS + timeUs / 1000 + reports.aheadMs
    const report = { ssrc: this.#ids.ssrc, wallMs, timestamp, packets: count, payloadBytes: count }
    this.#writer.rtcp(this.#index, encodeSenderReport(report))
  }

  /** Begins shortly before it goes round. */
  #rtpTime(timeUs: number): number {
    const speed = 1 + (this.#given.driftPpm ?? 0) / 1e6
    return (4_294_900_000 + Math.round((timeUs / 1e6) * this.#rate * speed)) % 2 ** 32
  }
}
