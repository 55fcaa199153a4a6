/** The program itself, as an operator meets it: its words, its exit status, its end on a signal. */

import type { ChildProcess } from 'node:child_process'
import { spawn } from 'node:child_process'
import type { AddressInfo, Server } from 'node:net'
import { createServer } from 'node:net'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, test } from 'vitest'
import { meet } from '../test/wire-client.ts'

const MAIN = fileURLToPath(new URL('main.ts', import.meta.url))
const running = new Set<ChildProcess>()
afterEach(() => {
  for (const child of running) child.kill('SIGKILL')
})

interface Program {
  child: ChildProcess
  output: () => string
  status: Promise<number | null>
}

function run(...flags: string[]): Program {
  const child = spawn(process.execPath, [MAIN, ...flags], { stdio: ['ignore', 'pipe', 'pipe'] })
  running.add(child)
  let output = ''
  const keep = (part: Buffer) => {
    output += part.toString()
  }
  child.stdout?.on('data', keep)
  child.stderr?.on('data', keep)
  const status = new Promise<number | null>((resolve) => {
    child.once('close', (code) => {
      running.delete(child)
      resolve(code)
    })
  })
  return { child, output: () => output, status }
}

async function ready(program: Program): Promise<string> {
  for (let i = 0; i < 150; i += 1) {
    const url = /ready: (http:\S+[^/\s])\//.exec(program.output())?.[1]
    if (url !== undefined) return url
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error(`never ready: ${program.output()}`)
}

async function occupied(): Promise<{ port: number; server: Server }> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { port: (server.address() as AddressInfo).port, server }
}

describe('the program', () => {
  test('says where it is, holds a meeting, and on SIGTERM says goodbye and ends within 3 s with status 0', async () => {
    const program = run('--port', '0', '--media-port', '0', '--workers', '1')
    const url = await ready(program)
    const { members } = await meet(url, 2)
    const before = performance.now()
    program.child.kill('SIGTERM')
    expect(await program.status).toBe(0)
    expect(performance.now() - before).toBeLessThan(3_000)
    for (const member of members) {
      await member.gone()
      expect(member.goodbye).toBe('shutting-down')
    }
  })

  test('a port in use: says which, what to do, and ends with status 1', async () => {
    const { port, server } = await occupied()
    const program = run('--port', String(port), '--media-port', '0', '--workers', '1')
    expect(await program.status).toBe(1)
    expect(program.output()).toContain(
      `Port ${port} is in use. Stop the other program or run npm start -- --port ${port + 1}`,
    )
    expect(program.output()).not.toContain('    at ')
    server.close()
  })

  test.each([
    [['--prot', '1'], "Unknown option '--prot'"],
    [['--workers', 'many'], 'workers'],
    [['--public', 'meet.example.org'], '--certificate'],
    [['--config', '/nowhere/at-all.json'], '/nowhere/at-all.json'],
    [['--certificate', MAIN, '--key', MAIN], 'both must be PEM'],
  ])('%j is answered in plain words, status 2', async (flags, words) => {
    const program = run(...flags)
    expect(await program.status).toBe(2)
    expect(program.output()).toContain(words)
    expect(program.output()).not.toContain('    at ')
  })

  test('an address that this machine does not have is said so', async () => {
    const program = run(
      '--listen',
      '192.0.2.1',
      '--announced-address',
      '192.0.2.1',
      '--port',
      '0',
      '--media-port',
      '0',
      '--workers',
      '1',
    )
    expect(await program.status).toBe(1)
    expect(program.output()).toContain('no such address')
  })

  test('--help and --new-operator-token say theirs and end with status 0', async () => {
    const help = run('--help')
    expect(await help.status).toBe(0)
    expect(help.output()).toContain('--media-port')
    const token = run('--new-operator-token')
    expect(await token.status).toBe(0)
    expect(token.output()).toMatch(/secret:\s+[\w-]{43}\n.*Hashes:\s+[\w-]{43}\n/)
  })
})
