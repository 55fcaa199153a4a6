/**
 * For tests: a telephone that others made. baresip without a window or sound card: plays a tone from a file, writes what
 * it hears into another, presses keys as RTP events, and is told what to do over a socket.
 */
import type { ChildProcess } from 'node:child_process'
import { spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import type { Socket } from 'node:net'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { toneAmplitude } from './tone.ts'
import { until } from './until.ts'
import { readEnd, writeTone } from './wave-file.ts'

export interface BaresipOptions {
  /** Of the bridge. */
  port: number
  transport?: 'udp' | 'tcp' | 'tls'
  codec: 'PCMU' | 'opus'
  /** SRTP and nothing else. */
  srtp?: boolean
  number: string
  /** What it plays. */
  hertz: number
}

const FORMS = { PCMU: { rate: 8000, channels: 1 }, opus: { rate: 48_000, channels: 2 } } as const
const TONE_SECONDS = 60
/** Debian's place for them, whatever the processor. */
const MODULES = '/usr/lib/baresip/modules'
/** As long as a finger stays on a key. */
const KEY_MS = 120

export class Baresip {
  readonly #options: BaresipOptions
  readonly #folder = mkdtempSync(join(tmpdir(), 'huisclos-baresip-'))
  #child: ChildProcess | null = null
  #control: Socket | null = null
  #events = ''
  /** What it printed, for a test that fails. */
  said = ''

  private constructor(options: BaresipOptions) {
    this.#options = options
  }

  /** Resolves when it can be told to call. */
  static async start(options: BaresipOptions): Promise<Baresip> {
    const phone = new Baresip(options)
    const port = await freePort()
    phone.#configure(port)
    phone.#child = spawn('baresip', ['-f', phone.#folder], { stdio: ['ignore', 'pipe', 'pipe'] })
    const keep = (part: Buffer) => {
      // Its clock line is printed ten times a second.
      phone.said = (phone.said + part.toString().replace(/\r?\[\d+:\d+:\d+\][^\r\n]*/g, '')).slice(-20_000)
    }
    phone.#child.stdout?.on('data', keep)
    phone.#child.stderr?.on('data', keep)
    phone.#child.on('error', (error) => keep(Buffer.from(error.message)))
    await until('baresip is there', () => phone.#reach(port))
    return phone
  }

  /** Resolves to 200 when the call stands. */
  async call(): Promise<number> {
    const { port, transport = 'udp' } = this.#options
    this.#tell('dial', `sip:meeting@127.0.0.1:${port};transport=${transport}`)
    await until('baresip’s call stands', () => this.#events.includes('"CALL_ESTABLISHED"')).catch((error) => {
      throw new Error(`${this.said}\n${error}`)
    })
    return 200
  }

  /** The bridge's reports have come (RTCP), and were what baresip takes. */
  get reported(): boolean {
    return this.#events.includes('"CALL_RTCP"')
  }

  get hungUp(): boolean {
    return this.#events.includes('"CALL_CLOSED"')
  }

  /** One by one, as RTP events (RFC 4733). */
  async press(keys: string): Promise<void> {
    for (const key of keys) {
      this.#tell('sndcode', key)
      await new Promise((resolve) => setTimeout(resolve, KEY_MS))
    }
  }

  hold(): void {
    this.#tell('hold', '')
  }

  resume(): void {
    this.#tell('resume', '')
  }

  hangUp(): void {
    this.#tell('hangup', '')
  }

  /** Amplitude of one frequency in the last `seconds` heard. */
  hears(hertz: number, seconds: number): number {
    const file = readdirSync(this.#folder).find((name) => name.endsWith('-dec.wav'))
    const end = file ? readEnd(join(this.#folder, file), seconds) : null
    return end ? toneAmplitude(end.samples, hertz, end.rate) : 0
  }

  async close(): Promise<void> {
    this.#control?.destroy()
    const child = this.#child
    if (child && child.exitCode === null && child.signalCode === null && child.pid !== undefined) {
      const gone = new Promise((resolve) => child.once('exit', resolve))
      child.kill('SIGKILL')
      await gone
    }
    rmSync(this.#folder, { recursive: true, force: true })
  }

  #configure(port: number): void {
    const { codec, hertz, number, srtp, transport = 'udp' } = this.#options
    const tone = join(this.#folder, 'tone.wav')
    writeTone(tone, hertz, TONE_SECONDS, FORMS[codec])
    const modules = ['account', 'menu', 'ctrl_tcp'].map((name) => `module_app ${name}.so`)
    const parts = ['g711', 'opus', 'aufile', 'sndfile', 'srtp'].map((name) => `module ${name}.so`)
    const config = [
      'poll_method epoll',
      'sip_listen 127.0.0.1:0',
      `audio_source aufile,${tone}`,
      // There is none of that name: what is heard ends in the file.
      'audio_player none,none',
      'audio_alert none,none',
      'audio_buffer 20-160',
      `module_path ${MODULES}`,
      ...modules,
      ...parts,
      `ctrl_tcp_listen 127.0.0.1:${port}`,
      `snd_path ${this.#folder}`,
    ]
    writeFileSync(join(this.#folder, 'config'), `${config.join('\n')}\n`)
    const account = [`audio_codecs=${codec}`, 'regint=0', ...(srtp ? ['mediaenc=srtp-mand'] : [])]
    const address = `<sip:${number}@127.0.0.1;transport=${transport}>`
    writeFileSync(join(this.#folder, 'accounts'), `${address};${account.join(';')}\n`)
    writeFileSync(join(this.#folder, 'contacts'), '')
  }

  /** True when the control socket stands; tries again until then. */
  #reach(port: number): boolean {
    if (this.#control) return this.#control.readyState === 'open'
    const socket = connect(port, '127.0.0.1')
    this.#control = socket
    socket.on('error', () => {
      this.#control = null
    })
    socket.on('data', (part) => {
      this.#events += part.toString()
    })
    return false
  }

  #tell(command: string, params: string): void {
    const text = JSON.stringify({ command, params, token: command })
    this.#control?.write(`${Buffer.byteLength(text)}:${text},`)
  }
}

/** baresip cannot say which port it took. */
async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  return typeof address === 'object' && address ? address.port : 0
}
