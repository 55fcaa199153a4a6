/**
 * One call's way for sound: its port, and what both sides agreed upon, by their offer or by ours (RFC 3264), anew with
 * each re-INVITE. Owns the port and closes it.
 */
import { randomBytes, randomInt } from 'node:crypto'
import type { SrtpPolicy } from '../sdp/negotiate.ts'
import { agree, writeAnswer } from '../sdp/negotiate.ts'
import type { AudioOffer } from '../sdp/read-offer.ts'
import { readOffer } from '../sdp/read-offer.ts'
import { offersSrtp, readAnswer, writeOffer } from '../sdp/write-offer.ts'
import { CallMedia } from './call-media.ts'
import type { MediaPort } from './media-port.ts'
import { MASTER_BYTES } from './srtp.ts'

/** Whether the caller wants to hear us, and speaks; without both it is on hold. */
export interface Direction {
  sends: boolean
  receives: boolean
}

export interface ChannelOptions {
  srtp: SrtpPolicy
  /** Our address, as the trunk reaches it. */
  address: string
  /** Where the call's signalling comes from. */
  signalling: string
  /** Null: there is none free. */
  openPort(): Promise<MediaPort | null>
  onKey(key: string): void
  use(media: CallMedia, direction: Direction): void
}

const REPORT_MS = 5_000

/** SDP to send; or nothing in common, or no room. */
export type Exchanged = { t: 'sdp'; sdp: Uint8Array } | { t: 'nothing-in-common' } | { t: 'no-room' }

export class CallChannel {
  readonly #options: ChannelOptions
  readonly #session = randomInt(2 ** 31)
  /** In reports; for this call alone. */
  readonly #cname = randomBytes(12).toString('base64url')
  #media: CallMedia | null = null
  #reportAt = 0
  #version = 0
  #port: MediaPort | null = null
  /** Ours waits for an answer; `ours`: the SRTP key that it names. */
  #offered: { ours: Uint8Array | null } | null = null
  #closed = false

  constructor(options: ChannelOptions) {
    this.#options = options
  }

  /** Before anything was agreed upon a refusal ends the call. */
  get isNew(): boolean {
    return this.#version === 0
  }

  /** Their offer; an empty one: ours is to be made. */
  async exchange(sdp: Uint8Array): Promise<Exchanged> {
    const theirs = sdp.length === 0 ? null : readOffer(sdp)
    const agreed = theirs && agree(theirs, this.#options.srtp)
    if (sdp.length > 0 && !agreed) return { t: 'nothing-in-common' }
    const port = await this.#open()
    if (!port) return { t: 'no-room' }
    this.#version += 1
    const place = { address: this.#options.address, port: port.port }
    const about = { ...place, session: this.#session, version: this.#version }
    if (!theirs || !agreed) {
      const ours = offersSrtp(this.#options.srtp) ? randomBytes(MASTER_BYTES) : null
      this.#offered = { ours }
      return { t: 'sdp', sdp: writeOffer({ ...about, ours }) }
    }
    this.#offered = null
    const ours = agreed.srtp && randomBytes(MASTER_BYTES)
    this.#begin(theirs, agreed, ours)
    return { t: 'sdp', sdp: writeAnswer({ offer: theirs, agreed, ours, ...about }) }
  }

  /** What came with the ACK. False: our offer has no answer in it, and the call cannot stand. */
  confirm(sdp: Uint8Array): boolean {
    const offered = this.#offered
    if (!offered) return true
    this.#offered = null
    const theirs = readOffer(sdp)
    const agreed = theirs && readAnswer(theirs, this.#options.srtp)
    if (!theirs || !agreed) return false
    this.#begin(theirs, agreed, offered.ours)
    return true
  }

  send(packet: Uint8Array): void {
    this.#port?.send(packet)
  }

  /** Sends a report when one is due: every five seconds or so, never many calls' at once (RFC 3550 §6.2). */
  tick(now: number): void {
    if (!this.#media || now < this.#reportAt) return
    if (this.#reportAt > 0) this.#port?.report(this.#media.report())
    this.#reportAt = now + REPORT_MS * (0.5 + randomInt(1000) / 1000)
  }

  close(): void {
    this.#closed = true
    this.#port?.close()
    this.#port = null
  }

  #begin(theirs: AudioOffer, agreed: NonNullable<ReturnType<typeof agree>>, ours: Uint8Array | null): void {
    const media = new CallMedia({
      agreed,
      ours,
      ssrc: randomInt(2 ** 32),
      sequence: randomInt(2 ** 15),
      timestamp: randomInt(2 ** 32),
      cname: this.#cname,
    })
    const port = this.#port
    if (!port) return
    const { address, reportPort } = theirs
    port.aim({ address, port: theirs.port }, this.#options.signalling, reportPort)
    port.onReport = (bytes) => media.reported(bytes)
    this.#media = media
    port.onPacket = (bytes) => {
      const heard = media.receive(bytes)
      if (heard?.key) this.#options.onKey(heard.key)
      return heard !== null
    }
    this.#options.use(media, { sends: theirs.sends, receives: theirs.receives })
  }

  async #open(): Promise<MediaPort | null> {
    if (this.#port) return this.#port
    const port = await this.#options.openPort()
    if (this.#closed) port?.close()
    else this.#port = port
    return this.#port
  }
}
