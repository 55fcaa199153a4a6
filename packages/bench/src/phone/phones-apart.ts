/** The telephones of the load in a process of their own. Whoever starts them closes them. */
import type { ChildProcess } from 'node:child_process'
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { HeardByPhone } from './load-phone.ts'

export type ToPhones =
  | { t: 'call'; port: number; number: string; pin: string; talks: boolean }
  | { t: 'press'; keys: string }
  /** All say a chirp each `every` frames from now on. */
  | { t: 'chirp'; every: number }
  | { t: 'keep' }
  | { t: 'report' }

export interface PhonesReport {
  t: 'report'
  /** In the order of their calls. */
  heard: HeardByPhone[]
  /** Of each packet that was sent: how much later than its beat. */
  lateMs: number[]
  loopBusy: number
  hungUp: number
}
export type FromPhones = { t: 'ready' } | { t: 'called' } | { t: 'failed'; why: string } | PhonesReport

const PROCESS = fileURLToPath(new URL('./phones-process.ts', import.meta.url))

export class PhonesApart {
  readonly #child: ChildProcess

  private constructor(child: ChildProcess) {
    this.#child = child
  }

  static async start(): Promise<PhonesApart> {
    // Structured clones: what they heard are bytes.
    const child = fork(PROCESS, [], { serialization: 'advanced' })
    await once(child, 'message')
    return new PhonesApart(child)
  }

  /** Resolves when the call stands and its PIN is on its way. @throws Error when the bridge refuses */
  async call(how: Omit<Extract<ToPhones, { t: 'call' }>, 't'>): Promise<void> {
    const answer = await this.#ask({ t: 'call', ...how })
    if (answer.t === 'failed') throw new Error(answer.why)
  }

  press(keys: string): void {
    this.#child.send({ t: 'press', keys } satisfies ToPhones)
  }

  chirp(every: number): void {
    this.#child.send({ t: 'chirp', every } satisfies ToPhones)
  }

  keep(): void {
    this.#child.send({ t: 'keep' } satisfies ToPhones)
  }

  async report(): Promise<PhonesReport> {
    const answer = await this.#ask({ t: 'report' })
    if (answer.t !== 'report') throw new Error('the telephones did not report')
    return answer
  }

  async close(): Promise<void> {
    const ended = once(this.#child, 'exit')
    this.#child.kill('SIGTERM')
    await ended
  }

  async #ask(message: ToPhones): Promise<FromPhones> {
    const answered = once(this.#child, 'message')
    this.#child.send(message)
    return ((await answered) as [FromPhones])[0]
  }
}
