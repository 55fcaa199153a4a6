/**
 * The thread that owns a well's socket (packet-well.ts): makes it, ties it to the one sender, empties it, says where it
 * is, and then sleeps until it is to be closed. As it sleeps, no event loop reads the socket, so that packets wait in the
 * kernel for whoever reads them in batches. Must never run again while anybody reads the descriptor.
 */
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { parentPort, workerData } from 'node:worker_threads'
import type { KeeperOrder, KeptSocket } from './packet-well.ts'
import { descriptorOf } from './socket-descriptor.ts'

const { fromPort, bufferBytes, latch } = workerData as KeeperOrder

const socket = createSocket({ type: 'udp4', recvBufferSize: bufferBytes })
socket.bind(0, '127.0.0.1')
await once(socket, 'listening')
// From here on the kernel drops what others send; what they sent before is read and thrown away by the well.
socket.connect(fromPort, '127.0.0.1')
await once(socket, 'connect')
const { port } = socket.address()
const kept: KeptSocket = { port, descriptor: descriptorOf(port), bufferBytes: socket.getRecvBufferSize() }
parentPort?.postMessage(kept)
Atomics.wait(new Int32Array(latch), 0, 0)
socket.close()
