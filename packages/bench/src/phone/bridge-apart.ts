/**
 * The telephone bridge as `npm run phone` runs it, in a process of its own on free ports of loopback, with a key and a
 * configuration of its own. Whoever starts it closes it.
 */
import type { ChildProcess } from 'node:child_process'
import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import type { BridgeCard } from '@huisclos/crypto/link'
import { decodeBridgeCard } from '@huisclos/crypto/link'
import { forkApart } from '../place/fork-apart.ts'

/** Started as a program; the bench imports nothing of what it measures here. */
const PROGRAM = resolve(import.meta.dirname, '../../../..', 'packages/phone/src/main.ts')
const CALLS = 200

export interface BridgeApart {
  readonly pid: number
  /** Of its SIP, UDP. */
  readonly port: number
  readonly card: BridgeCard
  /** Throws its garbage away, so that what it holds can be measured. */
  collectGarbage(): Promise<void>
  close(): Promise<void>
}

async function writeConfig(folder: string, server: string): Promise<string> {
  const path = join(folder, 'phone.config.json')
  const config = {
    udp: { host: '127.0.0.1', port: 0 },
    announced: '127.0.0.1',
    media: { host: '127.0.0.1', from: 30_000, to: 39_999 },
    maxCalls: CALLS,
    meetings: { server, key: join(folder, 'phone.key'), runBy: 'Bench', number: '+33 1 84 88 00 00' },
    trunks: [{ name: 'load', allow: ['127.0.0.1'], language: 'en', maxCalls: CALLS, callsPerSecond: CALLS }],
  }
  await writeFile(path, JSON.stringify(config), { mode: 0o600 })
  return path
}

async function makeKey(config: string): Promise<BridgeCard> {
  const { stdout } = await promisify(execFile)(process.execPath, [PROGRAM, 'keygen', config])
  const card = decodeBridgeCard(stdout.trim().split('\n').at(-1) ?? '')
  if (!card) throw new Error('keygen printed no card')
  return card
}

/** Its port, once it also has reached the server. @throws Error with what it said when it ends before */
async function portOf(child: ChildProcess): Promise<number> {
  let said = ''
  const heard = Promise.withResolvers<number>()
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => {
      said += String(chunk)
      const port = /listens on udp (\d+)/.exec(said)?.[1]
      if (port !== undefined && said.includes('Connected to')) heard.resolve(Number(port))
    })
  child.once('exit', () => heard.reject(new Error(`the bridge ended before it was ready: ${said}`)))
  return heard.promise
}

/** @param server its address, as its pages have it */
export async function startBridgeApart(server: string): Promise<BridgeApart> {
  const folder = await mkdtemp(join(tmpdir(), 'hc-phone-'))
  const config = await writeConfig(folder, server)
  const card = await makeKey(config)
  const { child, collectGarbage, end } = forkApart(PROGRAM, [config])
  const close = async (): Promise<void> => {
    await end()
    await rm(folder, { recursive: true, force: true })
  }
  try {
    return {
      pid: child.pid ?? 0,
      port: await portOf(child),
      card,
      collectGarbage,
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}
