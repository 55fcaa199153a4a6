/** For tests: a telephone with nothing but what a call needs, over UDP, PCMU. Sends a tone and keys, keeps what it hears. */
import type { Socket } from 'node:dgram'
import { createSocket } from 'node:dgram'
import { decodeSip } from '../sip/decode-sip.ts'
import { encodeSip } from '../sip/encode-sip.ts'
import type { SipMessage, SipRequest } from '../sip/sip-message.ts'
import { header } from '../sip/sip-message.ts'
import { EVENT_TYPE, RtpVoice } from './rtp-voice.ts'

const bound = (socket: Socket) =>
  new Promise<number>((resolve) => socket.bind(0, '127.0.0.1', () => resolve(socket.address().port)))

export class Telephone {
  readonly statuses: number[] = []
  hungUp = false
  tone = 0
  readonly #sip = createSocket('udp4')
  readonly #bridgePort: number
  readonly #name: string
  #voice: RtpVoice | null = null
  #port = 0
  #to = ''
  #sequence = 1

  constructor(bridgePort: number, name: string) {
    this.#bridgePort = bridgePort
    this.#name = name
  }

  /** At 8 kHz. */
  get heard(): number[] {
    return this.#voice?.heard ?? []
  }

  /** Resolves when the call stands or was refused. */
  async call(): Promise<number> {
    this.#port = await bound(this.#sip)
    this.#voice = await RtpVoice.open()
    const status = new Promise<number>((resolve) =>
      this.#sip.on('message', (bytes) => {
        const message = decodeSip(bytes)
        if (message) this.#handle(message, resolve)
      }),
    )
    this.#request('INVITE', offerOf(this.#voice.port))
    return status
  }

  /** Speaks from now on: `tone` in Hz, 0 is silence. */
  speak(): void {
    if (!this.#voice) return
    this.#voice.tone = this.tone
    this.#voice.speak()
  }

  /** Presses keys as RTP events, three packets each. */
  async press(keys: string): Promise<void> {
    await this.#voice?.press(keys)
  }

  hangUp(): void {
    this.#sequence += 1
    this.#request('BYE', '')
  }

  close(): void {
    this.#sip.close()
    this.#voice?.close()
  }

  /** Amplitude of one frequency in the last `seconds` heard. */
  hears(hertz: number, seconds: number): number {
    return this.#voice?.hears(hertz, seconds) ?? 0
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
    this.#voice?.aim(Number(/m=audio (\d+)/.exec(Buffer.from(message.body).toString())?.[1] ?? 0))
    this.#request('ACK', '')
    answered(message.status)
  }

  #request(method: string, body: string): void {
    const uri = `sip:bridge@127.0.0.1:${this.#bridgePort}`
    const branch = `z9hG4bK${this.#name.replace('+', '')}${this.#sequence}${method}`
    const values: Record<string, string> = {
      via: `SIP/2.0/UDP 127.0.0.1:${this.#port};branch=${branch};rport`,
      from: `<sip:${this.#name}@127.0.0.1>;tag=${this.#name.replace('+', '')}`,
      to: this.#to || `<${uri}>`,
      'call-id': `${this.#name}@test`,
      cseq: `${this.#sequence} ${method}`,
      contact: `<sip:${this.#name}@127.0.0.1:${this.#port}>`,
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
}

const offerOf = (port: number): string =>
  `v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio ${port} RTP/AVP 0 ${EVENT_TYPE}\r\na=rtpmap:${EVENT_TYPE} telephone-event/8000\r\n`
