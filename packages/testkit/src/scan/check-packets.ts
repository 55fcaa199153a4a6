/**
 * Judges recorded RTP packets (SEE1, FRM1): only listed header extensions, no known text, no window of a plaintext frame,
 * and payloads that put together are clear bytes, an SFrame header and ciphertext with its tag, and nothing else.
 */
import { clearBytesOf, decodeHeader, decodeKid } from '@huisclos/crypto/sframe'
import type { Defect } from './check-wire.ts'
import type { NeedleSearch } from './needles.ts'
import type { PlaintextWindows } from './plaintext-windows.ts'
import { readPacket, vp8Part } from './rtp.ts'

export interface TappedStream {
  readonly codec: 'opus' | 'vp8'
  /** Uris of the header extensions that were agreed on, by id. */
  readonly extensions: ReadonlyMap<number, string>
}

/** Routing and congestion control; the audio level, which shows who speaks, is not among them (SEE1). */
const ALLOWED_EXTENSIONS: ReadonlySet<string> = new Set([
  'urn:ietf:params:rtp-hdrext:sdes:mid',
  'urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id',
  'urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id',
  'http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time',
  'http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01',
  'urn:3gpp:video-orientation',
  'urn:ietf:params:rtp-hdrext:toffset',
])
const TAG_BYTES = 16

interface UnderWay {
  next: number
  timestamp: number
  parts: Uint8Array[]
}

export class PacketJudge {
  readonly defects: Defect[] = []
  packets = 0
  frames = 0
  /** Leaf and stream of each KID seen, as "2/0". */
  readonly senders = new Set<string>()
  readonly #counters = new Set<string>()
  readonly #search: NeedleSearch
  readonly #windows: PlaintextWindows
  readonly #pictures = new Map<number, UnderWay>()

  constructor(search: NeedleSearch, windows: PlaintextWindows) {
    this.#search = search
    this.#windows = windows
  }

  packet(stream: TappedStream, bytes: Uint8Array): void {
    this.packets++
    const packet = readPacket(bytes)
    if (!packet) {
      this.#defect(stream, 'no RTP packet')
      return
    }
    for (const what of this.#search.find(bytes)) this.#defect(stream, what)
    if (this.#windows.isIn(packet.payload)) this.#defect(stream, 'sixteen bytes of a frame in clear')
    for (const id of packet.extensions) {
      const uri = stream.extensions.get(id)
      if (!uri || !ALLOWED_EXTENSIONS.has(uri)) this.#defect(stream, `the header extension ${uri ?? id}`)
    }
    if (packet.padding.subarray(0, -1).some((byte) => byte !== 0))
      this.#defect(stream, 'padding that is not zeros')
    if (packet.payload.length === 0) return
    if (stream.codec === 'opus') this.#frame(stream, packet.payload)
    else this.#picture(stream, packet)
  }

  /** Frames of which a packet is missing are left out: those before and after it are judged. */
  #picture(stream: TappedStream, packet: NonNullable<ReturnType<typeof readPacket>>): void {
    const part = vp8Part(packet.payload)
    if (!part) {
      this.#defect(stream, 'no VP8 payload')
      return
    }
    const { ssrc, sequence, timestamp } = packet
    let way = this.#pictures.get(ssrc)
    if (part.start) way = { next: sequence, timestamp, parts: [] }
    if (!way || way.next !== sequence || way.timestamp !== timestamp) {
      this.#pictures.delete(ssrc)
      return
    }
    way.parts.push(part.data)
    way.next = (sequence + 1) & 0xffff
    this.#pictures.set(ssrc, way)
    if (!packet.marker) return
    this.#pictures.delete(ssrc)
    this.#frame(stream, Buffer.concat(way.parts))
  }

  #frame(stream: TappedStream, frame: Uint8Array): void {
    this.frames++
    const clear = clearBytesOf(stream.codec, frame)
    const header = clear === undefined ? undefined : decodeHeader(frame.subarray(clear))
    if (clear === undefined || !header?.ok) {
      this.#defect(stream, 'a frame without an SFrame header')
      return
    }
    const kid = decodeKid(header.kid)
    if (!kid.ok) {
      this.#defect(stream, 'a KID that none of us writes')
      return
    }
    if (frame.length < clear + header.sizeBytes + TAG_BYTES) {
      this.#defect(stream, 'a frame without a tag')
      return
    }
    const nonce = `${header.kid} ${header.ctr}`
    if (this.#counters.has(nonce)) this.#defect(stream, 'a counter that was used before')
    this.#counters.add(nonce)
    this.senders.add(`${kid.leaf}/${kid.stream}`)
  }

  #defect({ codec }: TappedStream, what: string): void {
    this.defects.push({ where: `packet of ${codec}`, what })
  }
}
