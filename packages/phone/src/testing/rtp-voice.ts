/** For tests: one call's sound without a telephone around it, PCMU over UDP: a tone and keys out, what comes is kept. */
import type { Socket } from 'node:dgram'
import { createSocket } from 'node:dgram'
import { decodeRtp, encodeRtp } from '@huisclos/rtp'
import { decodeG711, encodeG711 } from '../audio/g711.ts'
import { toneAmplitude } from './tone.ts'

const RATE = 8000
const FRAME = 160
export const EVENT_TYPE = 101
const KEYS = '0123456789*#'

export class RtpVoice {
  /** At 8 kHz. */
  heard: number[] = []
  /** In Hz; 0 is silence. */
  tone = 0
  readonly port: number
  readonly #socket: Socket
  #to = 0
  #sequence = 0
  #packets = 0
  #timer: NodeJS.Timeout | null = null

  private constructor(socket: Socket) {
    this.#socket = socket
    this.port = socket.address().port
    socket.on('message', (bytes, { port }) => this.#listen(bytes, port))
  }

  static async open(): Promise<RtpVoice> {
    const socket = createSocket('udp4')
    await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve))
    return new RtpVoice(socket)
  }

  /** Where to speak to; unless told, where the first packet comes from. */
  aim(port: number): void {
    this.#to = port
  }

  /** From now on. */
  speak(): void {
    const begun = performance.now()
    this.#timer = setInterval(() => {
      while (this.#packets * 20 < performance.now() - begun) this.#sendFrame()
    }, 10)
  }

  /** Presses keys as RTP events, three packets each. */
  async press(keys: string): Promise<void> {
    for (const key of keys) {
      this.#packets += 10
      const timestamp = this.#packets * FRAME
      for (const end of [0, 0, 0x80])
        this.#send(EVENT_TYPE, timestamp, Uint8Array.of(KEYS.indexOf(key), end, 3, 0x20))
      await new Promise((resolve) => setTimeout(resolve, 30))
    }
  }

  /** Amplitude of one frequency in the last `seconds` heard. */
  hears(hertz: number, seconds: number): number {
    return toneAmplitude(this.heard.slice(-RATE * seconds), hertz, RATE)
  }

  close(): void {
    if (this.#timer) clearInterval(this.#timer)
    this.#socket.close()
  }

  #sendFrame(): void {
    const from = this.#packets * FRAME
    const samples = Int16Array.from({ length: FRAME }, (_, i) =>
      this.tone === 0 ? 0 : Math.round(4000 * Math.sin((2 * Math.PI * this.tone * (from + i)) / RATE)),
    )
    this.#send(0, from, encodeG711('ulaw', samples))
    this.#packets += 1
  }

  #send(payloadType: number, timestamp: number, payload: Uint8Array): void {
    if (this.#to === 0) return
    this.#sequence = (this.#sequence + 1) & 0xffff
    const packet = { payloadType, sequence: this.#sequence, timestamp, ssrc: 7, marker: false, payload }
    this.#socket.send(encodeRtp(packet), this.#to, '127.0.0.1')
  }

  #listen(bytes: Uint8Array, from: number): void {
    if (this.#to === 0) this.#to = from
    const packet = decodeRtp(bytes)
    if (packet?.payloadType === 0) this.heard.push(...decodeG711('ulaw', packet.payload))
  }
}
