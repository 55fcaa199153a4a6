/**
 * Forwarding with nothing at all: a process that sends each datagram on to every receiver, without encryption, RTP or
 * feedback. What Node and the kernel cost; nobody could forward for less this way.
 */
import { fork } from 'node:child_process'
import type { Socket } from 'node:dgram'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Forwarder } from './forwarder.ts'
import type { PacketMeter } from './packet-meter.ts'

const HOST = '127.0.0.1'
const BUFFER_BYTES = 4 * 1024 * 1024

async function openSocket(): Promise<Socket> {
  const socket = createSocket({ type: 'udp4', recvBufferSize: BUFFER_BYTES })
  socket.bind(0, HOST)
  await once(socket, 'listening')
  return socket
}

export async function openUdpFanout(meter: PacketMeter, receivers: number): Promise<Forwarder> {
  const sockets = await Promise.all(Array.from({ length: receivers }, openSocket))
  for (const socket of sockets) socket.on('message', (packet) => meter.noteReceived(packet))
  const ports = sockets.map((socket) => `${socket.address().port}`)
  const child = fork(fileURLToPath(new URL('./udp-fanout-process.ts', import.meta.url)), ports)
  const [port] = (await once(child, 'message')) as [number]
  const sender = await openSocket()
  let stop = (): void => undefined
  return {
    name: 'bare UDP',
    pids: [child.pid ?? 0],
    emptyBytes: null,
    send: async (track) => {
      stop()
      const unsubscribe = track?.subscribe(({ data }) => {
        meter.noteSent(data)
        sender.send(data, port, HOST)
      })
      stop = () => void unsubscribe?.()
    },
    close: async () => {
      stop()
      child.kill()
      for (const socket of [sender, ...sockets]) socket.close()
    },
  }
}
