/**
 * A Janus of Debian's package as a child of the bench: with a configuration of the bench's in a temporary folder, on
 * loopback and free ports. Says how to install it where it is missing; whoever starts it closes it.
 */
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { networkInterfaces, tmpdir } from 'node:os'
import { join } from 'node:path'
import { JanusClient } from './janus-client.ts'
import { janusConfig, mediaAddress } from './janus-config.ts'

const READY_WITHIN_MS = 15_000
const LOOK_EVERY_MS = 100
const END_WITHIN_MS = 3_000

/** What to say where Janus is not installed. */
export const JANUS_MISSING =
  'Janus is not installed, so it is not compared: apt-get install janus (Debian 12 has 1.1.2; the bench starts it by itself and needs only its program, the VideoRoom plugin and the WebSocket transport, which are all in that package)'

/** `1.1.2`, or null where no Janus can be run. */
export function janusVersion(program = 'janus'): string | null {
  const { stdout, error } = spawnSync(program, ['--help'], { encoding: 'utf8' })
  if (error) return null
  return /^Janus version: \d+ \((\S+)\)/m.exec(stdout)?.[1] ?? null
}

export interface RunningJanus {
  readonly pid: number
  /** Where its media is. */
  readonly address: string
  /** A new connection to its API. */
  connect(): Promise<JanusClient>
  close(): Promise<void>
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('no free port')
  return address.port
}

/** @throws Error with the end of what Janus wrote when it does not start */
export async function startJanus(): Promise<RunningJanus> {
  const address = mediaAddress(networkInterfaces())
  if (address === null)
    throw new Error('Janus needs an address that is not loopback, and this machine has none')
  const folder = mkdtempSync(join(tmpdir(), 'huisclos-janus-'))
  const apiPort = await freePort()
  for (const [name, text] of Object.entries(janusConfig({ folder, apiPort, address })))
    writeFileSync(join(folder, name), text)
  const child = spawn('janus', ['--configs-folder', folder, '--disable-colors'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  const keep = (chunk: Buffer): void => {
    output = `${output}${chunk}`.slice(-2_000)
  }
  child.stdout.on('data', keep)
  child.stderr.on('data', keep)
  const ended = once(child, 'exit')
  const close = async (): Promise<void> => {
    child.kill('SIGTERM')
    const timer = setTimeout(() => child.kill('SIGKILL'), END_WITHIN_MS)
    await ended
    clearTimeout(timer)
    rmSync(folder, { recursive: true, force: true })
  }
  const connect = () => JanusClient.connect(`ws://127.0.0.1:${apiPort}`)
  const end = performance.now() + READY_WITHIN_MS
  for (;;) {
    const client = await connect().catch(() => null)
    if (client) {
      client.close()
      return { pid: child.pid ?? 0, address, connect, close }
    }
    if (performance.now() > end || child.exitCode !== null) {
      await close()
      throw new Error(`Janus did not start: ${output}`)
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS))
  }
}
