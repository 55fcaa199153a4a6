/** What a program inside can reach, over which link, and that nothing is left behind. */
import { execFile, execFileSync, spawnSync } from 'node:child_process'
import type { Server } from 'node:net'
import { createServer } from 'node:net'
import { networkInterfaces } from 'node:os'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { NetworkLab, whyNoNetem, whyNoNetworks } from './network-lab.ts'

const reason = whyNoNetworks()
const noNetem = reason ?? whyNoNetem()
const because = (why: string | null, needs: string) =>
  why === null ? '' : ` (left out: needs ${needs}, and here: ${why})`

describe.skipIf(reason !== null)(`a network of one's own${because(reason, 'network namespaces')}`, () => {
  let lab: NetworkLab
  let server: Server
  let port: number
  beforeEach(async () => {
    lab = NetworkLab.create(['wifi', 'mobile'])
    server = createServer((socket) => socket.end(`${socket.remoteAddress}`))
    await new Promise<void>((resolve) => server.listen(0, lab.serverAddress, resolve))
    const address = server.address()
    port = typeof address === 'object' && address !== null ? address.port : 0
  })
  afterEach(() => {
    server.close()
    lab[Symbol.dispose]()
  })

  /** From which address a program inside reaches the server; null when it does not within a second. */
  const reachedFrom = (): Promise<string | null> => {
    const text = `
      const socket = require('node:net').connect(${port}, '${lab.serverAddress}')
      setTimeout(() => process.exit(1), 1000)
      socket.on('error', () => process.exit(1)).on('data', (data) => { process.stdout.write(data); process.exit(0) })`
    return new Promise((resolve) => {
      const [program = '', ...words] = lab.inside(process.execPath, '-e', text)
      execFile(program, words, (error, said) => resolve(error ? null : said))
    })
  }

  test('the link in use is the way, and its address is seen; without one there is none', async () => {
    expect(await reachedFrom()).toBe(lab.addressOn('wifi'))
    lab.use(null)
    expect(await reachedFrom()).toBe(null)
    lab.use('mobile')
    expect(await reachedFrom()).toBe(lab.addressOn('mobile'))
    lab.use('wifi')
    expect(await reachedFrom()).toBe(lab.addressOn('wifi'))
  })

  test('swallowed packets: no way while every link is up, and the way back', async () => {
    lab.swallow(true)
    expect(await reachedFrom()).toBe(null)
    lab.swallow(false)
    expect(await reachedFrom()).toBe(lab.addressOn('wifi'))
  })

  test('a narrow link has the kernel’s token bucket on it', () => {
    lab.narrow('wifi', 200)
    const [program = '', ...words] = lab.inside('tc', 'qdisc', 'show', 'dev', 'wifi')
    expect(execFileSync(program, words, { encoding: 'utf8' })).toContain('tbf')
  })

  test.skipIf(noNetem !== null)(`loss by the kernel${because(noNetem, 'tc netem')}`, async () => {
    lab.impair('wifi', { lossPercent: 100, delayMs: 0 })
    expect(await reachedFrom()).toBe(null)
  })

  test('programs inside are known, and nothing is left behind', () => {
    const [program = '', ...words] = lab.inside('sh', '-c', 'readlink /proc/self/ns/net')
    const inside = spawnSync(program, words, { encoding: 'utf8' }).stdout
    expect(inside).not.toBe(spawnSync('readlink', ['/proc/self/ns/net'], { encoding: 'utf8' }).stdout)
    expect(lab.pids()).toEqual([])
    const links = () => execFileSync('ip', ['-o', 'link'], { encoding: 'utf8' }).split('\n')
    const ours = () => links().filter((line) => line.includes(`: hc${process.pid % 1_000_000}-`)).length
    expect(ours()).toBe(2)
    lab[Symbol.dispose]()
    expect(ours()).toBe(0)
    expect(execFileSync('ip', ['netns', 'list'], { encoding: 'utf8' })).not.toContain(`hclab-${process.pid}`)
    expect(JSON.stringify(networkInterfaces())).not.toContain(lab.serverAddress)
  })
})
