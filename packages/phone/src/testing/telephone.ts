/**
 * For tests: a telephone with nothing but what a call needs, over UDP, PCMU. Sends a tone and keys, keeps what it hears.
 */
import type { Socket } from 'node:dgram'
import { createSocket } from 'node:dgram'
import { decodeRtp, encodeRtp } from '@huisclos/rtp'
import { decodeG711, encodeG711 } from '../audio/g711.ts'
import { decodeSip } from '../sip/decode-sip.ts'
import { encodeSip } from '../sip/encode-sip.ts'
import type { SipMessage, SipRequest } from '../sip/sip-message.ts'
import { header } from '../sip/sip-message.ts'
import { toneAmplitude } from './tone.ts'

const RATE = 8000
const FRAME = 160
const EVENT_TYPE = 101
const KEYS = '0123456789*#'

const bound = (socket: Socket) =>
  new Promise<number>((resolve) => socket.bind(0, '127.0.0.1', () => resolve(socket.address().port)))

export class Telephone {
  /** At 8 kHz. */
  heard: number[] = []
  readonly statuses: number[] = []
  hungUp = false
  tone = 0
  readonly #sip = createSocket('udp4')
  readonly #rtp = createSocket('udp4')
  readonly #bridgePort: number
  readonly #name: string
  #ports = { sip: 0, rtp: 0, theirs: 0 }
  #to = ''
  #sequence = 1
  #packets = 0
  #timer: NodeJS.Timeout | null = null

  constructor(bridgePort: number, name: string) {
    this.#bridgePort = bridgePort
    this.#name = name
  }

  /** Resolves when the call stands or was refused. */
  async call(): Promise<number> {
    const [sip, rtp] = [await bound(this.#sip), await bound(this.#rtp)]
    this.#ports = { sip, rtp, theirs: 0 }
    this.#rtp.on('message', (bytes) => this.#listen(bytes))
    const status = new Promise<number>((resolve) =>
      this.#sip.on('message', (bytes) => {
        const message = decodeSip(bytes)
        if (message) this.#handle(message, resolve)
      }),
    )
    const sdp = `v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio ${rtp} RTP/AVP 0 ${EVENT_TYPE}\r\na=rtpmap:${EVENT_TYPE} telephone-event/8000\r\n`
    this.#request('INVITE', sdp)
    return status
  }

  /** Speaks from now on: `tone` in Hz, 0 is silence. */
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
      for (const end of [0, 0, 0x80]) {
        const payload = Uint8Array.of(KEYS.indexOf(key), end, 3, 0x20)
        this.#sendRtp(EVENT_TYPE, timestamp, payload)
      }
      await new Promise((resolve) => setTimeout(resolve, 30))
    }
  }

  hangUp(): void {
    this.#sequence += 1
    this.#request('BYE', '')
  }

  close(): void {
    if (this.#timer) clearInterval(this.#timer)
    this.#sip.close()
    this.#rtp.close()
  }

  /** Amplitude of one frequency in the last `seconds` heard. */
  hears(hertz: number, seconds: number): number {
    return toneAmplitude(this.heard.slice(-RATE * seconds), hertz, RATE)
  }

  #handle(message: SipMessage, answered: (status: number) => void): void {
    if (message.kind === 'request') {
      this.hungUp ||= message.method === 'BYE'
      const echoed = message.headers.filter(({ name }) =>
        ['via', 'from', 'to', 'call-id', 'cseq'].includes(name),
      )
      this.#send({ kind: 'response', status: 200, reason: 'OK', headers: echoed, body: new Uint8Array() })
      return
    }
    this.statuses.push(message.status)
    if (message.status < 200 || !header(message, 'cseq')?.endsWith('INVITE')) return
    this.#to = header(message, 'to') ?? ''
    const port = /m=audio (\d+)/.exec(Buffer.from(message.body).toString())?.[1]
    this.#ports.theirs = Number(port ?? 0)
    this.#request('ACK', '')
    answered(message.status)
  }

  #request(method: string, body: string): void {
    const uri = `sip:bridge@127.0.0.1:${this.#bridgePort}`
    const branch = `z9hG4bK${this.#name.replace('+', '')}${this.#sequence}${method}`
    const values: Record<string, string> = {
      via: `SIP/2.0/UDP 127.0.0.1:${this.#ports.sip};branch=${branch};rport`,
      from: `<sip:${this.#name}@127.0.0.1>;tag=${this.#name.replace('+', '')}`,
      to: this.#to || `<${uri}>`,
      'call-id': `${this.#name}@test`,
      cseq: `${this.#sequence} ${method}`,
      contact: `<sip:${this.#name}@127.0.0.1:${this.#ports.sip}>`,
      ...(body ? { 'content-type': 'application/sdp' } : {}),
    }
    const headers = Object.entries(values).map(([name, value]) => ({ name, value }))
    const request: SipRequest = {
      kind: 'request',
      method,
      uri,
      headers,
      body: Buffer.from(body),
      fault: null,
    }
    this.#send(request)
  }

  #send(message: SipMessage): void {
    this.#sip.send(encodeSip(message), this.#bridgePort, '127.0.0.1')
  }

  #sendFrame(): void {
    const from = this.#packets * FRAME
    const samples = Int16Array.from({ length: FRAME }, (_, i) =>
      this.tone === 0 ? 0 : Math.round(4000 * Math.sin((2 * Math.PI * this.tone * (from + i)) / RATE)),
    )
    this.#sendRtp(0, from, encodeG711('ulaw', samples))
    this.#packets += 1
  }

  #rtpSequence = 0
  #sendRtp(payloadType: number, timestamp: number, payload: Uint8Array): void {
    this.#rtpSequence = (this.#rtpSequence + 1) & 0xffff
    const packet = { payloadType, sequence: this.#rtpSequence, timestamp, ssrc: 7, marker: false, payload }
    this.#rtp.send(encodeRtp(packet), this.#ports.theirs, '127.0.0.1')
  }

  #listen(bytes: Uint8Array): void {
    const packet = decodeRtp(bytes)
    if (packet?.payloadType === 0) this.heard.push(...decodeG711('ulaw', packet.payload))
  }
}
