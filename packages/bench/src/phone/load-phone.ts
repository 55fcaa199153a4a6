/**
 * One telephone of the load: calls, enters the PIN by RTP events, sends 50 packets of PCMU a second made beforehand, and
 * keeps what comes with the moment at which it came. Decodes nothing while it runs. Loopback alone: it repeats no request.
 */
import type { Socket } from 'node:dgram'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { decodeRtp, encodeRtp } from '@huisclos/rtp'
import { monotonicMs } from './monotonic.ts'
import type { SpokenLoop } from './spoken-loop.ts'

const FRAME_SAMPLES = 160
const EVENT_TYPE = 101
const KEYS = '0123456789*#'
/** An event as long as 200 ms, in three packets. */
const KEY_PACKETS = 10
const HOST = '127.0.0.1'

export interface HeardByPhone {
  chirpsSentMs: number[]
  atMs: number[]
  sequence: number[]
  payloads: Uint8Array[]
  /** Packets sent while it kept what came. */
  sent: number
}

const nothing = (): HeardByPhone => ({ chirpsSentMs: [], atMs: [], sequence: [], payloads: [], sent: 0 })

export interface Dialled {
  /** Of the bridge's SIP, UDP. */
  port: number
  number: string
}

export class LoadPhone {
  status = 0
  hungUp = false
  loop: SpokenLoop
  readonly #dialled: Dialled
  readonly #sip: Socket = createSocket('udp4')
  readonly #rtp: Socket = createSocket({ type: 'udp4', recvBufferSize: 2 ** 19 })
  #theirPort = 0
  #packets = 0
  #sequence = 0
  #to: string
  #heard: HeardByPhone | null = null

  constructor(dialled: Dialled, loop: SpokenLoop) {
    this.#dialled = dialled
    this.loop = loop
    this.#to = `<sip:bridge@${HOST}:${dialled.port}>`
  }

  /** Resolves when the call stands. @throws Error with the status of a refusal */
  async call(): Promise<void> {
    for (const socket of [this.#sip, this.#rtp]) {
      socket.bind(0, HOST)
      await once(socket, 'listening')
    }
    this.#rtp.on('message', (bytes) => this.#listen(bytes))
    const rtp = this.#rtp.address().port
    const sdp = `v=0\r\no=- 1 1 IN IP4 ${HOST}\r\ns=-\r\nc=IN IP4 ${HOST}\r\nt=0 0\r\nm=audio ${rtp} RTP/AVP 0 ${EVENT_TYPE}\r\na=rtpmap:${EVENT_TYPE} telephone-event/8000\r\n`
    const answered = new Promise<void>((resolve, reject) =>
      this.#sip.on('message', (bytes) => {
        if (!this.#handle(bytes.toString('latin1'))) return
        if (this.status === 200) resolve()
        else reject(new Error(`the bridge answered a call with ${this.status}`))
      }),
    )
    this.#request('INVITE', sdp)
    await answered
  }

  /** Presses keys as RTP events, as its next packets. */
  press(keys: string): void {
    for (const key of keys) {
      const timestamp = this.#packets * FRAME_SAMPLES
      for (const end of [0, 0, 0x80])
        this.#sendRtp(EVENT_TYPE, timestamp, Uint8Array.of(KEYS.indexOf(key), end, 6, 0x40))
      this.#packets += KEY_PACKETS
    }
  }

  /** Its next 20 ms. */
  sendFrame(): void {
    const { frames, chirpEvery } = this.loop
    const turn = this.#packets % frames.length
    const payload = frames[turn] as Uint8Array
    if (this.#heard && turn % chirpEvery === 0) this.#heard.chirpsSentMs.push(monotonicMs())
    this.#sendRtp(0, this.#packets * FRAME_SAMPLES, payload)
    this.#packets += 1
    if (this.#heard) this.#heard.sent += 1
  }

  /** Keeps what comes from now on. */
  keep(): void {
    this.#heard = nothing()
  }

  /** What came since; keeps no more. */
  kept(): HeardByPhone {
    const heard = this.#heard ?? nothing()
    this.#heard = null
    return heard
  }

  /** Hangs up. */
  close(): void {
    if (this.status === 200 && !this.hungUp) this.#request('BYE', '')
    this.#rtp.close()
    setImmediate(() => this.#sip.close())
  }

  #sendRtp(payloadType: number, timestamp: number, payload: Uint8Array): void {
    this.#sequence = (this.#sequence + 1) & 0xffff
    const packet = { payloadType, sequence: this.#sequence, timestamp, ssrc: 7, marker: false, payload }
    this.#rtp.send(encodeRtp(packet), this.#theirPort, HOST)
  }

  #listen(bytes: Uint8Array): void {
    if (!this.#heard) return
    const packet = decodeRtp(bytes)
    if (packet?.payloadType !== 0) return
    this.#heard.atMs.push(monotonicMs())
    this.#heard.sequence.push(packet.sequence)
    this.#heard.payloads.push(Uint8Array.from(packet.payload))
  }

  /** Whether the INVITE got its final answer with this message. */
  #handle(text: string): boolean {
    if (text.startsWith('BYE')) {
      this.hungUp = true
      const echoed = text.split('\r\n').filter((line) => /^(via|from|to|call-id|cseq):/i.test(line))
      this.#sip.send(`SIP/2.0 200 OK\r\n${echoed.join('\r\n')}\r\n\r\n`, this.#dialled.port, HOST)
      return false
    }
    const status = Number(/^SIP\/2\.0 (\d{3})/.exec(text)?.[1] ?? 0)
    if (status < 200 || !/^cseq: *\d+ INVITE/im.test(text)) return false
    this.status = status
    this.#to = /^to: *(.+?)\r/im.exec(text)?.[1] ?? this.#to
    this.#theirPort = Number(/m=audio (\d+)/.exec(text)?.[1] ?? 0)
    this.#request('ACK', '')
    return true
  }

  #request(method: 'INVITE' | 'ACK' | 'BYE', body: string): void {
    const { port, number } = this.#dialled
    const id = number.replace('+', '')
    const own = this.#sip.address().port
    const lines = [
      `${method} sip:bridge@${HOST}:${port} SIP/2.0`,
      `Via: SIP/2.0/UDP ${HOST}:${own};branch=z9hG4bK${id}${method};rport`,
      `From: <sip:${number}@${HOST}>;tag=${id}`,
      `To: ${this.#to}`,
      `Call-ID: ${id}@load`,
      `CSeq: ${method === 'BYE' ? 2 : 1} ${method}`,
      `Contact: <sip:${number}@${HOST}:${own}>`,
      'Max-Forwards: 70',
      ...(body ? ['Content-Type: application/sdp'] : []),
      `Content-Length: ${body.length}`,
      '',
      body,
    ]
    this.#sip.send(lines.join('\r\n'), port, HOST)
  }
}
