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
import { SippCall } from './sipp-scenario.ts'

interface InfoCall {
  number: string
  /** Each pressed when the ones before have been heard. */
  keys: readonly string[]
  /** How long it stays then. */
  seconds: number
  /** Without an offer of its own. */
  late?: boolean
}

/** Longer than a PIN takes to be looked at. */
const MOMENT_MS = 2_500

export class InfoCaller {
  readonly voice: RtpVoice
  readonly #folder = mkdtempSync(join(tmpdir(), 'huisclos-sipp-'))
  #child: ChildProcess | null = null

  private constructor(voice: RtpVoice) {
    this.voice = voice
  }

  static async call(port: number, { number, keys, seconds, late = false }: InfoCall): Promise<InfoCaller> {
    const caller = new InfoCaller(await RtpVoice.open())
    const call = new SippCall(number, caller.voice.port, { late })
    for (const some of keys) call.pause(MOMENT_MS).press(some)
    const file = join(caller.#folder, 'call.xml')
    writeFileSync(file, call.pause(seconds * 1000).hangUp().text)
    const args = ['-m', '1', '-i', '127.0.0.1', '-nostdin', '-sf', file, `127.0.0.1:${port}`]
    caller.#child = spawn('sipp', args, { stdio: 'ignore', cwd: caller.#folder })
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
