/**
 * One call's sound as packets: RTP in and out of frames, in order, without holes, at one level; keys as events; reports.
 * Pure but for the clock: packets and frames enter and leave, sockets are elsewhere. Malformed packets are passed over.
 */
import type { RtpPacket } from '@huisclos/rtp'
import { decodeRtp, encodeRtp } from '@huisclos/rtp'
import { LevelControl } from '../audio/level-control.ts'
import type { VoiceCodec } from '../audio/voice-codec.ts'
import { makeCodec } from '../audio/voice-codec.ts'
import type { Agreed } from '../sdp/negotiate.ts'
import type { ReportClock } from './call-reports.ts'
import { CallReports } from './call-reports.ts'
import { DtmfEvents } from './dtmf-events.ts'
import { Playout } from './playout.ts'
import { SrtpContext } from './srtp.ts'

export interface CallMediaOptions {
  agreed: Agreed
  /** Our SRTP master key, where SRTP was agreed. */
  ours: Uint8Array | null
  /** Random starting points (RFC 3550 §5.1). */
  ssrc: number
  sequence: number
  timestamp: number
  /** Our name in reports: random, and nobody's. */
  cname?: string
  clock?: ReportClock
}

const systemClock: ReportClock = { now: () => performance.now(), wall: () => Date.now() }

const MAX_PACKET_BYTES = 2048

export class CallMedia {
  heard = 0
  readonly #agreed: Agreed
  readonly #codec: VoiceCodec
  readonly #incoming: SrtpContext | null
  readonly #outgoing: SrtpContext | null
  readonly #playout: Playout
  readonly #events = new DtmfEvents()
  readonly #level = new LevelControl()
  readonly #next: { ssrc: number; sequence: number; timestamp: number }
  readonly #reports: CallReports
  #first = true

  constructor({ agreed, ours, cname = 'huisclos', clock = systemClock, ...next }: CallMediaOptions) {
    this.#agreed = agreed
    this.#codec = makeCodec(agreed.codec)
    this.#playout = new Playout(this.#codec)
    this.#incoming = agreed.srtp ? new SrtpContext(agreed.srtp.theirs) : null
    this.#outgoing = agreed.srtp && ours ? new SrtpContext(ours) : null
    if (agreed.srtp && !this.#outgoing) throw new Error('SRTP without a key of ours')
    this.#next = next
    const clockRate = agreed.codec === 'opus' ? 48_000 : 8000
    const keys = agreed.srtp && ours && { theirs: agreed.srtp.theirs, ours }
    this.#reports = new CallReports({ ssrc: next.ssrc, clockRate, cname, keys, clock })
  }

  /** Null: not of this call, whoever sent it. `key`: a key was pressed. */
  receive(bytes: Uint8Array): { key: string | null } | null {
    if (bytes.length > MAX_PACKET_BYTES) return null
    const clear = this.#incoming ? this.#incoming.unprotect(bytes) : bytes
    const packet = clear && decodeRtp(clear)
    if (!packet) return null
    if (packet.payloadType === this.#agreed.eventType) {
      this.#count(packet)
      // It takes a number among the others, and no time.
      this.#playout.push({ sequence: packet.sequence, payload: null })
      return { key: this.#events.push(packet.timestamp, packet.payload) }
    }
    if (packet.payloadType !== this.#agreed.payloadType) return null
    this.#count(packet)
    this.#playout.push({ sequence: packet.sequence, payload: Uint8Array.from(packet.payload) })
    return { key: null }
  }

  /** What came on the way for reports. */
  reported(bytes: Uint8Array): void {
    this.#reports.heard(bytes)
  }

  /** Our report, as it is to be sent now. */
  report(): Uint8Array {
    return this.#reports.compound()
  }

  /** The caller's next 20 ms; silence where there is none. */
  frame(): Int16Array {
    return this.#level.frame(this.#playout.frame())
  }

  /** Our next 20 ms as a packet. */
  packet(frame: Int16Array): Uint8Array {
    const { ssrc, sequence, timestamp } = this.#next
    const payload = this.#codec.encode(frame)
    const packet: RtpPacket = {
      payloadType: this.#agreed.payloadType,
      sequence,
      timestamp,
      ssrc,
      marker: this.#first,
      payload,
    }
    this.#first = false
    this.#reports.sent(packet)
    this.#next.sequence = (sequence + 1) & 0xffff
    this.#next.timestamp = (timestamp + this.#codec.timestampStep) >>> 0
    const clear = encodeRtp(packet)
    return this.#outgoing ? this.#outgoing.protect(clear) : clear
  }

  #count(packet: RtpPacket): void {
    this.heard += 1
    this.#reports.received(packet)
  }
}
