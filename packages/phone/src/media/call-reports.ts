/**
 * One call's RTCP (RFC 3550 §6): what we sent and what came, as a compound packet for the other side, and what it says of
 * itself. Says nothing of who the caller is: its name is random. Sealed where the call's sound is.
 */
import type { RtpPacket } from '@huisclos/rtp'
import { decodeSenderReports, encodeCname, encodeReceiverReport, encodeSenderReport } from '@huisclos/rtp'
import { Reception } from './reception.ts'
import { SrtcpContext } from './srtcp.ts'

export interface ReportsOptions {
  ssrc: number
  clockRate: number
  cname: string
  /** SRTP master keys; null: plain. */
  keys: { theirs: Uint8Array; ours: Uint8Array } | null
  clock: ReportClock
}

export interface ReportClock {
  /** Milliseconds that never run backwards. */
  now(): number
  /** Unix milliseconds. */
  wall(): number
}

/** Beyond what a compound packet of one stream can be. */
const MAX_BYTES = 1500

export class CallReports {
  readonly #options: ReportsOptions
  readonly #reception: Reception
  readonly #incoming: SrtcpContext | null
  readonly #outgoing: SrtcpContext | null
  #sent: { packets: number; payloadBytes: number; timestamp: number; atMs: number } | null = null

  constructor(options: ReportsOptions) {
    this.#options = options
    this.#reception = new Reception(options.clockRate)
    this.#incoming = options.keys && new SrtcpContext(options.keys.theirs)
    this.#outgoing = options.keys && new SrtcpContext(options.keys.ours)
  }

  sent({ timestamp, payload }: Pick<RtpPacket, 'timestamp' | 'payload'>): void {
    const { packets = 0, payloadBytes = 0 } = this.#sent ?? {}
    const counted = { packets: packets + 1, payloadBytes: payloadBytes + payload.length }
    this.#sent = { ...counted, timestamp, atMs: this.#options.clock.now() }
  }

  received(packet: RtpPacket): void {
    this.#reception.packet(this.#options.clock.now(), packet)
  }

  /** What came on the way for reports; whatever is none is passed over. */
  heard(bytes: Uint8Array): void {
    if (bytes.length > MAX_BYTES) return
    const clear = this.#incoming ? this.#incoming.unprotect(bytes) : bytes
    const report = clear && decodeSenderReports(clear)[0]
    if (report) this.#reception.reported(this.#options.clock.now(), report.name)
  }

  /** Ours, as it is to be sent now. */
  compound(): Uint8Array {
    const { ssrc, cname, clock } = this.#options
    const now = clock.now()
    const block = this.#reception.block(now)
    const blocks = block ? [block] : []
    const report = this.#sent
      ? encodeSenderReport(
          { ssrc, wallMs: clock.wall(), ...this.#sent, timestamp: this.#timestampAt(now) },
          blocks,
        )
      : encodeReceiverReport(ssrc, blocks)
    const clear = Buffer.concat([report, encodeCname(ssrc, cname)])
    return this.#outgoing ? this.#outgoing.protect(clear) : clear
  }

  /** The timestamp that a frame of this moment would have (§6.4.1). */
  #timestampAt(now: number): number {
    if (!this.#sent) return 0
    const since = ((now - this.#sent.atMs) * this.#options.clockRate) / 1000
    return (this.#sent.timestamp + Math.round(since)) >>> 0
  }
}
