/**
 * For tests: a call by SIPp that presses its keys in SIP INFO (`application/dtmf-relay`). SIPp does the talking with the
 * bridge; the sound goes to and from a socket of ours.
 */
import type { ChildProcess } from 'node:child_process'
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { RtpVoice } from './rtp-voice.ts'

const HEAD = (method: string, more: string) => `${method} sip:meeting@[remote_ip]:[remote_port] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch];rport
From: <sip:NUMBER@[local_ip]:[local_port]>;tag=[pid]SIPp[call_number]
To: <sip:meeting@[remote_ip]:[remote_port]>[peer_tag_param]
Call-ID: [call_id]
CSeq: [cseq] ${method}
Contact: <sip:NUMBER@[local_ip]:[local_port]>
Max-Forwards: 70
${more}`

const SDP = `Content-Type: application/sdp
Content-Length: [len]

v=0
o=- 1 1 IN IP4 [local_ip]
s=-
c=IN IP4 [local_ip]
t=0 0
m=audio MEDIA RTP/AVP 0
a=rtpmap:0 PCMU/8000
`

/** Longer than a PIN takes to be looked at. */
const MOMENT_MS = 2_500

const send = (text: string, how = '') => `<send ${how}><![CDATA[\n${text}\n]]></send>`
const key = (one: string): string =>
  `${send(
    HEAD(
      'INFO',
      `Content-Type: application/dtmf-relay\nContent-Length: [len]\n\nSignal=${one}\nDuration=160\n`,
    ),
  )}<recv response="200"/>`

/** INVITE, each of the `keys` after a moment, sound for a while, BYE. */
const scenario = (keys: readonly string[], seconds: number) => `<?xml version="1.0" encoding="UTF-8"?>
<scenario name="keys in INFO">
${send(HEAD('INVITE', SDP), 'retrans="500"')}
<recv response="100" optional="true"/>
<recv response="200"/>
${send(HEAD('ACK', 'Content-Length: 0\n'))}
${keys.map((some) => `<pause milliseconds="${MOMENT_MS}"/>\n${[...some].map(key).join('\n')}`).join('\n')}
<pause milliseconds="${seconds * 1000}"/>
${send(HEAD('BYE', 'Content-Length: 0\n'), 'retrans="500"')}
<recv response="200"/>
</scenario>
`

export class InfoCaller {
  readonly voice: RtpVoice
  readonly #folder = mkdtempSync(join(tmpdir(), 'huisclos-sipp-'))
  #child: ChildProcess | null = null

  private constructor(voice: RtpVoice) {
    this.voice = voice
  }

  static async call(
    port: number,
    a: { number: string; keys: readonly string[]; seconds: number },
  ): Promise<InfoCaller> {
    const caller = new InfoCaller(await RtpVoice.open())
    const file = join(caller.#folder, 'scenario.xml')
    const text = scenario(a.keys, a.seconds).replaceAll('NUMBER', a.number)
    writeFileSync(file, text.replace('MEDIA', String(caller.voice.port)))
    const once = ['-m', '1', '-i', '127.0.0.1', '-nostdin', '-sf', file]
    caller.#child = spawn('sipp', [...once, `127.0.0.1:${port}`], { stdio: 'ignore', cwd: caller.#folder })
    return caller
  }

  /** Null as long as it calls; 0: every answer was as it should be. */
  get status(): number | null {
    return this.#child?.exitCode ?? null
  }

  async close(): Promise<void> {
    const child = this.#child
    if (child && child.exitCode === null && child.signalCode === null && child.pid !== undefined) {
      const gone = new Promise((resolve) => child.once('exit', resolve))
      child.kill('SIGKILL')
      await gone
    }
    this.voice.close()
    rmSync(this.#folder, { recursive: true, force: true })
  }
}
