/**
 * A bad network path before a UDP port of this machine, seeded: whoever sends to the relay reaches the target through
 * path-model.ts, and back. Each client keeps a port of its own towards the target, as behind a NAT. Loopback only.
 */
import type { RemoteInfo, Socket } from 'node:dgram'
import { createSocket } from 'node:dgram'
import type { PathCounts, PathFaults } from './path-model.ts'
import { PathModel } from './path-model.ts'

export interface UdpRelayOptions {
  targetPort: number
  targetHost?: string
  seed: number
  /** Towards the target. */
  up?: PathFaults
  /** From the target. */
  down?: PathFaults
}

export interface UdpRelay extends AsyncDisposable {
  readonly port: number
  readonly up: PathCounts
  readonly down: PathCounts
  /** From the next packet on, both ways unless told apart. */
  set(up: PathFaults, down?: PathFaults): void
  /** What a NAT does that forgets: clients are seen by the target under new ports from now on. */
  rebind(): void
}

const HOST = '127.0.0.1'

/** Starts a relay on a free port of loopback. */
export async function startUdpRelay(options: UdpRelayOptions): Promise<UdpRelay> {
  const { targetPort, targetHost = HOST, seed } = options
  const up = new PathModel(seed, options.up)
  const down = new PathModel(seed + 1, options.down ?? options.up)
  const front = createSocket('udp4')
  const timers = new Set<NodeJS.Timeout>()
  const backs = new Map<string, Socket>()
  let closed = false

  const pass = (model: PathModel, bytes: number, send: () => void): void => {
    const now = performance.now()
    for (const at of model.offer(now, bytes)) {
      const timer = setTimeout(() => {
        timers.delete(timer)
        if (!closed) send()
      }, at - now)
      timers.add(timer)
    }
  }
  const backOf = (client: RemoteInfo): Socket => {
    const key = `${client.address}:${client.port}`
    const known = backs.get(key)
    if (known) return known
    const back = createSocket('udp4')
    back.on('message', (packet) => {
      pass(down, packet.length, () => front.send(packet, client.port, client.address))
    })
    back.on('error', () => undefined)
    backs.set(key, back)
    return back
  }
  front.on('message', (packet, client) => {
    pass(up, packet.length, () => backOf(client).send(packet, targetPort, targetHost))
  })
  const forget = (): void => {
    for (const back of backs.values()) back.close()
    backs.clear()
  }
  await new Promise<void>((resolve, reject) => {
    front.once('error', reject)
    front.bind(0, HOST, resolve)
  })
  return {
    port: front.address().port,
    up: up.counts,
    down: down.counts,
    set: (towards, from = towards) => {
      up.set(towards)
      down.set(from)
    },
    rebind: forget,
    [Symbol.asyncDispose]: async () => {
      closed = true
      for (const timer of timers) clearTimeout(timer)
      forget()
      await new Promise<void>((resolve) => front.close(() => resolve()))
    },
  }
}
