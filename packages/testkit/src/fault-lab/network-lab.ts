/**
 * A network of one's own for a program under test: a namespace with several links to this machine (as Wi-Fi and 4G are
 * to a phone), of which one at a time carries everything, or none. Takes root, `ip` and a kernel that lets it. Must never
 * touch a link, address or namespace that it did not make, and leaves none behind, also when a run was killed.
 */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const PREFIX = 'hclab'
const run = (program: string, ...words: string[]): string =>
  execFileSync(program, words, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
const ip = (line: string): string => run('ip', ...line.split(' '))

function whyNot(trial: () => void): string | null {
  try {
    trial()
    return null
  } catch (error) {
    return error instanceof Error ? (error.message.trim().split('\n').at(-1) ?? 'no') : String(error)
  }
}

/** Why no such network can be made here (no root, no `ip`, a container that forbids it); null where it can. */
export function whyNoNetworks(): string | null {
  const name = `${PREFIX}-try-${process.pid}`
  return whyNot(() => {
    ip(`netns add ${name}`)
    try {
      ip(`-n ${name} link add v0 type veth peer name v1`)
    } finally {
      ip(`netns del ${name}`)
    }
  })
}

/** Why links cannot be impaired by the kernel itself (`tc netem`); null where they can. The UDP relay always can. */
export function whyNoNetem(): string | null {
  const name = `${PREFIX}-tc-${process.pid}`
  return whyNot(() => {
    ip(`netns add ${name}`)
    try {
      ip(`-n ${name} link add v0 type veth peer name v1`)
      run('ip', 'netns', 'exec', name, 'tc', 'qdisc', 'add', 'dev', 'v0', 'root', 'netem', 'loss', '1%')
    } finally {
      ip(`netns del ${name}`)
    }
  })
}

/** Takes away what runs that were killed have left. */
function sweep(): void {
  for (const [name, pid] of ip('netns list').matchAll(new RegExp(`^${PREFIX}-(\\d+)`, 'gm'))) {
    if (existsSync(`/proc/${pid}`)) continue
    ip(`netns del ${name}`)
    const octet = octetOf(Number(pid))
    whyNot(() => ip(`addr del 10.99.${octet}.1/32 dev lo`))
  }
}

const octetOf = (pid: number): number => 1 + (pid % 250)

export class NetworkLab implements Disposable {
  readonly #name = `${PREFIX}-${process.pid}`
  readonly #octet = octetOf(process.pid)
  readonly #links: readonly string[]
  readonly #folder = mkdtempSync(join(tmpdir(), `${PREFIX}-`))
  #gone = false

  private constructor(links: readonly string[]) {
    this.#links = links
  }

  /** One lab a process at a time. The first link is in use. Throws where `whyNoNetworks` says why. */
  static create(links: readonly string[] = ['wifi', 'mobile']): NetworkLab {
    sweep()
    const lab = new NetworkLab(links)
    process.once('exit', () => lab[Symbol.dispose]())
    try {
      lab.#make()
    } catch (error) {
      lab[Symbol.dispose]()
      throw error
    }
    return lab
  }

  /** Where servers of this machine are to listen: reached over whatever link is in use, and by this machine itself. */
  get serverAddress(): string {
    return `10.99.${this.#octet}.1`
  }

  /** The address inside the namespace on a link. */
  addressOn(link: string): string {
    return `10.${100 + this.#indexOf(link)}.${this.#octet}.2`
  }

  /** The words that run a program inside. */
  inside(...words: string[]): string[] {
    return ['ip', 'netns', 'exec', this.#name, ...words]
  }

  /** A program file that runs `program` inside, for whoever starts browsers by a path. */
  wrapper(program: string): string {
    const path = join(this.#folder, 'inside.sh')
    writeFileSync(path, `#!/bin/sh\nexec ${this.inside(program).join(' ')} "$@"\n`, { mode: 0o755 })
    return path
  }

  /** Every process inside. */
  pids(): number[] {
    return ip(`netns pids ${this.#name}`).split('\n').filter(Boolean).map(Number)
  }

  /** Everything goes over this link from now on; the others are down, their addresses gone. `null`: no network. */
  use(link: string | null): void {
    for (const other of this.#links) {
      if (other !== link) ip(`-n ${this.#name} link set ${other} down`)
    }
    if (link === null) return
    ip(`-n ${this.#name} link set ${link} up`)
    ip(`-n ${this.#name} route replace default via 10.${100 + this.#indexOf(link)}.${this.#octet}.1`)
  }

  /** Packets to and from the inside vanish while every interface stays up, as in a lift; `false` ends it. */
  swallow(on: boolean): void {
    for (const link of this.#links) {
      const rule = `-i ${this.#hostEnd(link)} -j DROP`.split(' ')
      run('iptables', on ? '-I' : '-D', 'INPUT', ...rule)
    }
    this.#swallowing = on
  }
  #swallowing = false

  /** A token bucket on what leaves the inside over a link. */
  narrow(link: string, kbitPerS: number): void {
    const shape = `tc qdisc replace dev ${link} root tbf rate ${kbitPerS}kbit burst 8kb latency 200ms`
    const [program = '', ...words] = this.inside(...shape.split(' '))
    run(program, ...words)
  }

  /** Loss and delay by the kernel, where `whyNoNetem` is null. */
  impair(link: string, by: { lossPercent: number; delayMs: number }): void {
    const shape = `tc qdisc replace dev ${link} root netem loss ${by.lossPercent}% delay ${by.delayMs}ms`
    const [program = '', ...words] = this.inside(...shape.split(' '))
    run(program, ...words)
  }

  [Symbol.dispose](): void {
    if (this.#gone) return
    this.#gone = true
    if (this.#swallowing) whyNot(() => this.swallow(false))
    // Links go with the namespace; programs inside are whoever started them's to end.
    whyNot(() => ip(`netns del ${this.#name}`))
    for (const link of this.#links) whyNot(() => ip(`link del ${this.#hostEnd(link)}`))
    whyNot(() => ip(`addr del ${this.serverAddress}/32 dev lo`))
    rmSync(this.#folder, { recursive: true, force: true })
  }

  #make(): void {
    ip(`netns add ${this.#name}`)
    ip(`-n ${this.#name} link set lo up`)
    ip(`addr add ${this.serverAddress}/32 dev lo`)
    for (const link of this.#links) {
      const gateway = `10.${100 + this.#indexOf(link)}.${this.#octet}.1`
      ip(`link add ${this.#hostEnd(link)} type veth peer name ${link} netns ${this.#name}`)
      ip(`addr add ${gateway}/30 dev ${this.#hostEnd(link)}`)
      ip(`link set ${this.#hostEnd(link)} up`)
      ip(`-n ${this.#name} addr add ${this.addressOn(link)}/30 dev ${link}`)
    }
    const [first] = this.#links
    this.use(first ?? null)
  }

  #indexOf(link: string): number {
    const index = this.#links.indexOf(link)
    if (index < 0) throw new Error(`no link ${link}`)
    return index
  }

  /** At most 15 characters. */
  #hostEnd(link: string): string {
    return `hc${process.pid % 1_000_000}-${this.#indexOf(link)}`
  }
}
