/** Starts the media engine that the composition root asks for. mediasoup is loaded only where it is used. */
import type { ServerSettings } from './config/server-settings.ts'
import { FakeSfu } from './media/fake-sfu.ts'
import type { Sfu } from './media/sfu.ts'
import type { Log } from './observe/log.ts'

export interface RunningSfu {
  readonly sfu: Sfu
  readonly ports: readonly number[]
  readonly fake: FakeSfu | null
  workerPids(): number[]
}

export interface StartSfuOptions {
  settings: ServerSettings
  announced: readonly string[]
  log: Log
}

/** @throws SfuStartError */
export async function startSfu(engine: 'mediasoup' | 'fake', options: StartSfuOptions): Promise<RunningSfu> {
  if (engine === 'fake') {
    const fake = new FakeSfu()
    return { sfu: fake, ports: [], fake, workerPids: () => [] }
  }
  const { settings, announced, log } = options
  const { startMediasoupSfu } = await import('./media/mediasoup-sfu.ts')
  const { listenAddresses } = await import('./media/listen-addresses.ts')
  const { workers, mediaPort } = settings
  const workerBin = process.env['MEDIASOUP_WORKER_BIN'] ?? ''
  const addresses = listenAddresses(announced)
  const sfu = await startMediasoupSfu({ workerBin, workers, mediaPort, addresses, log })
  return { sfu, ports: sfu.ports, fake: null, workerPids: () => sfu.workerPids }
}
