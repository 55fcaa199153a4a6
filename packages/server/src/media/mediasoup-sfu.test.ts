import { createSocket } from 'node:dgram'
import { createServer } from 'node:net'
import { PeerId } from '@huisclos/protocol'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { freeMediaPort } from './free-media-port.ts'
import type { MediasoupSfu, MediasoupSfuConfig } from './mediasoup-sfu.ts'
import { startMediasoupSfu } from './mediasoup-sfu.ts'
import { sendParameters } from './sfu-test-parameters.ts'

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined }
const loopback = [{ ip: '127.0.0.1' }]
const workerBin = process.env['MEDIASOUP_WORKER_BIN'] ?? ''

const started: MediasoupSfu[] = []
async function start(config: Partial<MediasoupSfuConfig> = {}): Promise<MediasoupSfu> {
  const sfu = await startMediasoupSfu({
    workerBin,
    workers: 1,
    mediaPort: 0,
    addresses: loopback,
    log: silent,
    ...config,
  })
  started.push(sfu)
  return sfu
}
afterEach(async () => {
  await Promise.all(started.splice(0).map((sfu) => sfu.close()))
})

const peerId = (letter: string) => PeerId.parse(letter.repeat(22))
const alive = (pid: number) => {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

describe('a worker that is killed', () => {
  test.each([1, 2])('[of %i] its rooms are lost once and another is made within 5 s', async (workers) => {
    const sfu = await start({ workers })
    const onLost = vi.fn<() => void>()
    const room = await sfu.createRoom({ onLost })
    const events: unknown[] = []
    const alice = room.addPeer({ peer: peerId('A'), onEvent: () => undefined })
    const bob = room.addPeer({ peer: peerId('B'), onEvent: (event) => events.push(event) })
    const { transport } = await alice.createTransport({ direction: 'send', tcpOnly: false })
    const { transport: receive } = await bob.createTransport({ direction: 'receive', tcpOnly: false })
    await bob.receive({ transport: receive, rtp: room.rtpCapabilities })
    await alice.produce({ transport, kind: 'audio', rtp: sendParameters('audio'), paused: false })
    await vi.waitFor(() => expect(events).toHaveLength(1))
    const [pid] = sfu.workerPids
    const { ports } = sfu

    const killedAt = performance.now()
    process.kill(pid!, 'SIGKILL')
    await vi.waitFor(() => expect(onLost).toHaveBeenCalled(), { interval: 1 })
    const next = await sfu.createRoom({ onLost })
    expect(performance.now() - killedAt).toBeLessThan(5000)

    expect(next.closed).toBe(false)
    const again = next.addPeer({ peer: peerId('A'), onEvent: () => undefined })
    await expect(again.createTransport({ direction: 'send', tcpOnly: false })).resolves.toBeTruthy()
    expect(room.closed).toBe(true)
    expect(events).toHaveLength(1)
    await expect(alice.restartIce({ transport })).rejects.toMatchObject({ code: 'media-unavailable' })
    await vi.waitFor(() => expect(sfu.workerPids).toHaveLength(workers), { timeout: 5000 })
    expect(sfu.workerPids).not.toContain(pid)
    expect(sfu.ports).toEqual(ports)
    expect(onLost).toHaveBeenCalledTimes(1)
    expect(sfu.stats()).toMatchObject({ workers, workerRestarts: 1, rooms: 1, transports: 1 })
  })

  test('a room asked for in the very moment of death is made by the next worker', async () => {
    const sfu = await start()
    const pending = sfu.createRoom({ onLost: () => undefined })
    process.kill(sfu.workerPids[0]!, 'SIGKILL')
    await expect(pending).resolves.toBeTruthy()
    await vi.waitFor(async () => {
      const room = await sfu.createRoom({ onLost: () => undefined })
      const peer = room.addPeer({ peer: peerId('A'), onEvent: () => undefined })
      await peer.createTransport({ direction: 'send', tcpOnly: false })
    })
  })

  test('a worker that does not come back makes createRoom say so in time', async () => {
    const sfu = await start({ restartWaitMs: 300 })
    const [port] = sfu.ports
    process.kill(sfu.workerPids[0]!, 'SIGKILL')
    const squatter = createSocket('udp4')
    // The port is free from the moment of death on; whoever is first has it.
    await vi.waitFor(
      () =>
        new Promise<void>((resolve, reject) =>
          squatter.once('error', reject).bind(port, '127.0.0.1', resolve),
        ),
      { interval: 1, timeout: 2000 },
    )
    await expect(sfu.createRoom({ onLost: () => undefined })).rejects.toMatchObject({
      code: 'media-unavailable',
    })
    await new Promise<void>((resolve) => squatter.close(resolve))
    await vi.waitFor(() => expect(sfu.workerPids).toHaveLength(1), { timeout: 8000 })
  })
})

describe('starting and ending', () => {
  test('rooms go to the least loaded worker and share its one port', async () => {
    const sfu = await start({ workers: 2 })
    const ports: number[] = []
    for (const letter of 'ABCD') {
      const room = await sfu.createRoom({ onLost: () => undefined })
      const peer = room.addPeer({ peer: peerId(letter), onEvent: () => undefined })
      const { candidates } = await peer.createTransport({ direction: 'send', tcpOnly: false })
      ports.push(...new Set(candidates.map(({ port }) => port)))
    }
    expect(ports).toEqual([sfu.ports[0], sfu.ports[1], sfu.ports[0], sfu.ports[1]])
    expect(sfu.ports[1]).toBe(sfu.ports[0]! + 1)
  })

  test.each(['udp', 'tcp'])('a %s port in use is named, and nothing is left running', async (protocol) => {
    const mediaPort = await freeMediaPort(2, loopback)
    const tcp = createServer()
    const udp = createSocket('udp4')
    await new Promise<void>((resolve) =>
      protocol === 'udp'
        ? udp.bind(mediaPort + 1, '127.0.0.1', resolve)
        : tcp.listen(mediaPort + 1, '127.0.0.1', resolve),
    )
    await expect(start({ workers: 2, mediaPort })).rejects.toMatchObject({
      name: 'SfuStartError',
      code: 'port-in-use',
      port: mediaPort + 1,
    })
    await new Promise<unknown>((resolve) =>
      protocol === 'udp' ? udp.close(() => resolve(0)) : tcp.close(resolve),
    )
    await expect(start({ workers: 2, mediaPort })).resolves.toMatchObject({
      ports: [mediaPort, mediaPort + 1],
    })
  })

  test('an address that is not here and a binary that is missing are told apart', async () => {
    await expect(start({ addresses: [{ ip: '192.0.2.1' }] })).rejects.toMatchObject({
      code: 'address-unavailable',
    })
    await expect(start({ workerBin: '/nowhere/worker' })).rejects.toMatchObject({
      code: 'worker-missing',
      port: null,
    })
  })

  test('an IPv6 address that is not here is done without, with a warning', async () => {
    const warn = vi.fn()
    const sfu = await start({ addresses: [...loopback, { ip: '2001:db8::1' }], log: { ...silent, warn } })
    expect(warn).toHaveBeenCalledTimes(1)
    expect(sfu.workerPids).toHaveLength(1)
  })

  test('the announced address is the one in the candidates', async () => {
    const sfu = await start({ addresses: [{ ip: '127.0.0.1', announced: '203.0.113.7' }] })
    const room = await sfu.createRoom({ onLost: () => undefined })
    const peer = room.addPeer({ peer: peerId('A'), onEvent: () => undefined })
    const { candidates } = await peer.createTransport({ direction: 'send', tcpOnly: false })
    expect(new Set(candidates.map(({ address }) => address))).toEqual(new Set(['203.0.113.7']))
  })

  test('closing ends the processes and frees the ports', async () => {
    const sfu = await start({ workers: 2 })
    const pids = sfu.workerPids
    const [first] = sfu.ports
    await sfu.close()
    expect(pids.map(alive)).toEqual([false, false])
    await expect(start({ workers: 2, mediaPort: first! })).resolves.toBeTruthy()
  })
})

test('a parameter that the worker cannot read does not spoil the worker for others', async () => {
  const sfu = await start()
  const room = await sfu.createRoom({ onLost: () => undefined })
  const peer = room.addPeer({ peer: peerId('A'), onEvent: () => undefined })
  const { transport } = await peer.createTransport({ direction: 'send', tcpOnly: false })
  const rtp = sendParameters('video')
  rtp.codecs[0]!.parameters = { a: null, b: true, c: 1.5, d: 'x' }
  rtp.headerExtensions = [{ uri: 'urn:3gpp:video-orientation', id: 4, parameters: { a: null } }]
  await expect(peer.produce({ transport, kind: 'video', rtp, paused: false })).resolves.toBeTruthy()
  // Twice the same SSRC is the client's fault, and stays its own.
  await expect(peer.produce({ transport, kind: 'video', rtp, paused: false })).rejects.toMatchObject({
    code: 'media-refused',
  })
  await expect(
    peer.connect({ transport, dtls: { fingerprints: [{ algorithm: 'md5', value: 'x' }] } }),
  ).rejects.toMatchObject({ code: 'media-refused' })
  await expect(sfu.createRoom({ onLost: () => undefined })).resolves.toBeTruthy()
})
