/** For tests: the bridge as its operator runs it, a process of its own with its key and configuration in files. */
import type { ChildProcess } from 'node:child_process'
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { BridgeCard } from '@huisclos/crypto/link'
import { bridgeKeyFromSeed } from '@huisclos/crypto/seal'
import { makeKeyFile, readKeyFile } from '../meeting/bridge-key-file.ts'
import { until } from './until.ts'

const MAIN = join(fileURLToPath(new URL('..', import.meta.url)), 'main.ts')
const shown = { name: 'Cabinet Lune', number: '+33 1 84 88 00 00' }
/** On a busy machine a process takes its time to load. */
const STARTS_WITHIN_MS = 30_000

const OPEN = { name: 'test', allow: ['127.0.0.1'], language: 'en' }

interface Running {
  media: { from: number; to: number }
  trunks?: readonly object[]
  maxCalls?: number
  /** Of the heap, for tests of leaks: what may be collected is, so that growth is what is held. */
  heapMegabytes?: number
}

export class BridgeProcess {
  readonly card: BridgeCard
  readonly #folder: string
  readonly #key: string
  #child: ChildProcess | null = null
  #said = ''

  private constructor(folder: string, key: string, card: BridgeCard) {
    this.#folder = folder
    this.#key = key
    this.card = card
  }

  /** Its key is there; it does not run yet. */
  static async prepare(): Promise<BridgeProcess> {
    const folder = mkdtempSync(join(tmpdir(), 'huisclos-phone-'))
    const key = join(folder, 'phone.key')
    makeKeyFile(key)
    const { card } = await bridgeKeyFromSeed(readKeyFile(key), shown)
    return new BridgeProcess(folder, key, card)
  }

  /** Resolves with its UDP port when it listens and has reached the meetings' server. */
  async start(
    server: string,
    { media, trunks = [OPEN], maxCalls = 100, heapMegabytes }: Running,
  ): Promise<number> {
    const config = join(this.#folder, 'phone.config.json')
    writeFileSync(
      config,
      JSON.stringify({
        udp: { host: '127.0.0.1', port: 0 },
        announced: '127.0.0.1',
        media: { host: '127.0.0.1', ...media },
        meetings: { server, key: this.#key, runBy: shown.name, number: shown.number },
        maxCalls,
        trunks,
      }),
    )
    this.#said = ''
    const heap = heapMegabytes ? [`--max-old-space-size=${heapMegabytes}`, '--max-semi-space-size=4'] : []
    this.#child = spawn(process.execPath, [...heap, MAIN, config], { stdio: ['ignore', 'pipe', 'inherit'] })
    this.#child.stdout?.on('data', (part: Buffer) => {
      this.#said += part.toString()
    })
    await until('the bridge listens', () => this.#port > 0 && this.#connected, STARTS_WITHIN_MS)
    return this.#port
  }

  /** Memory that it holds, by the kernel's account. */
  get megabytes(): number {
    const status = readFileSync(`/proc/${this.#child?.pid}/status`, 'utf8')
    return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? 0) / 1024
  }

  /** As `kill -9` does it: it can say nothing to anybody. */
  async kill(): Promise<void> {
    const child = this.#child
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    const gone = new Promise((resolve) => child.once('exit', resolve))
    child.kill('SIGKILL')
    await gone
  }

  async close(): Promise<void> {
    await this.kill()
    rmSync(this.#folder, { recursive: true, force: true })
  }

  get #port(): number {
    return Number(/listens on udp (\d+)/.exec(this.#said)?.[1] ?? 0)
  }
  get #connected(): boolean {
    return this.#said.includes('Connected to the meetings')
  }
}
