/** The process of udp-fanout.ts: sends each datagram to all ports named on its command line, and tells its own. */
import { createSocket } from 'node:dgram'

const ports = process.argv.slice(2).map(Number)
const socket = createSocket({ type: 'udp4', recvBufferSize: 4 * 1024 * 1024 })
socket.on('message', (packet) => {
  for (const port of ports) socket.send(packet, port, '127.0.0.1')
})
socket.bind(0, '127.0.0.1', () => process.send?.(socket.address().port))
process.on('disconnect', () => process.exit())
