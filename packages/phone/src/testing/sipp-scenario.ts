/** For tests: what SIPp is told to do in a call: INVITE, keys in SIP INFO, pauses, BYE. */

const head = (
  method: string,
  number: string,
  more: string,
) => `${method} sip:meeting@[remote_ip]:[remote_port] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch];rport
From: <sip:${number}@[local_ip]:[local_port]>;tag=[pid]SIPp[call_number]
To: <sip:meeting@[remote_ip]:[remote_port]>[peer_tag_param]
Call-ID: [call_id]
CSeq: [cseq] ${method}
Contact: <sip:${number}@[local_ip]:[local_port]>
Max-Forwards: 70
${more}`

const sdpOf = (mediaPort: number) => `Content-Type: application/sdp
Content-Length: [len]

v=0
o=- 1 1 IN IP4 [local_ip]
s=-
c=IN IP4 [local_ip]
t=0 0
m=audio ${mediaPort} RTP/AVP 0
a=rtpmap:0 PCMU/8000
`

const ANSWER = `SIP/2.0 200 OK
[last_Via:]
[last_From:]
[last_To:]
[last_Call-ID:]
[last_CSeq:]
Content-Length: 0
`
const NOTHING = 'Content-Length: 0\n'
const send = (text: string, again = true): string =>
  `<send${again ? ' retrans="500"' : ''}><![CDATA[\n${text}\n]]></send>`
const expected = '<recv response="200"/>'

/** Its steps in order; `number` is SIPp's to fill in where it names a keyword. */
export class SippCall {
  readonly #number: string
  readonly #steps: string[] = []

  /** `late`: the INVITE has no offer, the ACK answers the other side's. */
  constructor(number: string, mediaPort: number, { late = false } = {}) {
    this.#number = number
    const sdp = sdpOf(mediaPort)
    this.#add(send(head('INVITE', number, late ? NOTHING : sdp)))
    this.#add('<recv response="100" optional="true"/>')
    this.#add(expected)
    this.#add(send(head('ACK', number, late ? sdp : NOTHING), false))
  }

  pause(ms: number): this {
    return this.#add(`<pause milliseconds="${ms}"/>`)
  }

  press(keys: string): this {
    for (const key of keys) {
      const relay = `Signal=${key}\nDuration=160\n`
      const more = `Content-Type: application/dtmf-relay\nContent-Length: [len]\n\n${relay}`
      this.#add(send(head('INFO', this.#number, more))).#add(expected)
    }
    return this
  }

  hangUp(): this {
    return this.#add(send(head('BYE', this.#number, NOTHING))).#add(expected)
  }

  /** Waits until the other side does. */
  isHungUpOn(): this {
    return this.#add('<recv request="BYE"/>').#add(send(ANSWER, false))
  }

  /** SIPp's own form. */
  get text(): string {
    const steps = this.#steps.join('\n')
    return `<?xml version="1.0" encoding="UTF-8"?>\n<scenario name="call">\n${steps}\n</scenario>\n`
  }

  #add(step: string): this {
    this.#steps.push(step)
    return this
  }
}
