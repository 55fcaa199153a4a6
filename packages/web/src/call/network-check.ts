/**
 * The verdict before joining (SIG16): does media get through by UDP, by TCP alone, or not at all. Connects and sends no
 * media; whatever hinders the test leaves the path untested, which is no verdict.
 */
import type { Socket } from '@huisclos/participant'
import type { QuickPath } from '../platform/quick-path.ts'
import type { LobbyCheckView } from '../ui/ports.ts'
import { ProbeLine } from './probe-line.ts'

export interface NetworkCheckPorts {
  connect(): Socket
  /** Loads the media code. */
  load(): Promise<{ quickPath(path: QuickPath): Promise<boolean> }>
}

const WITHIN_MS = { udp: 2_500, tcp: 5_000 } as const

/** Never rejects. Called off, it says `untested`. */
export async function checkNetwork(
  { connect, load }: NetworkCheckPorts,
  signal: AbortSignal,
): Promise<LobbyCheckView['network']> {
  const line = new ProbeLine(connect())
  try {
    const [{ quickPath }, { routerRtp }] = await Promise.all([load(), line.begin()])
    const passes = (protocol: 'udp' | 'tcp') =>
      quickPath({ request: line.ask, routerRtp, protocol, withinMs: WITHIN_MS[protocol], signal })
    if (await passes('udp')) return 'direct'
    if (!signal.aborted && (await passes('tcp'))) return 'tcp-only'
    return signal.aborted ? 'untested' : 'blocked'
  } catch {
    return 'untested'
  } finally {
    line.close()
  }
}
